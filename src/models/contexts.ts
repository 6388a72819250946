/**
 * From grid mids to what a model reads, and back (docs/method.md, "Forecasts"), in float64. Prices are large and move
 * little: `normalised` gives the model the log-mid less its last value, over the standard deviation of the context's
 * one-step changes times √L; `raw` gives it the mids.
 */

import type { Grid } from '../core/types.ts';
import type { ForecastSettings } from './types.ts';

type Transform = ForecastSettings['inputTransform'];

/** The transformed context that ends at a tick, and how to undo the transform. */
export interface TransformedContext {
  /** Natural logarithm of the last mid; 0 for `raw`. */
  readonly lastLogMid: number;
  /** Multiplies a transformed value to give a log return; 1 for `raw`. */
  readonly unit: number;
}

/** Mids of a grid. */
export function midsOf(grid: Pick<Grid, 'bid' | 'ask'>): Float64Array {
  return grid.bid.map((bid, tick) => (bid + grid.ask[tick]!) / 2);
}

/** True when every mid of the context [tick − length + 1, tick] is a number. */
export function contextIsWhole(mids: Float64Array, tick: number, length: number): boolean {
  for (let t = tick - length + 1; t <= tick; t++) if (Number.isNaN(mids[t])) return false;
  return true;
}

/** Writes the transformed context that ends at `tick` into `out` [L]. */
export function transformContext(
  mids: Float64Array,
  tick: number,
  transform: Transform,
  out: Float64Array,
): TransformedContext {
  const length = out.length;
  const start = tick - length + 1;
  if (transform === 'raw') {
    out.set(mids.subarray(start, tick + 1));
    return { lastLogMid: 0, unit: 1 };
  }
  for (let i = 0; i < length; i++) out[i] = Math.log(mids[start + i]!);
  return normaliseLogMids(out);
}

/** The `normalised` transform in place: log-mids [L] less the last one, over std of one-step changes times √L. */
export function normaliseLogMids(values: Float64Array): TransformedContext {
  const lastLogMid = values.at(-1)!;
  for (let i = 0; i < values.length; i++) values[i]! -= lastLogMid;
  const unit = changeDeviation(values) * Math.sqrt(values.length);
  // A context without any change says nothing: the model reads zeros and its forecast is the last mid.
  if (unit > 0) for (let i = 0; i < values.length; i++) values[i]! /= unit;
  return { lastLogMid, unit };
}

/** Mean of the first `steps` predicted mids, from predictions in transformed units. */
export function meanPredictedMid(
  predicted: Float64Array,
  steps: number,
  transform: Transform,
  context: TransformedContext,
): number {
  let sum = 0;
  for (let h = 0; h < steps; h++) {
    sum += transform === 'raw' ? predicted[h]! : Math.exp(context.lastLogMid + predicted[h]! * context.unit);
  }
  return sum / steps;
}

/** Population standard deviation of the one-step changes. */
function changeDeviation(values: Float64Array): number {
  const count = values.length - 1;
  if (count < 1) return 0;
  const mean = (values[count]! - values[0]!) / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (values[i + 1]! - values[i]! - mean) ** 2;
  return Math.sqrt(squares / count);
}
