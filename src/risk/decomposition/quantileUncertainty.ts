/** Mean and variance of a forecast that is given by quantiles, so that variants can be split as in `gaussianUncertainty.ts`. */

import { normalQuantile } from '../../core/normal.ts';

export interface MeanAndVariance {
  readonly mean: number;
  readonly variance: number;
}

/**
 * The quantile function is linear between levels and goes on with its outermost slopes to 0 and 1. Exact for that function, and low
 * for a normal forecast: nine deciles of a normal give 18 % less variance.
 *
 * @param levels ascending within (0, 1) @param sorted quantiles at them, ascending
 */
export function piecewiseLinear(levels: readonly number[], sorted: ArrayLike<number>): MeanAndVariance {
  const last = levels.length - 1;
  const slope = (i: number, j: number) => (sorted[j]! - sorted[i]!) / (levels[j]! - levels[i]!);
  const at = [0, ...levels, 1];
  const value = [
    sorted[0]! - slope(0, 1) * levels[0]!,
    ...Array.from(sorted),
    sorted[last]! + slope(last - 1, last) * (1 - levels[last]!),
  ];
  let mean = 0;
  for (let i = 1; i < at.length; i++) mean += ((at[i]! - at[i - 1]!) * (value[i]! + value[i - 1]!)) / 2;
  let variance = 0;
  for (let i = 1; i < at.length; i++) {
    const [c, d] = [value[i - 1]! - mean, value[i]! - mean];
    variance += ((at[i]! - at[i - 1]!) * (c * c + c * d + d * d)) / 3;
  }
  return { mean, variance };
}

/** The normal whose quantiles are nearest: least squares of q on Φ⁻¹(level); a slope below 0 is no spread. */
export function normalFit(levels: readonly number[], sorted: ArrayLike<number>): MeanAndVariance {
  const z = levels.map(normalQuantile);
  const n = z.length;
  const zMean = z.reduce((sum, value) => sum + value, 0) / n;
  const qMean = Array.from(sorted).reduce((sum, value) => sum + value, 0) / n;
  let [zz, zq] = [0, 0];
  z.forEach((value, i) => {
    zz += (value - zMean) ** 2;
    zq += (value - zMean) * (sorted[i]! - qMean);
  });
  const slope = zq / zz;
  return { mean: qMean - slope * zMean, variance: Math.max(0, slope) ** 2 };
}

export interface QuantileMoments {
  /** [K][n] */
  readonly means: Float64Array[];
  readonly variances: Float64Array[];
  /** Rows of a variant with a quantile below the one before it; they are sorted. */
  readonly crossedRows: number;
}

/** @param quantiles [K][n][levels] */
export function quantileMoments(
  quantiles: readonly (readonly ArrayLike<number>[])[],
  levels: readonly number[],
  of: (levels: readonly number[], sorted: ArrayLike<number>) => MeanAndVariance,
): QuantileMoments {
  let crossedRows = 0;
  const moments = quantiles.map((rows) =>
    rows.map((row) => {
      const sorted = Float64Array.from(row).sort();
      if (sorted.some((value, j) => value !== row[j])) crossedRows++;
      return of(levels, sorted);
    }),
  );
  return {
    means: moments.map((rows) => Float64Array.from(rows, ({ mean }) => mean)),
    variances: moments.map((rows) => Float64Array.from(rows, ({ variance }) => variance)),
    crossedRows,
  };
}
