/** Many configurations on many prediction variants of one instrument: the bulk of a study's arithmetic, cancellable. */

import type { OnProgress } from '../core/types.ts';
import { nextTask } from '../core/yielding.ts';
import { Account } from './account.ts';
import { emptySplit, trade } from './backtest.ts';
import { type CompleteConfig, checkCompleteConfig, completeConfig, type StrategyConfig } from './config.ts';
import { type Execution, ExecutionDesk } from './execution.ts';
import { isPlain, type Totals, tradePlainly } from './plainTrade.ts';
import { checkMarket, type Signal, signalKey, surprise } from './signal.ts';
import type { Market } from './types.ts';

/** Outcome of C configurations × V prediction variants (V = K + 1 in a study, row 0 the deterministic model). */
export interface BatchResult {
  readonly configs: number;
  readonly variants: number;
  readonly periods: number;
  /** [C, V, P] row-major: change of equity over each return period (a session, unless the market says otherwise), net of all costs */
  readonly periodReturns: Float64Array;
  /** [C, V] positions closed */
  readonly tradeCounts: Int32Array;
  /** [C, V] of them with a net return above 0 */
  readonly winCounts: Int32Array;
  /** [C, V] as in `Activity` */
  readonly heldTicks: Float64Array;
  /** [C, V] */
  readonly exposureTicks: Float64Array;
  /** [C, V] */
  readonly turnover: Float64Array;
  /** [C, V] whole-backtest return at mids: gross − spread − slippage − fees = the sum of the period returns */
  readonly gross: Float64Array;
  /** [C, V] */
  readonly spread: Float64Array;
  /** [C, V] */
  readonly slippage: Float64Array;
  /** [C, V] */
  readonly fees: Float64Array;
}

export interface BatchOptions {
  /** Counts backtests. */
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Longest time between two returns to the event loop, where cancellation arrives (default 40 ms). */
  readonly sliceMs?: number;
}

/**
 * Backtests every configuration on every row of predictions.
 *
 * @param predictions [V, T] row-major; NaN where there is none
 * @throws UserError as `backtest`; an AbortError within a slice of the signal's abort
 */
export async function runBatch(
  market: Market,
  predictions: Float64Array,
  configs: readonly StrategyConfig[],
  { onProgress, signal, sliceMs = 40 }: BatchOptions = {},
): Promise<BatchResult> {
  signal?.throwIfAborted();
  checkMarket(market);
  const complete = configs.map(completeConfig);
  for (const config of complete) checkCompleteConfig(config);
  const tickCount = market.bid.length;
  const periods = (market.periodStarts ?? market.sessionStarts).length;
  const variants = tickCount === 0 ? 0 : predictions.length / tickCount;
  if (!Number.isInteger(variants)) throw new RangeError(`${predictions.length} predictions for rows of ${tickCount}`);
  const cells = configs.length * variants;
  const periodReturns = new Float64Array(cells * periods);
  const result = emptyColumns(cells);
  const desk = new ExecutionDesk(market);
  const executions = complete.map((config) => desk.of(config));

  let sliceEnd = performance.now() + sliceMs;
  let done = 0;
  for (let variant = 0; variant < variants; variant++) {
    const prediction = predictions.subarray(variant * tickCount, (variant + 1) * tickCount);
    const signals = new Map<string, Signal>();
    for (let c = 0; c < configs.length; c++) {
      const config = complete[c]!;
      const key = signalKey(config);
      const known = signals.get(key) ?? surprise(market, prediction, config);
      signals.set(key, known);
      const cell = c * variants + variant;
      const returns = periodReturns.subarray(cell * periods, (cell + 1) * periods);
      const totalsOf = !market.periodStarts && isPlain(config, executions[c]!) ? tradePlainly : tradeByRules;
      const total = totalsOf(market, known, config, executions[c]!, returns);
      for (const column of columns) result[column][cell] = total[totalOf[column]];
      done++;
      if (performance.now() < sliceEnd) continue;
      onProgress?.({ stage: 'Backtesting', done, total: cells, unit: 'backtests' });
      await nextTask();
      signal?.throwIfAborted();
      sliceEnd = performance.now() + sliceMs;
    }
  }
  onProgress?.({ stage: 'Backtesting', done, total: cells, unit: 'backtests' });
  return { configs: configs.length, variants, periods, periodReturns, ...result };
}

/** The columns of a result with one element a backtest, and the total each holds. */
const totalOf = {
  tradeCounts: 'tradeCount',
  winCounts: 'winCount',
  heldTicks: 'heldTicks',
  exposureTicks: 'exposureTicks',
  turnover: 'turnover',
  gross: 'gross',
  spread: 'spread',
  slippage: 'slippage',
  fees: 'fees',
} as const satisfies Partial<Record<keyof BatchResult, keyof Totals>>;

const columns = Object.keys(totalOf) as (keyof typeof totalOf)[];

function emptyColumns(cells: number): Pick<BatchResult, keyof typeof totalOf> {
  const numbers = () => new Float64Array(cells);
  return {
    tradeCounts: new Int32Array(cells),
    winCounts: new Int32Array(cells),
    turnover: numbers(),
    heldTicks: numbers(),
    exposureTicks: numbers(),
    gross: numbers(),
    spread: numbers(),
    slippage: numbers(),
    fees: numbers(),
  };
}

/** Any rules, through an account. */
function tradeByRules(
  market: Market,
  signal: Signal,
  config: CompleteConfig,
  execution: Execution,
  periodReturns: Float64Array,
): Totals {
  const account = new Account(execution, config.feeBps, null);
  const split = emptySplit(1);
  const books = { periodStarts: market.periodStarts ?? market.sessionStarts, periodReturns, costs: null, equity: null };
  trade(market, signal, config, execution, account, books);
  const lastTick = market.bid.length - 1;
  account.writeSplit(lastTick, split, 0);
  const { gross, spread, slippage, fees } = split;
  return {
    ...account.activity(lastTick),
    gross: gross[0]!,
    spread: spread[0]!,
    slippage: slippage[0]!,
    fees: fees[0]!,
  };
}
