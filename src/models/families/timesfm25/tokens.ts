/** What TimesFM 2.5 does to values before the network, in float64: each patch is scaled by everything up to its own end. */

import type { PaddedRows } from '../../series.ts';
import type { Timesfm25Config } from './config.ts';

export interface Timesfm25Tokens {
  /** The graph's inputs. */
  readonly feeds: {
    readonly tokens: Float32Array;
    readonly open: Float32Array;
    readonly positions: Int32Array;
  };
  /** [R, P] running mean. */
  readonly loc: Float64Array;
  /** [R, P] running population standard deviation. */
  readonly scale: Float64Array;
}

const SMALLEST_SCALE = 1e-6;

/** Scales and patches rows whose length is a multiple of the patch length. */
export function timesfm25Tokens(
  { patchLength }: Timesfm25Config,
  { rows, values, padding }: PaddedRows,
): Timesfm25Tokens {
  const patches = values.length / rows / patchLength;
  const tokens = new Float32Array(2 * values.length);
  const open = new Float32Array(rows * patches);
  const positions = new Int32Array(rows * patches);
  const loc = new Float64Array(rows * patches);
  const scale = new Float64Array(rows * patches);
  for (let row = 0; row < rows; row++) {
    const first = row * patches;
    const closed = Array.from({ length: patches }, (_, patch) => padding[(first + patch + 1) * patchLength - 1]!);
    const padded = closed.reduce((sum, flag) => sum + flag, 0);
    const running = { count: 0, mean: 0, squares: 0 };
    for (let patch = 0; patch < patches; patch++) {
      const place = first + patch;
      const start = place * patchLength;
      for (let i = start; i < start + patchLength; i++) if (padding[i] === 0) include(running, values[i]!);
      loc[place] = running.mean;
      scale[place] = Math.sqrt(running.squares / Math.max(running.count, 1));
      open[place] = patch >= padded ? 1 : 0;
      positions[place] = Math.max(patch - padded, 0);
      const unit = scale[place]! < SMALLEST_SCALE ? 1 : scale[place]!;
      for (let i = 0; i < patchLength; i++) {
        tokens[2 * start + i] = padding[start + i] ? 0 : (values[start + i]! - running.mean) / unit;
        tokens[2 * start + patchLength + i] = padding[start + i]!;
      }
    }
  }
  return { feeds: { tokens, open, positions }, loc, scale };
}

/** Welford's update of a running mean and sum of squared deviations. */
function include(running: { count: number; mean: number; squares: number }, value: number): void {
  running.count++;
  const before = value - running.mean;
  running.mean += before / running.count;
  running.squares += before * (value - running.mean);
}
