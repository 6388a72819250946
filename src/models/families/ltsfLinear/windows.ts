/** What the linear models read: series of exactly the context's length, and the moving average that DLinear takes as their trend. */

import type { ContextBatch } from '../../family.ts';

/** The newest L values of each channel, [N, C, L]. Missing values, and those before a shorter context, repeat the nearest one known. */
export function lastValues(
  { values, observed, contexts, channels, length }: ContextBatch,
  width: number,
): Float64Array {
  const rows = new Float64Array(contexts * channels * width);
  for (let n = 0; n < contexts; n++) {
    for (let c = 0; c < channels; c++) {
      const row = rows.subarray((n * channels + c) * width, (n * channels + c + 1) * width).fill(Number.NaN);
      for (let t = Math.max(0, width - length); t < width; t++) {
        const place = (n * length + t - width + length) * channels + c;
        if (observed?.[place] !== 0) row[t] = values[place]!;
      }
      fillGaps(row);
    }
  }
  return rows;
}

/** Forwards, then backwards; 0 where nothing is known. */
function fillGaps(row: Float64Array): void {
  for (let t = 1; t < row.length; t++) if (Number.isNaN(row[t])) row[t] = row[t - 1]!;
  for (let t = row.length - 2; t >= 0; t--) if (Number.isNaN(row[t])) row[t] = row[t + 1]!;
  if (Number.isNaN(row[0])) row.fill(0);
}

/** Centred moving average of every row [.., L] whose ends are repeated beyond themselves (Zeng et al., series_decomp). */
export function movingAverage(rows: Float64Array, width: number, kernel: number): Float64Array {
  const half = (kernel - 1) / 2;
  return rows.map((_, i) => {
    const start = i - (i % width);
    let sum = 0;
    for (let k = -half; k <= half; k++) sum += rows[start + Math.min(width - 1, Math.max(0, (i % width) + k))]!;
    return sum / kernel;
  });
}
