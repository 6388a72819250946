/** The little linear algebra that portfolios and regressions need: Cholesky's factor of a covariance, solving with it, products. */

import { fail } from '../../core/errors.ts';

/** Rows of a symmetric matrix. */
export type Matrix = readonly (readonly number[])[];

/** Below this share of its diagonal entry a pivot is rounding: the matrix is singular. */
const SINGULAR = 1e-13;

/**
 * Lower triangle L with L·Lᵀ = matrix, which must be positive definite.
 *
 * @param matrix [n, n]
 * @throws UserError `risk/singular` where a row depends on the others
 */
export function cholesky(matrix: Matrix): Matrix {
  const lower: number[][] = [];
  matrix.forEach((row, i) => {
    if (row.length !== matrix.length) throw new RangeError('not a square matrix');
    const mine: number[] = [];
    for (let j = 0; j <= i; j++) {
      const known = dot((j === i ? mine : lower[j]!).slice(0, j), mine.slice(0, j));
      const rest = row[j]! - known;
      if (j < i) {
        mine.push(rest / lower[j]![j]!);
        continue;
      }
      if (!(rest > SINGULAR * row[i]!)) {
        fail('risk/singular', 'The covariance is singular: one return series is a combination of the others.', {
          hint: 'Leave out duplicates, or use more days than series.',
        });
      }
      mine.push(Math.sqrt(rest));
    }
    lower.push(mine);
  });
  return lower;
}

/** x with L·Lᵀ·x = right. */
export function solveCholesky(lower: Matrix, right: readonly number[]): number[] {
  const n = lower.length;
  const forward: number[] = [];
  for (let i = 0; i < n; i++) forward.push((right[i]! - dot(lower[i]!.slice(0, i), forward)) / lower[i]![i]!);
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let rest = forward[i]!;
    for (let j = i + 1; j < n; j++) rest -= lower[j]![i]! * x[j]!;
    x[i] = rest / lower[i]![i]!;
  }
  return x;
}

export function multiply(matrix: Matrix, vector: readonly number[]): number[] {
  return matrix.map((row) => dot(row, vector));
}

export function dot(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, i) => sum + value * right[i]!, 0);
}

/** Inverse of the matrix that `lower` is Cholesky's factor of. */
export function inverseFromCholesky(lower: Matrix): number[][] {
  const columns = lower.map((_, j) =>
    solveCholesky(
      lower,
      lower.map((__, i) => (i === j ? 1 : 0)),
    ),
  );
  return lower.map((_, i) => columns.map((column) => column[i]!));
}

/** left · right */
export function product(left: Matrix, right: Matrix): number[][] {
  return left.map((row) => right[0]!.map((_, j) => row.reduce((sum, value, i) => sum + value * right[i]![j]!, 0)));
}
