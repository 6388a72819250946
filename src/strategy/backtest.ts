/**
 * The backtest of one strategy on one instrument (docs/backtest.md), written as a walk from event to event: between two fills nothing
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
import { type CompleteConfig, checkConfig, completeConfig, type StrategyConfig } from './config.ts';
import { type Execution, ExecutionDesk } from './execution.ts';
import { ENDLESS, nextEntry, nextExit } from './search.ts';
import { checkMarket, type Signal, surprise } from './signal.ts';
import { positionSize } from './sizing.ts';
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
  const periodStarts = market.periodStarts ?? market.sessionStarts;
  const periodReturns = new Float64Array(periodStarts.length);
  const costs = emptySplit(periodStarts.length);
  const trades: Trade[] | null = options.trades ? [] : null;
  const complete = completeConfig(config);
  const execution = new ExecutionDesk(market).of(complete);
  const account = new Account(execution, config.feeBps, trades);
  const books = { periodStarts, periodReturns, costs, equity: null };
  trade(market, surprise(market, prediction, complete), complete, execution, account, books);
  for (const column of Object.values(costs)) differences(column);
  return {
    periodReturns,
    tradeCount: account.tradeCount,
    activity: account.activity(market.bid.length - 1),
    costs,
    trades,
    openPosition: account.openPosition(),
  };
}

/** Where the trading loop writes. */
export interface Books {
  /** [P] first tick of each period of return, ascending from 0: sessions, or anything finer */
  readonly periodStarts: Int32Array;
  /** [P] is overwritten with the change of equity over each period */
  readonly periodReturns: Float64Array;
  /** [P] columns to be overwritten with the *cumulative* split at each period's end, or null */
  readonly costs: CostSplit | null;
  /** [P] is overwritten with the equity at each period's end; or null */
  readonly equity: Float64Array | null;
}

/**
 * The trading loop, for callers that have checked their inputs and computed the signal (`backtest`, `runBatch`).
 *
 * @param account fresh; holds the outcome afterwards
 */
export function trade(
  market: Market,
  signal: Signal,
  config: CompleteConfig,
  execution: Execution,
  account: Account,
  books: Books,
): void {
  const { sessionStarts } = market;
  const tickCount = market.bid.length;
  const flatten = config.flattenAtSessionEnd;
  const bookkeeper = new Bookkeeper(tickCount, account, books);
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
        tick = nextEntry(signal, config, tick, lastDecision);
        if (tick > lastDecision) break;
        nextSide = signal.buyBps[tick]! > config.thresholdBps ? 1 : -1;
      } else {
        tick = findExit(execution, signal, config, account, tick, lastDecision);
        if (tick > lastDecision) break;
        reason = exitReason(signal, config, account, tick);
        const opposite = account.side > 0 ? -1 : 1;
        nextSide = reason === 'reverse' && (opposite > 0 || config.allowShort) ? opposite : 0;
      }
      const size = nextSide === 0 ? 0 : sizeOf(signal, config, execution, nextSide, tick);
      if (reason === undefined && !(size > 0)) {
        tick++;
        continue;
      }
      tick += config.latencyTicks;
      bookkeeper.settleBefore(tick);
      if (reason) {
        while (!account.close(tick, reason, flatten && tick === last) && tick < last) bookkeeper.settleBefore(++tick);
        if (account.side !== 0) break;
      }
      if (size > 0 && !(flatten && tick === last)) account.open(nextSide > 0 ? 1 : -1, tick, size);
    }
    if (!flatten) continue;
    bookkeeper.settleBefore(last);
    if (account.side !== 0) account.close(last, 'sessionEnd', true);
    bookkeeper.settleBefore(last + 1);
  }
  bookkeeper.settleBefore(tickCount);
}

/** Cuts the equity into periods. */
class Bookkeeper {
  private period = 0;
  private equityBefore = 0;
  /** Last tick of the period that is open; beyond the data once all are settled. */
  private lastTick: number;

  constructor(
    private readonly tickCount: number,
    private readonly account: Account,
    private readonly books: Books,
  ) {
    this.lastTick = this.endOf(0);
  }

  /** Closes the books of every period that ends before `tick`, with the position as it is. */
  settleBefore(tick: number): void {
    while (this.lastTick < tick) {
      const { periodReturns, costs, equity: curve } = this.books;
      const equity = this.account.equity(this.lastTick);
      periodReturns[this.period] = equity - this.equityBefore;
      if (costs) this.account.writeSplit(this.lastTick, costs, this.period);
      if (curve) curve[this.period] = equity;
      this.equityBefore = equity;
      this.lastTick = this.endOf(++this.period);
    }
  }

  private endOf(period: number): number {
    const { periodStarts } = this.books;
    if (period >= periodStarts.length) return Number.POSITIVE_INFINITY;
    return (periodStarts[period + 1] ?? this.tickCount) - 1;
  }
}

function sizeOf(signal: Signal, config: CompleteConfig, execution: Execution, side: -1 | 1, tick: number): number {
  if (config.sizing === 'unit') return 1;
  const surpriseBps = side > 0 ? signal.buyBps[tick]! : signal.sellBps[tick]!;
  return positionSize(config, surpriseBps, execution.volatilityBps?.[tick] ?? Number.NaN);
}

/** Slack of the screening levels below, as a return: far above rounding errors, far below any price step. */
const SLACK = 1e-12;

/**
 * First tick in [from, to] (inclusive) at which the open position is to be left; a tick beyond `to` where there is none.
 * Ticks are screened against price levels, which needs no division; the rule itself, which divides, then decides the ties.
 */
function findExit(
  execution: Execution,
  signal: Signal,
  config: CompleteConfig,
  account: Account,
  from: number,
  to: number,
): number {
  const long = account.side > 0;
  const stop = config.stopLossBps ?? Number.POSITIVE_INFINITY;
  const take = config.takeProfitBps ?? Number.POSITIVE_INFINITY;
  const low = account.entryPrice * (1 - (long ? stop : take) / 10_000 + SLACK);
  const high = account.entryPrice * (1 + (long ? take : stop) / 10_000 - SLACK);
  const floor = config.exitOnReverse && long ? -config.thresholdBps : Number.NEGATIVE_INFINITY;
  const ceiling = config.exitOnReverse && !long ? config.thresholdBps : Number.POSITIVE_INFINITY;
  const holdEnd = account.entryTick + Math.min(config.maxHoldTicks ?? ENDLESS, ENDLESS);
  const marks = long ? execution.sellMark : execution.buyMark;
  const pyramid = long ? execution.sellPyramid : execution.buyPyramid;
  for (let tick = from; tick <= to; tick++) {
    // At the end of the longest hold the position is left whatever the quotes say.
    const searched = holdEnd <= to ? holdEnd - 1 : to;
    if (tick <= searched) tick = nextExit(marks, pyramid, signal, low, high, floor, ceiling, long, tick, searched);
    if (tick <= to && exitReason(signal, config, account, tick)) return tick;
  }
  return to + 1;
}

/** The exit rules in their order of precedence, exactly as stated: the first match wins. */
function exitReason(signal: Signal, config: CompleteConfig, account: Account, tick: number): ExitReason | undefined {
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
