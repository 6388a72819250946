/** The slopes of the closed-form lines alone, for loops over many replicates: no allocation, NaN where no line is determined. */

import { orthogonalSlope } from './robustLines.ts';

/** Lines whose slope is a function of first and second moments. */
export const slopeKinds = ['leastSquares', 'throughRiskFree', 'orthogonal'] as const;

export type SlopeKind = (typeof slopeKinds)[number];

/**
 * Writes the slopes of `fitLeastSquares`, `fitThroughRiskFree` and `fitOrthogonal`, in the order of `slopeKinds`, to
 * `out[offset…offset + 2]`.
 *
 * @param x [n] risk per day
 * @param y [n] mean return per day
 */
export function writeSlopes(
  x: Float64Array,
  y: Float64Array,
  riskFreePerPeriod: number,
  out: Float64Array,
  offset: number,
): void {
  const n = x.length;
  let xSum = 0;
  let ySum = 0;
  let largest = 0;
  for (let i = 0; i < n; i++) {
    xSum += x[i]!;
    ySum += y[i]!;
    if (x[i]! > largest) largest = x[i]!;
  }
  const xMean = xSum / n;
  const yMean = ySum / n;
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  for (let i = 0; i < n; i++) {
    const dx = x[i]! - xMean;
    const dy = y[i]! - yMean;
    sxx += dx * dx;
    sxy += dx * dy;
    syy += dy * dy;
  }
  // The refusal of `crossMoments`.
  const determined = n >= 3 && Math.sqrt(sxx / n) > 1e-12 * largest;
  out[offset] = determined ? sxy / sxx : Number.NaN;
  const premium = yMean - riskFreePerPeriod;
  out[offset + 1] = determined ? (sxy + n * xMean * premium) / (sxx + n * xMean * xMean) : Number.NaN;
  out[offset + 2] = determined ? orthogonalSlope(sxx, sxy, syy) : Number.NaN;
}
