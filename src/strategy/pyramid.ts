/**
 * Extremes of a column over blocks of ticks, so that a search for the next tick beyond a level passes over whole blocks in which
 * nothing can be. NaN is never beyond anything.
 */

/** Ticks of the small and of the large blocks, as powers of two. */
export const SMALL = 4;
export const LARGE = 8;

/** Extremes of one column, or of two columns that are searched together. */
export interface Pyramid {
  /** [⌈T/16⌉] largest value of each small block, −∞ where all are NaN */
  readonly smallMax: Float64Array;
  /** [⌈T/16⌉] smallest value of each small block, ∞ where all are NaN */
  readonly smallMin: Float64Array;
  /** [⌈T/256⌉] */
  readonly largeMax: Float64Array;
  /** [⌈T/256⌉] */
  readonly largeMin: Float64Array;
}

/** @param high [T] whose maxima, and @param low [T] whose minima are wanted; may be the same array */
export function pyramidOf(high: Float64Array, low: Float64Array): Pyramid {
  const small = Math.ceil(high.length / (1 << SMALL));
  const large = Math.ceil(high.length / (1 << LARGE));
  const smallMax = new Float64Array(small);
  const smallMin = new Float64Array(small);
  const largeMax = new Float64Array(large).fill(Number.NEGATIVE_INFINITY);
  const largeMin = new Float64Array(large).fill(Number.POSITIVE_INFINITY);
  for (let block = 0; block < small; block++) {
    let max = Number.NEGATIVE_INFINITY;
    let min = Number.POSITIVE_INFINITY;
    const end = Math.min(high.length, (block + 1) << SMALL);
    for (let k = block << SMALL; k < end; k++) {
      if (high[k]! > max) max = high[k]!;
      if (low[k]! < min) min = low[k]!;
    }
    smallMax[block] = max;
    smallMin[block] = min;
    const above = block >> (LARGE - SMALL);
    if (max > largeMax[above]!) largeMax[above] = max;
    if (min < largeMin[above]!) largeMin[above] = min;
  }
  return { smallMax, smallMin, largeMax, largeMin };
}
