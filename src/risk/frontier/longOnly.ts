/**
 * Efficient portfolios without short sales, by a small active-set method: assets enter and leave the portfolio one at a time until
 * none that is out would lower the objective. For some dozens of assets; the closed forms with shorts are in `frontier.ts`.
 */

import { fail } from '../../core/errors.ts';
import { cholesky, multiply, solveCholesky } from '../moments/linearAlgebra.ts';
import { type Opportunities, type Portfolio, portfolioOf, type Tangency, withSharpe } from './frontier.ts';

/** The portfolio of least variance with weights ≥ 0 that sum to 1. */
export function longOnlyMinimumVariance(opportunities: Opportunities): Portfolio {
  return portfolioOf(opportunities, solve(opportunities, 0));
}

/**
 * The portfolio of least variance for a target mean with weights ≥ 0 that sum to 1. Along the frontier the optimal weights are
 * piecewise linear in the risk tolerance τ of min ½wᵀΣw − τμᵀw (Markowitz' critical line), and the mean grows with τ: bisection
 * finds the piece, interpolation the point on it. A target below the mean of the minimum-variance portfolio is reached with τ < 0.
 *
 * @throws UserError `risk/unreachable-mean` beyond the means of the single assets
 */
export function longOnlyAt(opportunities: Opportunities, target: number): Portfolio {
  const { mean } = opportunities;
  const [lowest, highest] = [Math.min(...mean), Math.max(...mean)];
  // A target that was computed from the ends may lie a rounding beyond them.
  const rounding = 4 * Number.EPSILON * Math.max(Math.abs(lowest), Math.abs(highest));
  if (!(target >= lowest - rounding && target <= highest + rounding)) {
    fail('risk/unreachable-mean', `Without short sales only means from ${lowest} to ${highest} can be had.`);
  }
  const targetMean = Math.min(highest, Math.max(lowest, target));
  const meanAt = (weights: readonly number[]) => portfolioOf(opportunities, weights).mean;
  const middle = solve(opportunities, 0);
  const direction = targetMean < meanAt(middle) ? -1 : 1;
  const short = (weights: readonly number[]) => direction * (targetMean - meanAt(weights)) > 0;
  let [near, far] = [0, firstStep(opportunities)];
  // Beyond the last corner the weights no longer change: then the end of the frontier is all there is.
  for (let doubling = 0; doubling < 80 && short(solve(opportunities, direction * far)); doubling++) {
    near = far;
    far *= 2;
  }
  let [left, right] = [solve(opportunities, direction * near), solve(opportunities, direction * far)];
  for (let step = 0; step < 100 && !sameSupport(left, right); step++) {
    const half = (near + far) / 2;
    const weights = solve(opportunities, direction * half);
    if (short(weights)) [near, left] = [half, weights];
    else [far, right] = [half, weights];
  }
  const [from, to] = [meanAt(left), meanAt(right)];
  const share = from === to ? 0 : Math.min(1, Math.max(0, (targetMean - from) / (to - from)));
  return portfolioOf(
    opportunities,
    left.map((weight, i) => weight + share * (right[i]! - weight)),
  );
}

/**
 * The portfolio of highest Sharpe ratio with weights ≥ 0: the scaled solution of min ½yᵀΣy − (μ − r_f)ᵀy, y ≥ 0.
 *
 * @throws UserError `risk/no-tangency` where no asset earns more than r_f
 */
export function longOnlyTangency(opportunities: Opportunities, riskFree: number): Tangency {
  const { mean, covariance } = opportunities;
  const premium = mean.map((value) => value - riskFree);
  if (!premium.some((value) => value > 0)) {
    fail('risk/no-tangency', 'No asset earns more than the risk-free rate.', { hint: 'Lower the risk-free rate.' });
  }
  const exposures = activeSet(covariance, premium, false);
  const total = exposures.reduce((sum, value) => sum + value, 0);
  return withSharpe(
    portfolioOf(
      opportunities,
      exposures.map((value) => value / total),
    ),
    riskFree,
  );
}

/** The weights of min ½wᵀΣw − τμᵀw with weights ≥ 0 that sum to 1. */
function solve({ mean, covariance }: Opportunities, tolerance: number): number[] {
  return activeSet(
    covariance,
    mean.map((value) => tolerance * value),
    true,
  );
}

/** A τ at which return and risk weigh about the same. */
function firstStep({ mean, covariance }: Opportunities): number {
  const spread = Math.max(...mean) - Math.min(...mean);
  return spread > 0 ? Math.max(...covariance.map((row, i) => row[i]!)) / spread : 1;
}

function sameSupport(left: readonly number[], right: readonly number[]): boolean {
  return left.every((weight, i) => weight > 0 === right[i]! > 0);
}

/**
 * Minimises ½wᵀΣw − cᵀw over w ≥ 0, with Σw = 1 where `budget` is set: the primal active-set method (Nocedal & Wright, Numerical
 * Optimization, §16.5).
 */
function activeSet(covariance: Opportunities['covariance'], linear: readonly number[], budget: boolean): number[] {
  const n = linear.length;
  const largest = (values: readonly number[]) => Math.max(...values.map(Math.abs));
  const rounding = 1e-12 * (largest(covariance.map((row, i) => row[i]!)) + largest(linear));
  const best = linear.indexOf(Math.max(...linear));
  let free = [best];
  const weights = new Array<number>(n).fill(0);
  if (budget) weights[best] = 1;
  for (let step = 0; step < 100 * (n + 1); step++) {
    const { target, multiplier } = stationary(covariance, linear, free, budget);
    const blocked = firstBlocked(weights, free, target);
    if (blocked) {
      free.forEach((asset, i) => {
        weights[asset] = weights[asset]! + blocked.share * (target[i]! - weights[asset]!);
      });
      weights[blocked.asset] = 0;
      free = free.filter((asset) => asset !== blocked.asset);
      continue;
    }
    free.forEach((asset, i) => {
      weights[asset] = target[i]!;
    });
    const gradient = multiply(covariance, weights).map((value, i) => value - linear[i]! - multiplier);
    const outside = gradient.map((value, i) => (free.includes(i) ? 0 : value));
    const steepest = Math.min(...outside);
    if (steepest >= -rounding) return weights;
    free.push(outside.indexOf(steepest));
  }
  throw new Error('the active-set method did not end');
}

/** The optimum on the free assets alone, the sign of weights disregarded, and the multiplier of the budget. */
function stationary(
  covariance: Opportunities['covariance'],
  linear: readonly number[],
  free: readonly number[],
  budget: boolean,
): { target: number[]; multiplier: number } {
  const lower = cholesky(free.map((i) => free.map((j) => covariance[i]![j]!)));
  const wanted = solveCholesky(
    lower,
    free.map((i) => linear[i]!),
  );
  if (!budget) return { target: wanted, multiplier: 0 };
  const ones = solveCholesky(
    lower,
    free.map(() => 1),
  );
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const multiplier = (1 - sum(wanted)) / sum(ones);
  return { target: wanted.map((value, i) => value + multiplier * ones[i]!), multiplier };
}

/** The first free asset whose weight would become negative on the way to the target, and how far the way is open. */
function firstBlocked(
  weights: readonly number[],
  free: readonly number[],
  target: readonly number[],
): { asset: number; share: number } | undefined {
  let first: { asset: number; share: number } | undefined;
  free.forEach((asset, i) => {
    if (target[i]! >= 0) return;
    const share = weights[asset]! / (weights[asset]! - target[i]!);
    if (!first || share < first.share) first = { asset, share };
  });
  return first;
}
