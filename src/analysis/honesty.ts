/**
 * How far the best configuration of a run can be believed, given that many were tried. Strategies are judged by the deterministic
 * model's daily returns: what someone would trade.
 */

import { toProblem, UserError, type UserProblem } from '../core/errors.ts';
import type { MarketLineResult } from '../marketLine/marketLineResult.ts';
import { type DeflatedSharpe, deflateBest, type ManyStrategies, testMany } from '../risk/inference/manyStrategies.ts';
import { type Overfitting, probabilityOfOverfitting } from '../risk/inference/overfitting.ts';
import { dailySharpe, type SharpeInference, sharpeInference } from '../risk/inference/sharpe.ts';
import { varies } from '../risk/moments/statistics.ts';
import { defaultPeriodBootstrap } from '../risk/resampling/bootstrap.ts';
import { orderedDraws } from '../risk/resampling/dayResampling.ts';

export interface Honesty {
  /** Configurations of this run that traded on finite returns, in the order of the arrays below. */
  readonly counted: readonly number[];
  /** Configurations left out because a return is not finite. */
  readonly leftOut: readonly number[];
  /** `best` indexes `counted`; ratios per day. Null where no configuration has risk. */
  readonly deflated: DeflatedSharpe | null;
  /** Its ratio with all errors; null where no configuration has risk. */
  readonly best: SharpeInference | null;
  /** Periods of the same Sharpe ratio after which the best one is 95 % sure to exceed zero; infinite where it is not above zero. */
  readonly daysNeeded: number | null;
  readonly overfitting:
    | (Omit<Overfitting, 'logits'> & { readonly blocks: number; readonly left: number })
    | UserProblem;
  /** Against earning the risk-free rate; strategies index `counted`. */
  readonly reality: (ManyStrategies & { readonly blockPeriods: number; readonly replicates: number }) | UserProblem;
  /** Chosen on the first half of the periods, paid on the second; null where neither half has risk. */
  readonly halves: ChosenAndPaid | null;
}

/** What somebody gets who chooses the best configuration of the first half, a few periods before the second begins. */
export interface ChosenAndPaid {
  /** Index of the configuration. */
  readonly configuration: number;
  /** Ratios per period; null where it does nothing in the second half. */
  readonly chosen: number;
  readonly paid: number | null;
  /** Of the second half's own best, in hindsight. */
  readonly hindsight: number | null;
  /** Periods between the halves that count for neither. */
  readonly purged: number;
}

const MOST_BLOCKS = 16;
const REALITY_REPLICATES = 1999;
const CONFIDENCE = 0.95;

/** @param triedBefore configurations of earlier runs of the session, counted as trials too */
export function honestyOf(result: MarketLineResult, seed: number, triedBefore: number): Honesty {
  const { riskFreePerPeriod: riskFree, configurations, periods } = result;
  const traded = configurations.filter((point) => point.traded).map((point) => point.index);
  const series = new Map(traded.map((index) => [index, deterministicReturns(result, index)]));
  const counted = traded.filter((index) => series.get(index)!.every(Number.isFinite));
  const strategies = counted.map((index) => series.get(index)!);
  const blockPeriods = blockLengthOf(result);
  const { scheme } = defaultPeriodBootstrap;
  const blocks = { seed, name: 'bootstrap/reality', scheme, blockLength: blockPeriods };
  const draws = { count: REALITY_REPLICATES, orderOf: orderedDraws(blocks, periods.length) };
  const deflated = deflateBest(strategies, riskFree, CONFIDENCE, draws, triedBefore);
  const best =
    deflated &&
    sharpeInference(strategies[deflated.best]!, {
      riskFree,
      periodsPerYear: result.periodsPerYear,
      benchmarkSharpe: 0,
      confidence: CONFIDENCE,
    });
  return {
    counted,
    leftOut: traded.filter((index) => !counted.includes(index)),
    deflated,
    best,
    daysNeeded: best && (best.minimumTrackRecord ?? Number.POSITIVE_INFINITY),
    overfitting: attempt(() => {
      const distinct = distinctOf(strategies);
      if (distinct.length < 2) throw tooFew(distinct.length, 2);
      const blocks = Math.max(2, Math.min(MOST_BLOCKS, 2 * Math.floor(periods.length / 4)));
      const { probability, probabilityOfLoss } = probabilityOfOverfitting(distinct, riskFree, blocks);
      return { probability, probabilityOfLoss, blocks, left: strategies.length - distinct.length };
    }),
    reality: attempt(() => {
      if (strategies.length < 1 || periods.length < 5) throw tooFew(strategies.length, 1);
      const advantages = strategies.map((returns) => returns.map((value) => value - riskFree));
      const many = testMany(advantages, draws);
      if (!many) throw tooFew(0, 1);
      return { ...many, blockPeriods, replicates: REALITY_REPLICATES };
    }),
    halves: chooseAndPay(counted, strategies, riskFree, blockPeriods),
  };
}

/** Strategies that do something, each once: one that behaves as another is no second chance. */
function distinctOf(strategies: readonly Float64Array[]): Float64Array[] {
  const seen = new Set<string>();
  return strategies.filter((returns) => {
    const name = returns.join();
    if (!varies(returns) || seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

/** @param purge periods before the second half that are left out, so that no block lies in both */
function chooseAndPay(
  counted: readonly number[],
  strategies: readonly Float64Array[],
  riskFree: number,
  purge: number,
): ChosenAndPaid | null {
  const periods = strategies[0]?.length ?? 0;
  const half = Math.floor(periods / 2);
  const purged = Math.min(Math.ceil(purge), Math.max(0, half - 2));
  const ratio = (returns: Float64Array): number | null => (varies(returns) ? dailySharpe(returns, riskFree) : null);
  const inside = strategies.map((returns) => ratio(returns.subarray(0, half - purged)));
  const outside = strategies.map((returns) => ratio(returns.subarray(half)));
  const largest = (ratios: readonly (number | null)[]): number | null =>
    ratios.reduce((best, value) => (value !== null && (best === null || value > best) ? value : best), null);
  const chosen = largest(inside);
  if (chosen === null) return null;
  const at = inside.indexOf(chosen);
  return { configuration: counted[at]!, chosen, paid: outside[at]!, hindsight: largest(outside), purged };
}

/** [D] of the model without dropout; a view. */
export function deterministicReturns(
  { periodReturns, variants, periods }: Pick<MarketLineResult, 'periodReturns' | 'variants' | 'periods'>,
  configuration: number,
): Float64Array {
  const start = configuration * (variants + 1) * periods.length;
  return periodReturns.subarray(start, start + periods.length);
}

/** The block length of the run's slopes; T^(1/3) where they have none. */
export function blockLengthOf({ intervals, periods }: Pick<MarketLineResult, 'intervals' | 'periods'>): number {
  const { leastSquares } = intervals.aleatory;
  const chosen = leastSquares.kind === 'interval' ? leastSquares.blockPeriods : null;
  return chosen ?? Math.max(1, Math.round(Math.cbrt(periods.length)));
}

function tooFew(found: number, needed: number): UserError {
  return new UserError({
    code: 'risk/too-few-strategies',
    message: `This needs at least ${needed} configurations that trade and 5 days; ${found} trade.`,
    hint: 'Lower the thresholds, draw more configurations, or use more days.',
  });
}

function attempt<T>(of: () => T): T | UserProblem {
  try {
    return of();
  } catch (caught) {
    if (caught instanceof UserError) return toProblem(caught);
    throw caught;
  }
}
