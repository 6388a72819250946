/**
 * The trading rules of docs/backtest.md and the further rules read word by word: one tick after the other, nothing skipped. Written
 * independently of `src/strategy` (but for the price step and the volatility, which have tests of their own), as its oracle in
 * property tests and as its peer in the benchmark.
 */

import { hashName, philox } from '../../../src/core/random.ts';
import { completeConfig, type StrategyConfig } from '../../../src/strategy/config.ts';
import { priceStep } from '../../../src/strategy/priceStep.ts';
import { trailingVolatilityBps } from '../../../src/strategy/sizing.ts';
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
  readonly size: number;
}

interface Position {
  readonly side: 'long' | 'short';
  readonly tick: number;
  readonly price: number;
  readonly size: number;
  left: number;
  legs: { size: number; price: number; net: number }[];
}

export function literalBacktest(market: Market, given: Float64Array, settings: StrategyConfig): LiteralResult {
  const { bid, ask, sessionStarts, bidSize, askSize } = market;
  const config = completeConfig(settings);
  const prediction = literalForecast(market, given, config.heldForecast, config.strideTicks);
  const lastTick = bid.length - 1;
  const sessionLast = new Int32Array(bid.length);
  sessionStarts.forEach((start, s) => {
    const endExclusive = sessionStarts[s + 1] ?? bid.length;
    sessionLast.fill(endExclusive - 1, start, endExclusive);
  });
  const inSteps = config.slippageTicks > 0 || config.extraTickProbability > 0;
  const step = inSteps ? (config.tickSize ?? priceStep(bid, ask) ?? Number.NaN) : 0;
  const volatility = trailingVolatilityBps(market, config.sizingWindowTicks);
  const trades: Trade[] = [];
  const equity: number[] = [];
  const periodReturns: number[] = [];
  let realised = 0;
  let equityBefore = 0;
  let position: Position | undefined;
  let order: Order | undefined;

  const buyMark = (k: number) => ask[k]! * (1 + config.slippageBps / 1e4) + config.slippageTicks * step;
  const sellMark = (k: number) => bid[k]! * (1 - config.slippageBps / 1e4) - config.slippageTicks * step;
  const unlucky = (k: number, word: 0 | 1) => {
    if (config.extraTickProbability === 0) return false;
    const words = new Uint32Array(4);
    philox(k, 0, 0, hashName(`strategy/extraStep/${market.symbol ?? ''}`), config.executionSeed, 0, words);
    return (words[word]! + 0.5) / 2 ** 32 < config.extraTickProbability;
  };
  const buyFill = (k: number) => (unlucky(k, 0) ? buyMark(k) + step : buyMark(k));
  const sellFill = (k: number) => (unlucky(k, 1) ? sellMark(k) - step : sellMark(k));
  const limit = (sizes: Float64Array | undefined, price: number, k: number) => {
    if (config.betNotional === null || sizes === undefined) return Number.POSITIVE_INFINITY;
    return sizes[k]! > 0 ? (sizes[k]! * price) / config.betNotional : 0;
  };
  const mostBought = (k: number) => limit(askSize, ask[k]!, k);
  const mostSold = (k: number) => limit(bidSize, bid[k]!, k);
  const markAt = (held: Position, k: number) => (held.side === 'long' ? sellMark(k) : buyMark(k));
  const returnAt = (held: Position, price: number) =>
    held.side === 'long' ? price / held.price - 1 : 1 - price / held.price;
  const netAt = (held: Position, price: number) => {
    const fee = config.feeBps / 1e4;
    return returnAt(held, price) - (fee + (fee * price) / held.price);
  };
  /** Fills as much of an exit as is allowed at k. */
  const close = (held: Position, k: number, reason: ExitReason, everything: boolean) => {
    const most = held.side === 'long' ? mostSold(k) : mostBought(k);
    const size = everything ? held.left : Math.min(held.left, most);
    if (size === 0) return;
    const price = held.side === 'long' ? sellFill(k) : buyFill(k);
    const net = size * netAt(held, price);
    held.legs.push({ size, price, net });
    realised += net;
    held.left = size === held.left ? 0 : held.left - size;
    if (held.left > 0) return;
    const total = (of: (leg: Position['legs'][number]) => number) => held.legs.reduce((sum, leg) => sum + of(leg), 0);
    trades.push({
      side: held.side,
      size: held.size,
      entryTick: held.tick,
      exitTick: k,
      entryPrice: held.price,
      exitPrice: held.legs.length === 1 ? price : total((leg) => leg.size * leg.price) / held.size,
      netReturn: total((leg) => leg.net),
      reason,
    });
    position = undefined;
  };

  for (let k = 0; k <= lastTick; k++) {
    const atSessionEnd = k === sessionLast[k];
    const closing = config.flattenAtSessionEnd && atSessionEnd;
    if (order !== undefined && order.due <= k) {
      if (order.reason !== undefined && position !== undefined) close(position, k, order.reason, closing);
      if (position === undefined) {
        if (order.open !== undefined && order.size > 0 && !closing) {
          const size = Math.min(order.size, order.open === 'long' ? mostBought(k) : mostSold(k));
          const price = order.open === 'long' ? buyFill(k) : sellFill(k);
          if (size > 0) position = { side: order.open, tick: k, price, size, left: size, legs: [] };
        }
        order = undefined;
      }
    }
    if (closing) {
      order = undefined;
      if (position !== undefined) close(position, k, 'sessionEnd', true);
    } else if (order === undefined) {
      const wish = decide(k, position);
      const due = k + config.latencyTicks;
      if (wish !== undefined && due <= (config.flattenAtSessionEnd ? sessionLast[k]! : lastTick)) {
        const size = wish.open === undefined ? 0 : sizeAt(k, wish.open);
        if (wish.reason !== undefined || size > 0) order = { due, size, ...wish };
      }
    }
    equity.push(realised + (position === undefined ? 0 : position.left * netAt(position, markAt(position, k))));
    if (atSessionEnd) {
      periodReturns.push(equity[k]! - equityBefore);
      equityBefore = equity[k]!;
    }
  }
  return { periodReturns, trades, equity };

  function surpriseAt(k: number, side: 'long' | 'short'): number {
    const mid = (bid[k]! + ask[k]!) / 2;
    const quote = config.reference === 'mid' ? mid : side === 'long' ? ask[k]! : bid[k]!;
    return 1e4 * (prediction[k]! / quote - 1);
  }

  function sizeAt(k: number, side: 'long' | 'short'): number {
    const surprise = Math.abs(surpriseAt(k, side));
    if (config.sizing === 'unit') return 1;
    if (config.sizing === 'signal') return Math.min(config.maxSize, surprise / config.sizingTargetBps);
    if (config.sizing === 'volatility') return Math.min(config.maxSize, config.sizingTargetBps / volatility[k]!);
    return Math.min(config.maxSize, (config.kellyFraction * 1e4 * surprise) / volatility[k]! ** 2);
  }

  function decide(k: number, held: Position | undefined): Omit<Order, 'due' | 'size'> | undefined {
    const buySignal = surpriseAt(k, 'long') > config.thresholdBps;
    const sellSignal = surpriseAt(k, 'short') < -config.thresholdBps;
    if (held === undefined) {
      if (buySignal) return { reason: undefined, open: 'long' };
      if (sellSignal && config.allowShort) return { reason: undefined, open: 'short' };
      return undefined;
    }
    const unrealisedBps = 1e4 * returnAt(held, markAt(held, k));
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

/** The price a forecast stands for at every tick. */
function literalForecast(
  { bid, ask, sessionStarts }: Market,
  prediction: Float64Array,
  held: 'price' | 'return' | 'none',
  strideTicks: number,
): Float64Array {
  if (held === 'price') return prediction;
  const mid = (k: number) => (bid[k]! + ask[k]!) / 2;
  const starts = new Set(sessionStarts);
  let made: number | undefined;
  return prediction.map((price, k) => {
    if (starts.has(k)) made = undefined;
    if (made === undefined ? !Number.isNaN(price) : k - made >= strideTicks) made = k;
    if (made === undefined) return Number.NaN;
    if (made === k) return price;
    return held === 'none' ? Number.NaN : (prediction[made]! / mid(made)) * mid(k);
  });
}
