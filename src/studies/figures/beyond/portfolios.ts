/** Weights over assets, from what each asset's bets earned before: no day's weight knows that day or a later one. */

import { cholesky, solveCholesky } from '../../../risk/moments/linearAlgebra.ts';
import { mean } from '../../../risk/moments/statistics.ts';

export const weightings = ['equal', 'inverse variance', 'mean-variance, shrunk'] as const;
export type Weighting = (typeof weightings)[number];

/** Days of returns before weights differ from equal ones. */
const WARM_UP = 5;
/** Of the sample covariance towards its diagonal (in the manner of Ledoit & Wolf, with a fixed share): few days know no correlation well. */
const SHRINKAGE = 0.5;

/**
 * Daily returns of a portfolio of one configuration's bets on several assets, rebalanced daily on all days before. Weights add up to 1 and are
 * never negative.
 *
 * @param byAsset [A][D]
 */
export function portfolioReturns(byAsset: readonly ArrayLike<number>[], weighting: Weighting): Float64Array {
  const days = byAsset[0]?.length ?? 0;
  return Float64Array.from({ length: days }, (_, day) => {
    const weights = weightsBefore(byAsset, day, weighting);
    return byAsset.reduce((sum, own, a) => sum + weights[a]! * own[day]!, 0);
  });
}

export function weightsBefore(byAsset: readonly ArrayLike<number>[], day: number, weighting: Weighting): number[] {
  const equal = byAsset.map(() => 1 / byAsset.length);
  if (weighting === 'equal' || day < WARM_UP) return equal;
  const past = byAsset.map((own) => Array.from({ length: day }, (_, d) => own[d]!));
  const means = past.map(mean);
  const covariance = past.map((a, i) =>
    past.map((b, j) => a.reduce((sum, value, d) => sum + (value - means[i]!) * (b[d]! - means[j]!), 0) / (day - 1)),
  );
  // An asset that never moved says nothing about its risk.
  if (covariance.some((row, i) => !(row[i]! > 0))) return equal;
  if (weighting === 'inverse variance')
    return normalised(
      covariance.map((row, i) => 1 / row[i]!),
      equal,
    );
  const shrunk = covariance.map((row, i) => row.map((value, j) => (i === j ? value : (1 - SHRINKAGE) * value)));
  const solved = solveCholesky(cholesky(shrunk), means);
  return normalised(
    solved.map((weight) => Math.max(0, weight)),
    equal,
  );
}

function normalised(weights: readonly number[], otherwise: number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum > 0 ? weights.map((weight) => weight / sum) : otherwise;
}
