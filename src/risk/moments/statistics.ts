/** Means, variances and medians, in the two-pass forms that lose nothing to cancellation. */

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Sum of squared deviations from the mean. */
export function sumOfSquares(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return sum;
}

/** Divides by n: the variance of exactly these values. */
export function populationVariance(values: ArrayLike<number>): number {
  return sumOfSquares(values) / values.length;
}

/** True where a standard deviation is more than the rounding that equal values of this mean leave behind. */
export function hasSpread(stdev: number, mean: number): boolean {
  return stdev > 1e-12 * Math.abs(mean);
}

/** Middle value, or the mean of the two middle ones; NaN of nothing. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** True where a series has variance: by its values, because a constant less another leaves a σ of rounding. */
export function varies(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return true;
  return false;
}
