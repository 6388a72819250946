/**
 * The backtest of one strategy on one instrument (DESIGN §6), written as a walk from event to event: between two fills nothing
 * but a comparison of precomputed columns happens, so the same rules as the tick-by-tick reading cost a fraction of it.
 *
 * What the rules leave open, decided as the reference cases have it:
 * - Stop loss and take profit see the unrealised return at the liquidation price *with* slippage, *before* fees.
 * - At the tick of a fill the next decision is made already (the fill comes first).
 * - A position marked at a period's end is marked with slippage and with both fees.
 * - A position still open at the end of the data is in the returns but not among the trades; it is reported as `openPosition`.
 * - A reversal due exactly at the last tick of a flattened session closes (`reverse`); its new side is dropped.
 * - With crossed quotes and `reference: touch` a tick can be both a buy and a sell: the buy wins.
 */

import { Account } from './account.ts';
import { checkConfig, type StrategyConfig } from './config.ts';
import { checkMarket, type Signal, surprise } from './signal.ts';
import type { BacktestResult, CostSplit, ExitReason, Market, Trade } from './types.ts';

/**
 * Backtests one configuration.
 *
 * @param prediction [T] predicted mid formed from data up to and including each tick; NaN where there is none
 * @param options.trades also list every closed position (default: count them only)
 * @throws UserError for a configuration out of range, or a tick without a usable quote
 */
export function backtest(
  market: Market,
  prediction: Float64Array,
  config: StrategyConfig,
  options: { readonly trades?: boolean } = {},
): BacktestResult {
  checkMarket(market);
  checkConfig(config);
  const sessions = market.sessionStarts.length;
  const periodReturns = new Float64Array(sessions);
  const costs = emptySplit(sessions);
  const trades: Trade[] | null = options.trades ? [] : null;
  const account = new Account(market, config, trades);
  trade(market, surprise(market, prediction, config.reference), config, account, periodReturns, costs);
  for (const column of Object.values(costs)) differences(column);
  return { periodReturns, tradeCount: account.tradeCount, costs, trades, openPosition: account.openPosition() };
}

/**
 * The trading loop, for callers that have checked their inputs and computed the signal (`backtest`, `runBatch`).
 *
 * @param account fresh; holds the outcome afterwards
 * @param periodReturns [S] is overwritten with the change of equity over each session
 * @param costs [S] columns to be overwritten with the *cumulative* split at each session's end, or null
 */
export function trade(
  market: Market,
  signal: Signal,
  config: StrategyConfig,
  account: Account,
  periodReturns: Float64Array,
  costs: CostSplit | null,
): void {
  const { sessionStarts } = market;
  const tickCount = market.bid.length;
  const flatten = config.flattenAtSessionEnd;
  let period = 0;
  let equityBefore = 0;

  /** Closes the books of every session that ends before `tick`, with the position as it is. */
  const settleBefore = (tick: number): void => {
    while (period < sessionStarts.length) {
      const lastTick = (sessionStarts[period + 1] ?? tickCount) - 1;
      if (lastTick >= tick) return;
      const equity = account.equity(lastTick);
      periodReturns[period] = equity - equityBefore;
      if (costs) account.writeSplit(lastTick, costs, period);
      equityBefore = equity;
      period++;
    }
  };

  // Without flattening, sessions only cut the equity into periods: orders and positions live in one span over all of them.
  const spans = flatten ? sessionStarts.length : Math.min(1, sessionStarts.length);
  for (let span = 0; span < spans; span++) {
    const last = (flatten ? (sessionStarts[span + 1] ?? tickCount) : tickCount) - 1;
    // Orders fill at decision + latency and must fill within the span, so nothing is decided after this tick.
    const lastDecision = last - config.latencyTicks;
    let tick = flatten ? sessionStarts[span]! : 0;
    while (true) {
      let nextSide: -1 | 0 | 1;
      let reason: ExitReason | undefined;
      if (account.side === 0) {
        tick = findEntry(signal, config, tick, lastDecision);
        if (tick > lastDecision) break;
        nextSide = signal.buyBps[tick]! > config.thresholdBps ? 1 : -1;
      } else {
        tick = findExit(market, signal, config, account, tick, lastDecision);
        if (tick > lastDecision) break;
        reason = exitReason(signal, config, account, tick);
        const opposite = account.side > 0 ? -1 : 1;
        nextSide = reason === 'reverse' && (opposite > 0 || config.allowShort) ? opposite : 0;
      }
      tick += config.latencyTicks;
      settleBefore(tick);
      if (reason) account.close(tick, reason);
      if (nextSide !== 0 && !(flatten && tick === last)) account.open(nextSide, tick);
    }
    if (flatten && account.side !== 0) account.close(last, 'sessionEnd');
    if (flatten) settleBefore(last + 1);
  }
  settleBefore(tickCount);
}

/** First tick in [from, to] (inclusive) with an entry signal; a tick beyond `to` where there is none. */
function findEntry(signal: Signal, config: StrategyConfig, from: number, to: number): number {
  const { buyBps, sellBps } = signal;
  const threshold = config.thresholdBps;
  const floor = config.allowShort ? -threshold : Number.NEGATIVE_INFINITY;
  let tick = from;
  while (tick <= to && !(buyBps[tick]! > threshold) && !(sellBps[tick]! < floor)) tick++;
  return tick;
}

/** Slack of the screening levels below, as a return: far above rounding errors, far below any price step. */
const SLACK = 1e-12;

/**
 * First tick in [from, to] (inclusive) at which the open position is to be left; a tick beyond `to` where there is none.
 * Ticks are screened against price levels, which needs no division; the rule itself, which divides, then decides the ties.
 */
function findExit(
  market: Market,
  signal: Signal,
  config: StrategyConfig,
  account: Account,
  from: number,
  to: number,
): number {
  const long = account.side > 0;
  const quote = long ? market.bid : market.ask;
  const stop = config.stopLossBps ?? Number.POSITIVE_INFINITY;
  const take = config.takeProfitBps ?? Number.POSITIVE_INFINITY;
  const breakEven = account.entryPrice / (1 + ((long ? -1 : 1) * config.slippageBps) / 10_000);
  const low = breakEven * (1 - (long ? stop : take) / 10_000 + SLACK);
  const high = breakEven * (1 + (long ? take : stop) / 10_000 - SLACK);
  const holdEnd = account.entryTick + (config.maxHoldTicks ?? Number.POSITIVE_INFINITY);
  const against = long ? signal.sellBps : signal.buyBps;
  const floor = config.exitOnReverse && long ? -config.thresholdBps : Number.NEGATIVE_INFINITY;
  const ceiling = config.exitOnReverse && !long ? config.thresholdBps : Number.POSITIVE_INFINITY;
  for (let tick = from; tick <= to; tick++) {
    const price = quote[tick]!;
    const surpriseBps = against[tick]!;
    if (price > low && price < high && tick < holdEnd && !(surpriseBps < floor) && !(surpriseBps > ceiling)) continue;
    if (exitReason(signal, config, account, tick)) return tick;
  }
  return to + 1;
}

/** The exit rules in their order of precedence, exactly as stated: the first match wins. */
function exitReason(signal: Signal, config: StrategyConfig, account: Account, tick: number): ExitReason | undefined {
  const unrealisedBps = 10_000 * account.unrealisedReturn(tick);
  if (config.stopLossBps !== null && unrealisedBps <= -config.stopLossBps) return 'stopLoss';
  if (config.takeProfitBps !== null && unrealisedBps >= config.takeProfitBps) return 'takeProfit';
  if (config.maxHoldTicks !== null && tick - account.entryTick >= config.maxHoldTicks) return 'maxHold';
  if (!config.exitOnReverse) return undefined;
  const opposite =
    account.side > 0 ? signal.sellBps[tick]! < -config.thresholdBps : signal.buyBps[tick]! > config.thresholdBps;
  return opposite ? 'reverse' : undefined;
}

/** Columns for `length` periods, all zero. */
export function emptySplit(length: number): CostSplit {
  const column = () => new Float64Array(length);
  return { gross: column(), spread: column(), slippage: column(), fees: column() };
}

/** Turns cumulative values into their changes, in place. */
function differences(values: Float64Array): void {
  for (let i = values.length - 1; i > 0; i--) values[i] = values[i]! - values[i - 1]!;
}
