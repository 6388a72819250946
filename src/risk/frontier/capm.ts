/** The capital asset pricing model: each asset's β to a portfolio, and its variance split by it (the paper's eq. 3 and 4). */

import { dot, multiply } from '../moments/linearAlgebra.ts';
import type { Opportunities } from './frontier.ts';

/** Arrays are [n], per period. */
export interface BetaSplit {
  /** cov(R_i, R_M)/var(R_M) */
  readonly beta: readonly number[];
  /** β_i²·σ_M² */
  readonly systematicVariance: readonly number[];
  /** σ_i² − β_i²·σ_M² */
  readonly idiosyncraticVariance: readonly number[];
  /** r_f + β_i·(E[R_M] − r_f): what eq. 3 lets the asset earn; its mean exactly where the market is the tangency portfolio. */
  readonly expectedReturn: readonly number[];
}

/** @param marketWeights [n] the portfolio that stands for the market, of positive variance */
export function betaSplit(
  { mean, covariance }: Opportunities,
  marketWeights: readonly number[],
  riskFree: number,
): BetaSplit {
  const withMarket = multiply(covariance, marketWeights);
  const marketVariance = dot(marketWeights, withMarket);
  if (!(marketVariance > 0)) throw new RangeError('the market portfolio has no risk');
  const premium = dot(marketWeights, mean) - riskFree;
  const beta = withMarket.map((value) => value / marketVariance);
  const systematicVariance = beta.map((value) => value * value * marketVariance);
  return {
    beta,
    systematicVariance,
    idiosyncraticVariance: systematicVariance.map((value, i) => covariance[i]![i]! - value),
    expectedReturn: beta.map((value) => riskFree + value * premium),
  };
}
