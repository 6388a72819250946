/** The automatic block length of a bootstrap over dependent days. */

import { autocovariances } from '../moments/neweyWest.ts';
import type { PeriodScheme } from './dayResampling.ts';

/**
 * The block length that minimises the mean squared error of the bootstrap variance of a mean: Politis & White, "Automatic
 * block-length selection for the dependent bootstrap" (Econometric Reviews 2004) with the correction of Patton, Politis & White
 * (2009). Autocovariances R(k) beyond the first lag m after which max(5, √log₁₀T) autocorrelations lie within 2√(log₁₀T/T) are
 * damped by the flat-top window of M = 2m; then b = (2G²T/D)^(1/3) with G = Σ λ(k/M)|k|R(k), g = Σ λ(k/M)R(k) and D = 2g² (stationary)
 * or 4g²/3 (circular). Between 1 and min(3√T, T/3); 1 for a constant series.
 *
 * @param series [T]; for another statistic than a mean, the influence of each day on it
 */
export function automaticBlockLength(series: ArrayLike<number>, scheme: PeriodScheme): number {
  const periods = series.length;
  const longest = Math.max(1, Math.min(3 * Math.sqrt(periods), periods / 3));
  const run = Math.max(5, Math.ceil(Math.sqrt(Math.log10(periods))));
  const lags = Math.min(periods - 1, Math.ceil(Math.sqrt(periods)) + run);
  const covariance = autocovariances(series, lags);
  if (!(covariance[0]! > 0)) return 1;
  const bound = 2 * Math.sqrt(Math.log10(periods) / periods);
  const small = (lag: number) => lag > lags || Math.abs(covariance[lag]! / covariance[0]!) < bound;
  let last = 0;
  while (last < lags && !Array.from({ length: run }, (_, j) => last + 1 + j).every(small)) last++;
  const window = Math.min(lags, 2 * Math.max(1, last));
  let spectrum = covariance[0]!;
  let slope = 0;
  for (let lag = 1; lag <= window; lag++) {
    const weight = 2 * Math.min(1, 2 * (1 - lag / window)) * covariance[lag]!;
    spectrum += weight;
    slope += weight * lag;
  }
  const variance = (scheme === 'stationary' ? 2 : 4 / 3) * spectrum ** 2;
  const length = Math.cbrt((2 * slope ** 2 * periods) / variance);
  return Number.isFinite(length) ? Math.min(longest, Math.max(1, length)) : longest;
}
