/** Standardised moments and quantiles of a sample. */

import { hasSpread, mean, populationVariance } from './statistics.ts';

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
  const measured = populationVariance(values);
  const variance = hasSpread(Math.sqrt(measured), centre) || Number.isNaN(measured) ? measured : 0;
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
