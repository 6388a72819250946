/** What TimesFM 1.0 and 2.0 do to values before the network, in float64: one scale a series, taken from its first patch. */

import { moments, type PaddedRows } from '../../series.ts';
import type { Timesfm1And2Config } from './config.ts';

export interface Timesfm1And2Tokens {
  /** The graph's inputs but for `frequency`. */
  readonly feeds: {
    readonly tokens: Float32Array;
    readonly open: Float32Array;
    readonly positions: Int32Array;
  };
  /** [R] */
  readonly loc: Float64Array;
  /** [R] */
  readonly scale: Float64Array;
}

/** A patch with fewer values than this is not asked for the scale. */
const ENOUGH_VALUES = 3;

/** Scales and patches series; a value equal to the config's pad value counts as padding. */
export function timesfm1And2Tokens(
  config: Timesfm1And2Config,
  { rows, values, padding }: PaddedRows,
): Timesfm1And2Tokens {
  const { patchLength, tolerance } = config;
  const padValue = Math.fround(config.padValue);
  const length = values.length / rows;
  const patches = length / patchLength;
  const tokens = new Float32Array(2 * values.length);
  const open = new Float32Array(rows * patches);
  const positions = new Int32Array(rows * patches);
  const loc = new Float64Array(rows);
  const scale = new Float64Array(rows);
  const missing = Uint8Array.from(padding, (flag, i) => (flag === 1 || Math.fround(values[i]!) === padValue ? 1 : 0));
  for (let row = 0; row < rows; row++) {
    const known = Array.from({ length: patches }, (_, patch) => {
      const start = row * length + patch * patchLength;
      return values.subarray(start, start + patchLength).filter((_, i) => missing[start + i] === 0);
    });
    const first = known.findIndex((patch) => patch.length >= ENOUGH_VALUES);
    const { mean, deviation } = statistics(known.at(first)!);
    loc[row] = mean;
    scale[row] = Math.max(deviation, tolerance);
    const firstOpen = known.findIndex((patch) => patch.length > 0);
    for (let patch = 0; patch < patches; patch++) {
      const place = row * patches + patch;
      open[place] = known[patch]!.length > 0 ? 1 : 0;
      // The first patch with a value has the position 0; padding before it wraps round to the end.
      positions[place] = (patch - firstOpen + patches) % patches;
      for (let i = 0; i < patchLength; i++) {
        const at = place * patchLength + i;
        const to = 2 * place * patchLength + i;
        tokens[to] = missing[at] ? 0 : (values[at]! - mean) / scale[row]!;
        tokens[to + patchLength] = missing[at]!;
      }
    }
  }
  return { feeds: { tokens, open, positions }, loc, scale };
}

/** Mean and population standard deviation; 0 and 0 of nothing. */
function statistics(values: Float64Array): { readonly mean: number; readonly deviation: number } {
  return values.length > 0 ? moments(values) : { mean: 0, deviation: 0 };
}
