/** Is the market line a line, and does it start at the risk-free rate? Tests of eq. 7 on the points of a cloud. */

import { leastSquares, ones } from '../moments/hacRegression.ts';
import { normalTwoSided, studentTwoSided } from '../moments/pValues.ts';
import { mean } from '../moments/statistics.ts';
import { fitLeastSquares } from './marketLine.ts';

export interface Tested {
  readonly t: number;
  readonly pValue: number;
}

/** Points taken for independent: they share days, so this is too sure. */
export function classicalInterceptTest(x: ArrayLike<number>, y: ArrayLike<number>, riskFree: number): Tested {
  const { intercept, interceptStdErr, points } = fitLeastSquares(x, y);
  const t = (intercept - riskFree) / interceptStdErr;
  return { t, pValue: studentTwoSided(t, points - 2) };
}

/** From the error of a figure over days. */
export function normalTest(difference: number, stdErr: number): { readonly z: number; readonly pValue: number } {
  const z = difference / stdErr;
  return { z, pValue: normalTwoSided(z) };
}

/** mean return = constant + linear·(σ − centre) + curvature·(σ − centre)² */
export interface Quadratic {
  readonly centre: number;
  readonly constant: number;
  readonly linear: number;
  readonly curvature: number;
  /** Of the curvature, points taken for independent. */
  readonly stdErr: number;
  readonly t: number;
  readonly pValue: number;
  /** [n] how each point moves the curvature. */
  readonly byX: Float64Array;
  readonly byY: Float64Array;
}

/** Null for three points or fewer. @throws UserError `risk/singular` where fewer than three σ differ */
export function fitQuadratic(x: ArrayLike<number>, y: ArrayLike<number>): Quadratic | null {
  const n = x.length;
  if (n <= 3) return null;
  const centre = mean(x);
  const d = Float64Array.from({ length: n }, (_, i) => x[i]! - centre);
  // In units of the largest deviation, so that the normal equations lose nothing.
  const unit = Math.max(...d.map(Math.abs));
  const scaled = d.map((value) => value / unit);
  const columns = [ones(n), scaled, scaled.map((value) => value * value)];
  const { coefficients, residuals, inverse } = leastSquares(columns, y);
  const [constant, linear, square] = coefficients as [number, number, number];
  let sse = 0;
  for (const e of residuals) sse += e * e;
  const stdErr = Math.sqrt((sse / (n - 3)) * inverse[2]![2]!) / unit ** 2;
  const curvature = square / unit ** 2;
  const t = curvature / stdErr;
  // ∂β/∂y = GX', ∂β/∂x_c = G(D_c e_c − X_c(D_c·β)), D the derivative of a row by x.
  const row = (i: number) => columns.map((column) => column[i]!);
  const times = (vector: readonly number[]) =>
    inverse[2]!.reduce((sum, value, j) => sum + value * vector[j]!, 0) / unit ** 2;
  const byY = Float64Array.from({ length: n }, (_, i) => times(row(i)));
  const byX = Float64Array.from({ length: n }, (_, i) => {
    const derivative = [0, 1 / unit, (2 * scaled[i]!) / unit];
    const along = derivative[1]! * linear + derivative[2]! * square;
    return times(row(i).map((value, j) => derivative[j]! * residuals[i]! - value * along));
  });
  return { centre, constant, linear: linear / unit, curvature, stdErr, t, pValue: studentTwoSided(t, n - 3), byX, byY };
}

export interface Exponent {
  readonly points: number;
  /** Points whose return (or premium) is not above 0. */
  readonly omitted: number;
  /** Mean return grows as σ to this power. */
  readonly exponent: number;
  readonly stdErr: number;
  readonly constant: number;
  /** Against 1, which a line through the origin has. */
  readonly tOne: number;
}

/** ln(y − level) on ln σ; null for fewer than three points above the level. @param level r_f, or 0 */
export function fitExponent(x: ArrayLike<number>, y: ArrayLike<number>, level: number): Exponent | null {
  const above = Array.from({ length: x.length }, (_, i) => i).filter((i) => y[i]! > level && x[i]! > 0);
  if (above.length < 3) return null;
  const { slope, slopeStdErr, intercept } = fitLeastSquares(
    above.map((i) => Math.log(x[i]!)),
    above.map((i) => Math.log(y[i]! - level)),
  );
  return {
    points: above.length,
    omitted: x.length - above.length,
    exponent: slope,
    stdErr: slopeStdErr,
    constant: intercept,
    tOne: (slope - 1) / slopeStdErr,
  };
}
