/** Axis arithmetic of the hand-drawn charts: extents, round tick values, and linear maps to pixels. */

export interface Extent {
  readonly min: number;
  readonly max: number;
}

/** Smallest interval around all finite values, widened by `margin` of its length on both sides; never empty. */
export function extent(values: Iterable<number>, margin = 0): Extent {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (min > max) return { min: 0, max: 1 };
  const length = max - min || Math.abs(max) || 1;
  return { min: min - margin * length, max: max + margin * length };
}

/** About `wanted` round values (1, 2 or 5 times a power of ten apart) within the extent. */
export function ticks({ min, max }: Extent, wanted: number): number[] {
  const rough = (max - min) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const ratio = rough / power;
  const step = power * (ratio < 1.5 ? 1 : ratio < 3.5 ? 2 : ratio < 7.5 ? 5 : 10);
  const first = Math.ceil(min / step - 1e-9);
  const count = Math.floor(max / step + 1e-9) - first + 1;
  // A multiple of the step, rounded to its own digits: 0.30000000000000004 would be printed as it is.
  return Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Maps the extent onto [from, to] pixels. */
export function linear({ min, max }: Extent, from: number, to: number): (value: number) => number {
  const slope = (to - from) / (max - min);
  return (value) => from + (value - min) * slope;
}
