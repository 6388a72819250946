/** Standardised moments and quantiles of a sample. */

import { mean, populationVariance, varies } from './statistics.ts';

export interface Moments {
  readonly mean: number;
  /** √(Σ(r − mean)²/n); exactly 0 for equal values. */
  readonly stdev: number;
  /** m₃/m₂^1.5 with population moments; NaN without variance. */
  readonly skewness: number;
  /** m₄/m₂² − 3 with population moments; NaN without variance. */
  readonly excessKurtosis: number;
}

export function momentsOf(values: ArrayLike<number>): Moments {
  const centre = mean(values);
  // Equal values leave a variance of rounding behind.
  const variance = varies(values) ? populationVariance(values) : 0;
  let cubes = 0;
  let fourths = 0;
  for (let i = 0; i < values.length; i++) {
    const deviation = values[i]! - centre;
    cubes += deviation ** 3;
    fourths += deviation ** 4;
  }
  return {
    mean: centre,
    stdev: Math.sqrt(variance),
    skewness: cubes / values.length / variance ** 1.5,
    excessKurtosis: fourths / values.length / variance ** 2 - 3,
  };
}

/** Quantile by linear interpolation between order statistics at (n − 1)p (NumPy's default); NaN of nothing. */
export function sampleQuantile(values: ArrayLike<number>, probability: number): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return Number.NaN;
  const at = (sorted.length - 1) * probability;
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}

/** Quantile of draws: linear between order statistics at (n + 1)p, kept within the sample (Hyndman & Fan's type 6). */
export function quantileOfDraws(sorted: ArrayLike<number>, probability: number): number {
  const at = Math.min(Math.max((sorted.length + 1) * probability - 1, 0), sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}
