/** Forecasts of whole grids put together from parts, and parts taken out of them: [K+1, T] row by row. */

import { canShare } from '../core/sharedArray.ts';
import type { Forecasts } from '../core/types.ts';

/** Nothing but NaN; in shared memory, where there is some, all workers that backtest them read them in place. */
export function emptyForecasts(symbol: string, variants: number, tickCount: number): Forecasts {
  const length = (variants + 1) * tickCount;
  const memory = canShare() ? new SharedArrayBuffer(8 * length) : new ArrayBuffer(8 * length);
  return { symbol, variants, predictedMid: new Float64Array(memory).fill(Number.NaN) };
}

/** Writes a part where it begins in the whole. */
export function putRows(whole: Forecasts, part: Forecasts, start: number): void {
  const rows = whole.variants + 1;
  const [ticks, partTicks] = [whole.predictedMid.length / rows, part.predictedMid.length / rows];
  for (let row = 0; row < rows; row++) {
    whole.predictedMid.set(part.predictedMid.subarray(row * partTicks, (row + 1) * partTicks), row * ticks + start);
  }
}

/** A copy of some ticks. */
export function takeRows(whole: Forecasts, start: number, endExclusive: number): Forecasts {
  const count = endExclusive - start;
  const part = emptyForecasts(whole.symbol, whole.variants, count);
  const ticks = whole.predictedMid.length / (whole.variants + 1);
  for (let row = 0; row <= whole.variants; row++) {
    part.predictedMid.set(whole.predictedMid.subarray(row * ticks + start, row * ticks + endExclusive), row * count);
  }
  return part;
}
