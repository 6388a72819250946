/** Least squares whose errors allow for heteroscedastic residuals that depend on their past (Newey & West 1987). */

import { cholesky, inverseFromCholesky, product, solveCholesky } from './linearAlgebra.ts';

export interface Regression {
  /** [p], in the order of the columns */
  readonly coefficients: readonly number[];
  /** [p][p] of the coefficients; no small-sample factor */
  readonly covariance: readonly (readonly number[])[];
  readonly stdErrs: readonly number[];
  /** [n] */
  readonly residuals: Float64Array;
}

/** A column of ones. */
export function ones(n: number): Float64Array {
  return new Float64Array(n).fill(1);
}

/**
 * Coefficients and residuals of y on the columns; `inverse` is (X'X)⁻¹.
 * @throws UserError `risk/singular` where a column depends on the others
 */
export function leastSquares(
  columns: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
): { coefficients: number[]; residuals: Float64Array; inverse: number[][] } {
  // Columns of equal length lose nothing to their units.
  const lengths = columns.map((column) => Math.sqrt(inner(column, column)) || 1);
  const gram = columns.map((left, i) => columns.map((right, j) => inner(left, right) / lengths[i]! / lengths[j]!));
  const lower = cholesky(gram);
  const scaled = solveCholesky(
    lower,
    columns.map((column, i) => inner(column, y) / lengths[i]!),
  );
  const residualsOf = (values: readonly number[]) =>
    Float64Array.from({ length: y.length }, (_, t) => {
      let fitted = 0;
      for (let i = 0; i < columns.length; i++) fitted += columns[i]![t]! * values[i]!;
      return y[t]! - fitted;
    });
  let coefficients = scaled.map((value, i) => value / lengths[i]!);
  // One step of refinement: what the first left over is fitted again.
  const rest = residualsOf(coefficients);
  const correction = solveCholesky(
    lower,
    columns.map((column, i) => inner(column, rest) / lengths[i]!),
  );
  coefficients = coefficients.map((value, i) => value + correction[i]! / lengths[i]!);
  const inverse = inverseFromCholesky(lower).map((row, i) => row.map((value, j) => value / lengths[i]! / lengths[j]!));
  return { coefficients, residuals: residualsOf(coefficients), inverse };
}

/** Least squares with errors by Newey & West. @param lag 0 for White's errors */
export function hacRegression(columns: readonly ArrayLike<number>[], y: ArrayLike<number>, lag: number): Regression {
  const { coefficients, residuals, inverse } = leastSquares(columns, y);
  const scores = columns.map((column) => residuals.map((e, t) => e * column[t]!));
  return { ...sandwich(coefficients, inverse, scores, lag), residuals };
}

/**
 * (X'X)⁻¹ S (X'X)⁻¹ with S = Σ_{|j| ≤ lag} w_j Σ_t s_t s_{t−j}'.
 *
 * @param scores [p][n] x·e, or sums of them over all that belongs to one time (Driscoll & Kraay 1998)
 */
export function sandwich(
  coefficients: readonly number[],
  inverse: readonly (readonly number[])[],
  scores: readonly Float64Array[],
  lag: number,
): Omit<Regression, 'residuals'> {
  const lagged = (a: Float64Array, b: Float64Array, j: number): number => {
    let sum = 0;
    for (let t = j; t < a.length; t++) sum += a[t]! * b[t - j]!;
    return sum;
  };
  const middle = scores.map((a) =>
    scores.map((b) => {
      let sum = lagged(a, b, 0);
      for (let j = 1; j <= lag; j++) sum += (1 - j / (lag + 1)) * (lagged(a, b, j) + lagged(b, a, j));
      return sum;
    }),
  );
  const covariance = product(product(inverse, middle), inverse);
  return { coefficients, covariance, stdErrs: covariance.map((row, i) => Math.sqrt(Math.max(0, row[i]!))) };
}

function inner(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let t = 0; t < left.length; t++) sum += left[t]! * right[t]!;
  return sum;
}
