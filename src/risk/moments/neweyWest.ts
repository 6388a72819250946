/** Standard errors of means of series that depend on their past: Newey & West (Econometrica 1987), Bartlett weights. */

import { mean } from './statistics.ts';

/** Lags to allow for in n values: min(n − 1, ⌊4(n/100)^(2/9)⌋). */
export function lagRule(n: number): number {
  return Math.max(0, Math.min(n - 1, Math.floor(4 * (n / 100) ** (2 / 9))));
}

/** γ_0 … γ_lags about the series' mean, divided by n. */
export function autocovariances(series: ArrayLike<number>, lags: number): Float64Array {
  const centre = mean(series);
  const deviations = Float64Array.from({ length: series.length }, (_, t) => series[t]! - centre);
  return Float64Array.from({ length: lags + 1 }, (_, lag) => {
    let sum = 0;
    for (let t = lag; t < deviations.length; t++) sum += deviations[t]! * deviations[t - lag]!;
    return sum / deviations.length;
  });
}

/** γ_0 + 2Σ_{j ≤ lag} (1 − j/(lag + 1))·γ_j: never negative. */
export function longRunVariance(series: ArrayLike<number>, lag: number): number {
  const covariance = autocovariances(series, lag);
  let sum = covariance[0]!;
  for (let j = 1; j <= lag; j++) sum += 2 * (1 - j / (lag + 1)) * covariance[j]!;
  return Math.max(0, sum);
}

/** Standard error of the series' mean; by default with `lagRule`. */
export function neweyWestError(series: ArrayLike<number>, lag = lagRule(series.length)): number {
  return Math.sqrt(longRunVariance(series, lag) / series.length);
}
