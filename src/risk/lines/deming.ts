/**
 * Lines that allow for errors in σ as well as in the mean: Deming's with a known ratio of the two error variances, moments, and
 * simulation-extrapolation. None where the points do not determine it.
 */

import { mean } from '../moments/statistics.ts';
import { crossMoments, fitLeastSquares, type Line } from './marketLine.ts';

/** Var(error of the mean)/Var(error of σ) for normal days: σ²/T over σ²/2T. */
export const NORMAL_ERROR_RATIO = 2;

/**
 * Deming (1943). An upright line has infinite slope.
 *
 * @param errorVarianceRatio δ = Var(error of y)/Var(error of x); 1 minimises perpendicular distances
 */
export function fitDeming(x: ArrayLike<number>, y: ArrayLike<number>, errorVarianceRatio: number): Line {
  const { sxx, sxy, syy, xMean, yMean } = crossMoments(x, y);
  const slope = demingSlope(sxx, sxy, syy, errorVarianceRatio);
  return { slope, intercept: yMean - slope * xMean };
}

/** The slope from sums of squares and products about the means. */
function demingSlope(sxx: number, sxy: number, syy: number, delta: number): number {
  // For sxy = 0 the best line is level, or upright where y varies more than x does.
  if (sxy === 0) return delta * sxx >= syy ? 0 : Number.POSITIVE_INFINITY;
  const lead = syy - delta * sxx;
  return (lead + Math.hypot(lead, 2 * Math.sqrt(delta) * sxy)) / (2 * sxy);
}

/** Standard error of an estimated σ over T normal days: σ/√(2T). */
export function sigmaErrors(sigma: ArrayLike<number>, days: number): Float64Array {
  return Float64Array.from({ length: sigma.length }, (_, c) => sigma[c]! / Math.sqrt(2 * days));
}

export interface MomentLine extends Line {
  /** Share of the spread of σ that is no error: 1 needs no correction. */
  readonly reliability: number;
}

/** Fuller (1987, §1.2): the errors' variance is taken off that of x. Null where nothing of it is left. */
export function fitMoments(x: ArrayLike<number>, y: ArrayLike<number>, errors: ArrayLike<number>): MomentLine | null {
  const { sxx, sxy, xMean, yMean } = crossMoments(x, y);
  const n = x.length - 1;
  let squares = 0;
  for (let i = 0; i < errors.length; i++) squares += errors[i]! ** 2 / errors.length;
  const left = sxx / n - squares;
  if (!(left > 0)) return null;
  const slope = sxy / n / left;
  return { slope, intercept: yMean - slope * xMean, reliability: left / (sxx / n) };
}

export interface SimexLine extends Line {
  readonly lambdas: readonly number[];
  /** Mean over the noise of the least-squares line at each λ; λ = 0 without noise. */
  readonly slopes: readonly number[];
  readonly intercepts: readonly number[];
}

/**
 * Cook & Stefanski (JASA 1994): ever more error is added to σ, and what it does to the line is carried back to none by a parabola
 * through the means.
 *
 * @param noise [rows][n] standard normals
 */
export function fitSimex(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  errors: ArrayLike<number>,
  lambdas: readonly number[],
  noise: readonly ArrayLike<number>[],
): SimexLine {
  const plain = fitLeastSquares(x, y);
  const noisy = Float64Array.from(x);
  const means = lambdas.map((lambda) => {
    const lines = noise.map((z) => {
      for (let i = 0; i < noisy.length; i++) noisy[i] = x[i]! + Math.sqrt(lambda) * errors[i]! * z[i]!;
      return fitLeastSquares(noisy, y);
    });
    return { slope: mean(lines.map((line) => line.slope)), intercept: mean(lines.map((line) => line.intercept)) };
  });
  const all = [0, ...lambdas];
  const slopes = [plain.slope, ...means.map((line) => line.slope)];
  const intercepts = [plain.intercept, ...means.map((line) => line.intercept)];
  return {
    slope: parabolaAt(all, slopes, -1),
    intercept: parabolaAt(all, intercepts, -1),
    lambdas: all,
    slopes,
    intercepts,
  };
}

/** Least-squares parabola through (at, values), read at x. */
function parabolaAt(at: readonly number[], values: readonly number[], x: number): number {
  const [constant, linear, square] = quadraticFit(at, values);
  return constant + linear * x + square * x * x;
}

/** Constant, linear and square coefficient by the normal equations about the mean, with Cramer's rule. */
function quadraticFit(at: readonly number[], values: readonly number[]): [number, number, number] {
  const centre = mean(at);
  const s = [0, 0, 0, 0, 0];
  const b = [0, 0, 0];
  at.forEach((x, i) => {
    const d = x - centre;
    for (let p = 0; p <= 4; p++) s[p] = s[p]! + d ** p;
    for (let p = 0; p <= 2; p++) b[p] = b[p]! + d ** p * values[i]!;
  });
  const [s0, s1, s2, s3, s4] = s as [number, number, number, number, number];
  const [b0, b1, b2] = b as [number, number, number];
  const det = s0 * (s2 * s4 - s3 * s3) - s1 * (s1 * s4 - s2 * s3) + s2 * (s1 * s3 - s2 * s2);
  const c0 = (b0 * (s2 * s4 - s3 * s3) - s1 * (b1 * s4 - s3 * b2) + s2 * (b1 * s3 - s2 * b2)) / det;
  const c1 = (s0 * (b1 * s4 - b2 * s3) - b0 * (s1 * s4 - s2 * s3) + s2 * (s1 * b2 - s2 * b1)) / det;
  const c2 = (s0 * (s2 * b2 - s3 * b1) - s1 * (s1 * b2 - s2 * b1) + b0 * (s1 * s3 - s2 * s2)) / det;
  return [c0 - c1 * centre + c2 * centre * centre, c1 - 2 * c2 * centre, c2];
}
