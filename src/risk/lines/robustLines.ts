/**
 * Alternatives to least squares for the market line: two that single configurations cannot bend (Theil-Sen, Huber), and one that
 * grants that σ is estimated too (orthogonal). All take and return what `fitLeastSquares` does, without errors.
 */

import { median } from '../moments/statistics.ts';
import { crossMoments, fitLeastSquares, type Line } from './marketLine.ts';

/** Theil-Sen: the median of the slopes between all pairs; intercept from the medians (SciPy's `theilslopes`, method "separate"). */
export function fitTheilSen(x: ArrayLike<number>, y: ArrayLike<number>): Line {
  crossMoments(x, y);
  const slopes: number[] = [];
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      if (x[i] !== x[j]) slopes.push((y[i]! - y[j]!) / (x[i]! - x[j]!));
    }
  }
  const slope = median(slopes);
  return { slope, intercept: median(y) - slope * median(x) };
}

const HUBER_THRESHOLD = 1.345;
const HUBER_TOLERANCE = 1e-8;
const HUBER_STEPS = 50;
/** Third quartile of the standard normal: makes the median absolute deviation an estimate of σ. */
const NORMAL_QUARTILE = 0.6744897501960817;

/**
 * Huber's M-estimator with t = 1.345 by iteratively reweighted least squares, as statsmodels' RLM does it: the scale is the median
 * absolute residual over 0.6745, redone at every step; it stops when the deviance changes by no more than 1e-8, or after 50 steps.
 */
export function fitHuber(x: ArrayLike<number>, y: ArrayLike<number>): Line {
  let line: Line = fitLeastSquares(x, y);
  let residuals = residualsOf(line, x, y);
  let scale = robustScale(residuals);
  let deviance = huberDeviance(residuals, scale);
  for (let step = 0; step < HUBER_STEPS - 1 && scale > 0; step++) {
    line = fitWeighted(x, y, residuals, scale);
    residuals = residualsOf(line, x, y);
    scale = robustScale(residuals);
    const before = deviance;
    deviance = huberDeviance(residuals, scale);
    if (!(Math.abs(deviance - before) > HUBER_TOLERANCE)) break;
  }
  return { slope: line.slope, intercept: line.intercept };
}

/** Total least squares: minimises perpendicular distances (Deming regression with equal error variances). */
export function fitOrthogonal(x: ArrayLike<number>, y: ArrayLike<number>): Line {
  const { sxx, sxy, syy, xMean, yMean } = crossMoments(x, y);
  const slope = orthogonalSlope(sxx, sxy, syy);
  return { slope, intercept: yMean - slope * xMean };
}

/** Slope of the first principal axis of points with these sums of squares and products about their means. */
export function orthogonalSlope(sxx: number, sxy: number, syy: number): number {
  // For sxy = 0 the best line is level, or upright where y varies more than x.
  if (sxy === 0) return sxx >= syy ? 0 : Number.POSITIVE_INFINITY;
  return (syy - sxx + Math.hypot(syy - sxx, 2 * sxy)) / (2 * sxy);
}

function residualsOf(line: Line, x: ArrayLike<number>, y: ArrayLike<number>): Float64Array {
  return Float64Array.from(x, (value, i) => y[i]! - (line.intercept + line.slope * value));
}

function robustScale(residuals: Float64Array): number {
  return median(residuals.map(Math.abs)) / NORMAL_QUARTILE;
}

/** Σ ρ(r/scale): quadratic within the threshold, linear beyond. */
function huberDeviance(residuals: Float64Array, scale: number): number {
  let sum = 0;
  for (const residual of residuals) {
    const z = Math.abs(residual / scale);
    sum += z <= HUBER_THRESHOLD ? (z * z) / 2 : HUBER_THRESHOLD * z - HUBER_THRESHOLD ** 2 / 2;
  }
  return sum;
}

/** Weighted least squares; a residual beyond the threshold weighs as much less as it lies beyond. */
function fitWeighted(x: ArrayLike<number>, y: ArrayLike<number>, residuals: Float64Array, scale: number): Line {
  const weights = residuals.map((residual) => HUBER_THRESHOLD / Math.max(HUBER_THRESHOLD, Math.abs(residual / scale)));
  let total = 0;
  let xSum = 0;
  let ySum = 0;
  weights.forEach((weight, i) => {
    total += weight;
    xSum += weight * x[i]!;
    ySum += weight * y[i]!;
  });
  const xMean = xSum / total;
  const yMean = ySum / total;
  let sxx = 0;
  let sxy = 0;
  weights.forEach((weight, i) => {
    sxx += weight * (x[i]! - xMean) ** 2;
    sxy += weight * (x[i]! - xMean) * (y[i]! - yMean);
  });
  const slope = sxy / sxx;
  return { slope, intercept: yMean - slope * xMean };
}
