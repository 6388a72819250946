/** How sure a Sharpe ratio is, given the length and shape of its series and the number of strategies tried to find it. */

import { normalCdf, normalQuantile } from '../../core/normal.ts';
import { type Moments, momentsOf } from '../moments/moments.ts';

const EULER_MASCHERONI = 0.5772156649015329;

/** Sharpe ratio per period, less r_f, with the population standard deviation; NaN without risk. */
function periodSharpe(moments: Pick<Moments, 'mean' | 'stdev'>, riskFree: number): number {
  return moments.stdev > 0 ? (moments.mean - riskFree) / moments.stdev : Number.NaN;
}

/**
 * Probabilistic Sharpe ratio: the probability that the true Sharpe ratio exceeds a benchmark,
 * Φ((SR − SR*)·√(T − 1)/√(1 − γ₃·SR + (γ₄ − 1)/4·SR²)), γ₃ skewness, γ₄ kurtosis (Bailey & López de Prado, "The Sharpe ratio
 * efficient frontier", Journal of Risk 2012, eq. 11). All ratios per period; assumes independent periods.
 *
 * @param returns [T] T ≥ 2
 */
export function probabilisticSharpe(returns: ArrayLike<number>, riskFree: number, benchmarkSharpe: number): number {
  const moments = momentsOf(returns);
  const sharpe = periodSharpe(moments, riskFree);
  const deviation = Math.sqrt(shapeFactor(moments, sharpe) / (returns.length - 1));
  return normalCdf((sharpe - benchmarkSharpe) / deviation);
}

/**
 * Minimum track record length: how many periods the same Sharpe ratio must last for the probabilistic Sharpe ratio to reach the
 * confidence, 1 + (1 − γ₃·SR + (γ₄ − 1)/4·SR²)·(z/(SR − SR*))² (ibid., eq. 13). Infinite where SR does not exceed the benchmark.
 */
export function minimumTrackRecord(
  returns: ArrayLike<number>,
  riskFree: number,
  benchmarkSharpe: number,
  confidence: number,
): number {
  const moments = momentsOf(returns);
  const sharpe = periodSharpe(moments, riskFree);
  if (!(sharpe > benchmarkSharpe)) return Number.POSITIVE_INFINITY;
  return 1 + shapeFactor(moments, sharpe) * (normalQuantile(confidence) / (sharpe - benchmarkSharpe)) ** 2;
}

/**
 * The Sharpe ratio to expect from the best of N worthless strategies: √V·((1 − γ)·Φ⁻¹(1 − 1/N) + γ·Φ⁻¹(1 − 1/(N·e))), V the variance
 * of Sharpe ratios over the trials, γ Euler-Mascheroni (Bailey & López de Prado, "The deflated Sharpe ratio", Journal of Portfolio
 * Management 2014, eq. 1). 0 for a single trial.
 */
export function expectedBestSharpe(trials: number, varianceOverTrials: number): number {
  if (trials <= 1) return 0;
  const best = (1 - EULER_MASCHERONI) * normalQuantile(1 - 1 / trials);
  return Math.sqrt(varianceOverTrials) * (best + EULER_MASCHERONI * normalQuantile(1 - 1 / (trials * Math.E)));
}

/** 1 − γ₃·SR + (γ₄ − 1)/4·SR²: the variance of √T times an estimated Sharpe ratio (Lo 2002; Mertens 2002). */
function shapeFactor({ skewness, excessKurtosis }: Moments, sharpe: number): number {
  return 1 - skewness * sharpe + ((excessKurtosis + 2) / 4) * sharpe * sharpe;
}
