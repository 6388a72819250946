/** Series before a model reads them, in float64: gaps, moments, windows. No model's own rules are here. */

import type { ContextBatch } from './family.ts';

/** The series of a batch, context by context and channel by channel, each [L]; a missing value is NaN. */
export function seriesOf({ values, contexts, length, channels, observed }: ContextBatch): Float64Array[] {
  return Array.from({ length: contexts * channels }, (_, row) => {
    const first = Math.floor(row / channels) * length * channels + (row % channels);
    return Float64Array.from({ length }, (_, t) => {
      const at = first + t * channels;
      return observed && observed[at] === 0 ? Number.NaN : values[at]!;
    });
  });
}

/** Cuts leading gaps and fills the others by linear interpolation; a gap at the end holds the last value. */
export function fillGaps(series: Float64Array): Float64Array {
  const first = series.findIndex(Number.isFinite);
  if (first < 0) return new Float64Array(0);
  const out = series.slice(first);
  let previous = 0;
  for (let t = 1; t <= out.length; t++) {
    if (t < out.length && !Number.isFinite(out[t])) continue;
    for (let gap = previous + 1; gap < t; gap++) {
      const share = t < out.length ? (gap - previous) / (t - previous) : 0;
      out[gap] = out[previous]! + (share > 0 ? share * (out[t]! - out[previous]!) : 0);
    }
    previous = t;
  }
  return out;
}

/** Mean and population standard deviation; NaN where there is nothing. */
export function moments(series: ArrayLike<number>): { readonly mean: number; readonly deviation: number } {
  const values = Float64Array.from(series);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

/** Splits a series into its moving average over `window` values (zeros before the start count) and the rest. */
export function splitByMovingAverage(series: Float64Array, window: number): [Float64Array, Float64Array] {
  const smooth = series.map((_, t) => {
    let sum = 0;
    for (let i = Math.max(0, t - window + 1); i <= t; i++) sum += series[i]!;
    return sum / window;
  });
  return [smooth, series.map((value, t) => value - smooth[t]!)];
}

/** Rows of one length, each filled up on the left. */
export interface PaddedRows {
  readonly rows: number;
  /** [R, L] zeros where padded. */
  readonly values: Float64Array;
  /** [R, L] 1 where padded. */
  readonly padding: Uint8Array;
}

/** The last `length` values of each series, with padding before shorter ones. */
export function padLeft(series: readonly Float64Array[], length: number): PaddedRows {
  const values = new Float64Array(series.length * length);
  const padding = new Uint8Array(series.length * length).fill(1);
  series.forEach((one, row) => {
    const kept = one.subarray(Math.max(0, one.length - length));
    const start = (row + 1) * length - kept.length;
    values.set(kept, start);
    padding.fill(0, start, start + kept.length);
  });
  return { rows: series.length, values, padding };
}

/** The rows, all of them, so many times over. */
export function repeatRows({ rows, values, padding }: PaddedRows, times: number): PaddedRows {
  const all = { values: new Float64Array(times * values.length), padding: new Uint8Array(times * padding.length) };
  for (let i = 0; i < times; i++) {
    all.values.set(values, i * values.length);
    all.padding.set(padding, i * padding.length);
  }
  return { rows: times * rows, ...all };
}

/** Appends equally many new values to each row; `length` keeps only the last so many. */
export function appendValues(
  { rows, values, padding }: PaddedRows,
  fresh: readonly Float64Array[],
  length = values.length / rows + fresh[0]!.length,
): PaddedRows {
  const before = values.length / rows;
  const next = { rows, values: new Float64Array(rows * length), padding: new Uint8Array(rows * length) };
  for (let row = 0; row < rows; row++) {
    const extended = [...values.subarray(row * before, (row + 1) * before), ...fresh[row]!];
    const flags = [...padding.subarray(row * before, (row + 1) * before), ...fresh[row]!.map(() => 0)];
    next.values.set(extended.slice(-length), row * length);
    next.padding.set(flags.slice(-length), row * length);
  }
  return next;
}

/** Parts one after the other. */
export function joinValues(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A quantile of values, with linear interpolation. */
export function quantile(values: ArrayLike<number>, level: number): number {
  const sorted = Float64Array.from(values).sort();
  const position = level * (sorted.length - 1);
  const below = Math.floor(position);
  const above = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return sorted[below]! + (position - below) * (above - sorted[below]!);
}
