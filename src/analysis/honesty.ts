/**
 * How far the best configuration of a run can be believed, given that many were tried. Strategies are judged by the deterministic
 * model's daily returns: what someone would trade.
 */

import { toProblem, UserError, type UserProblem } from '../core/errors.ts';
import type { MarketLineResult } from '../marketLine/marketLineResult.ts';
import { type Overfitting, probabilityOfOverfitting } from '../risk/inference/overfitting.ts';
import { checkReality, type RealityCheck } from '../risk/inference/realityCheck.ts';
import { type DeflatedSharpe, deflatedSharpe, minimumTrackRecord } from '../risk/inference/sharpeSignificance.ts';
import { defaultPeriodBootstrap } from '../risk/resampling/bootstrap.ts';

export interface Honesty {
  /** Configurations of this run that traded on finite returns, in the order of the arrays below. */
  readonly counted: readonly number[];
  /** Configurations left out because a return is not finite. */
  readonly leftOut: readonly number[];
  /** `best` indexes `counted`; ratios per day. Null where no configuration has risk. */
  readonly deflated: DeflatedSharpe | null;
  /** Days of the same Sharpe ratio after which the best one is 95 % sure to exceed zero; infinite where it is not above zero. */
  readonly daysNeeded: number | null;
  readonly overfitting: (Omit<Overfitting, 'logits'> & { readonly blocks: number }) | UserProblem;
  /** Against earning the risk-free rate. */
  readonly reality: (RealityCheck & { readonly blockPeriods: number; readonly replicates: number }) | UserProblem;
}

const MOST_BLOCKS = 16;
const REALITY_REPLICATES = 1999;

/** @param triedBefore configurations of earlier runs of the session, counted as trials too */
export function honestyOf(result: MarketLineResult, seed: number, triedBefore: number): Honesty {
  const { riskFreePerPeriod: riskFree, configurations, periods } = result;
  const traded = configurations.filter((point) => point.traded).map((point) => point.index);
  const series = new Map(traded.map((index) => [index, deterministicReturns(result, index)]));
  const counted = traded.filter((index) => series.get(index)!.every(Number.isFinite));
  const strategies = counted.map((index) => series.get(index)!);
  const deflated = deflatedSharpe(strategies, riskFree, triedBefore);
  const blockPeriods = blockLengthOf(result);
  return {
    counted,
    leftOut: traded.filter((index) => !counted.includes(index)),
    deflated,
    daysNeeded: deflated && minimumTrackRecord(strategies[deflated.best]!, riskFree, 0, 0.95),
    overfitting: attempt(() => {
      if (strategies.length < 2) throw tooFew(strategies.length, 2);
      const blocks = Math.max(2, Math.min(MOST_BLOCKS, 2 * Math.floor(periods.length / 4)));
      const { probability, probabilityOfLoss } = probabilityOfOverfitting(strategies, riskFree, blocks);
      return { probability, probabilityOfLoss, blocks };
    }),
    reality: attempt(() => {
      if (strategies.length < 1 || periods.length < 5) throw tooFew(strategies.length, 1);
      const advantages = strategies.map((returns) => returns.map((value) => value - riskFree));
      const { scheme } = defaultPeriodBootstrap;
      const options = { seed, replicates: REALITY_REPLICATES, scheme, blockLength: blockPeriods };
      return { ...checkReality(advantages, options), blockPeriods, replicates: REALITY_REPLICATES };
    }),
  };
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
