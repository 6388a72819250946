/**
 * Markowitz' efficient frontier (the paper's eq. 1) and the capital market line (eq. 2) in closed form, shorts allowed. Works on assets
 * and on strategies alike. For long-only portfolios see `longOnly.ts`.
 */

import { fail } from '../../core/errors.ts';
import { cholesky, dot, type Matrix, multiply, solveCholesky } from '../moments/linearAlgebra.ts';
import { mean as meanOf } from '../moments/statistics.ts';

/** Expected returns and covariance per period. */
export interface Opportunities {
  /** [n] */
  readonly mean: readonly number[];
  /** [n, n] symmetric */
  readonly covariance: Matrix;
}

/** A fully invested portfolio: weights sum to 1. */
export interface Portfolio {
  /** [n] */
  readonly weights: readonly number[];
  readonly mean: number;
  readonly stdev: number;
}

export interface Tangency extends Portfolio {
  /** (mean − r_f)/stdev, per period */
  readonly sharpe: number;
}

/** Solves for portfolios of one set of opportunities; the covariance is factorised once. */
export interface Frontier {
  readonly minimumVariance: Portfolio;
  /**
   * The portfolio of least variance for a target mean: w = Σ⁻¹((C − Bμ_p)·1 + (Aμ_p − B)·μ)/(AC − B²) with A = 1ᵀΣ⁻¹1,
   * B = 1ᵀΣ⁻¹μ, C = μᵀΣ⁻¹μ (Merton, "An analytic derivation of the efficient portfolio frontier", 1972).
   *
   * @throws UserError `risk/equal-means` where all means are equal and only that mean can be had
   */
  at(targetMean: number): Portfolio;
  /**
   * The portfolio Σ⁻¹(μ − r_f·1), scaled to sum to 1: the tangent point of the capital market line.
   *
   * @throws UserError `risk/no-tangency` where the minimum-variance portfolio earns no more than r_f: the line then touches only
   * the inefficient branch
   */
  tangency(riskFree: number): Tangency;
}

/** @throws UserError `risk/singular` where the covariance is not positive definite */
export function frontierOf(opportunities: Opportunities): Frontier {
  const { mean, covariance } = opportunities;
  if (mean.length === 0 || covariance.length !== mean.length) throw new RangeError('means and covariance differ');
  const lower = cholesky(covariance);
  const inverseOnes = solveCholesky(
    lower,
    mean.map(() => 1),
  );
  const inverseMean = solveCholesky(lower, mean);
  const a = inverseOnes.reduce((sum, value) => sum + value, 0);
  const b = dot(inverseOnes, mean);
  const c = dot(inverseMean, mean);
  const determinant = a * c - b * b;
  const minimumVariance = portfolioOf(
    opportunities,
    inverseOnes.map((value) => value / a),
  );
  return {
    minimumVariance,
    at(targetMean) {
      if (!(determinant > 1e-12 * a * c)) {
        fail('risk/equal-means', 'All expected returns are equal, so there is no frontier but a single portfolio.');
      }
      const [ones, means] = [(c - b * targetMean) / determinant, (a * targetMean - b) / determinant];
      return portfolioOf(
        opportunities,
        inverseOnes.map((value, i) => ones * value + means * inverseMean[i]!),
      );
    },
    tangency(riskFree) {
      if (!(minimumVariance.mean > riskFree)) {
        fail('risk/no-tangency', 'Even the portfolio of least risk earns no more than the risk-free rate.', {
          hint: 'Lower the risk-free rate; no fully invested portfolio beats it efficiently.',
        });
      }
      const total = b - riskFree * a;
      const weights = inverseMean.map((value, i) => (value - riskFree * inverseOnes[i]!) / total);
      return withSharpe(portfolioOf(opportunities, weights), riskFree);
    },
  };
}

/** Mean and standard deviation of given weights. */
export function portfolioOf({ mean, covariance }: Opportunities, weights: readonly number[]): Portfolio {
  return { weights, mean: dot(weights, mean), stdev: Math.sqrt(dot(weights, multiply(covariance, weights))) };
}

export function withSharpe(portfolio: Portfolio, riskFree: number): Tangency {
  return { ...portfolio, sharpe: (portfolio.mean - riskFree) / portfolio.stdev };
}

/** The capital market line, eq. 2: E[R_p] = r_f + σ_p·(E[R_M] − r_f)/σ_M. */
export function capitalMarketLine(market: Portfolio, riskFree: number): (stdev: number) => number {
  const { sharpe } = withSharpe(market, riskFree);
  return (stdev) => riskFree + stdev * sharpe;
}

/**
 * Means and population covariance of return series.
 *
 * @param series [n][T] per period
 */
export function opportunitiesOf(series: readonly ArrayLike<number>[]): Opportunities {
  const periods = series[0]?.length ?? 0;
  const mean = series.map((values) => {
    if (values.length !== periods) throw new RangeError('return series of different lengths');
    return meanOf(values);
  });
  const covariance = series.map((left, i) =>
    series.map((right, j) => {
      let sum = 0;
      for (let t = 0; t < periods; t++) sum += (left[t]! - mean[i]!) * (right[t]! - mean[j]!);
      return sum / periods;
    }),
  );
  return { mean, covariance };
}
