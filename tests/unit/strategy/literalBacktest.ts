/**
 * The trading rules of DESIGN §6 read word by word: one tick after the other, nothing precomputed, nothing skipped. Written
 * independently of `src/strategy`, as its oracle in property tests and as its peer in the benchmark.
 */

import type { StrategyConfig } from '../../../src/strategy/config.ts';
import type { ExitReason, Market, Trade } from '../../../src/strategy/types.ts';

export interface LiteralResult {
  readonly periodReturns: number[];
  readonly trades: Trade[];
  /** [T] equity after each tick's fills, marked to market */
  readonly equity: number[];
}

interface Order {
  readonly due: number;
  /** Why the open position is to be closed; undefined where the order only opens. */
  readonly reason: ExitReason | undefined;
  readonly open: 'long' | 'short' | undefined;
}

interface Position {
  readonly side: 'long' | 'short';
  readonly tick: number;
  readonly price: number;
}

export function literalBacktest(market: Market, prediction: Float64Array, config: StrategyConfig): LiteralResult {
  const { bid, ask, sessionStarts } = market;
  const lastTick = bid.length - 1;
  const sessionLast = new Int32Array(bid.length);
  sessionStarts.forEach((start, s) => {
    const endExclusive = sessionStarts[s + 1] ?? bid.length;
    sessionLast.fill(endExclusive - 1, start, endExclusive);
  });
  const trades: Trade[] = [];
  const equity: number[] = [];
  const periodReturns: number[] = [];
  let realised = 0;
  let equityBefore = 0;
  let position: Position | undefined;
  let order: Order | undefined;

  const buyAt = (k: number) => ask[k]! * (1 + config.slippageBps / 1e4);
  const sellAt = (k: number) => bid[k]! * (1 - config.slippageBps / 1e4);
  const exitAt = (held: Position, k: number) => (held.side === 'long' ? sellAt(k) : buyAt(k));
  const grossAt = (held: Position, k: number) =>
    held.side === 'long' ? exitAt(held, k) / held.price - 1 : 1 - exitAt(held, k) / held.price;
  const netAt = (held: Position, k: number) => {
    const fee = config.feeBps / 1e4;
    return grossAt(held, k) - (fee + (fee * exitAt(held, k)) / held.price);
  };
  const close = (held: Position, k: number, reason: ExitReason) => {
    const netReturn = netAt(held, k);
    trades.push({
      side: held.side,
      entryTick: held.tick,
      exitTick: k,
      entryPrice: held.price,
      exitPrice: exitAt(held, k),
      netReturn,
      reason,
    });
    realised += netReturn;
    position = undefined;
  };

  for (let k = 0; k <= lastTick; k++) {
    const atSessionEnd = k === sessionLast[k];
    if (order !== undefined && order.due === k) {
      if (order.reason !== undefined && position !== undefined) close(position, k, order.reason);
      if (order.open !== undefined && !(config.flattenAtSessionEnd && atSessionEnd)) {
        position = { side: order.open, tick: k, price: order.open === 'long' ? buyAt(k) : sellAt(k) };
      }
      order = undefined;
    }
    if (config.flattenAtSessionEnd && atSessionEnd) {
      order = undefined;
      if (position !== undefined) close(position, k, 'sessionEnd');
    } else if (order === undefined) {
      const wish = decide(k, position);
      const due = k + config.latencyTicks;
      if (wish !== undefined && due <= (config.flattenAtSessionEnd ? sessionLast[k]! : lastTick)) {
        order = { due, ...wish };
      }
    }
    equity.push(realised + (position === undefined ? 0 : netAt(position, k)));
    if (atSessionEnd) {
      periodReturns.push(equity[k]! - equityBefore);
      equityBefore = equity[k]!;
    }
  }
  return { periodReturns, trades, equity };

  function decide(k: number, held: Position | undefined): Omit<Order, 'due'> | undefined {
    const mid = (bid[k]! + ask[k]!) / 2;
    const buySignal = 1e4 * (prediction[k]! / (config.reference === 'mid' ? mid : ask[k]!) - 1) > config.thresholdBps;
    const sellSignal = 1e4 * (prediction[k]! / (config.reference === 'mid' ? mid : bid[k]!) - 1) < -config.thresholdBps;
    if (held === undefined) {
      if (buySignal) return { reason: undefined, open: 'long' };
      if (sellSignal && config.allowShort) return { reason: undefined, open: 'short' };
      return undefined;
    }
    const unrealisedBps = 1e4 * grossAt(held, k);
    if (config.stopLossBps !== null && unrealisedBps <= -config.stopLossBps)
      return { reason: 'stopLoss', open: undefined };
    if (config.takeProfitBps !== null && unrealisedBps >= config.takeProfitBps) {
      return { reason: 'takeProfit', open: undefined };
    }
    if (config.maxHoldTicks !== null && k - held.tick >= config.maxHoldTicks)
      return { reason: 'maxHold', open: undefined };
    if (config.exitOnReverse && held.side === 'long' && sellSignal) {
      return { reason: 'reverse', open: config.allowShort ? 'short' : undefined };
    }
    if (config.exitOnReverse && held.side === 'short' && buySignal) return { reason: 'reverse', open: 'long' };
    return undefined;
  }
}
