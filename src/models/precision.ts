/** What storing a checkpoint's weights in fewer bits costs and saves: its forecasts beside those in float32, and bytes. */

import { toProblem, type UserProblem } from '../core/errors.ts';
import { RandomStream } from '../core/random.ts';
import { type LoadedModel, weightBytes } from './checkpoint.ts';
import { normaliseLogMids } from './contexts.ts';
import { openForward } from './forward.ts';
import type { Runtime } from './runtime/runtime.ts';
import type { Precision, PrecisionReport } from './types.ts';

/** Contexts that are compared. */
const CONTEXTS = 8;
const SEED = 20251;

/**
 * Compares a model with its rounded form on random walks, in the units the network reads. The error is the root mean square
 * of the difference over that of the float32 forecasts' own distance from the last value.
 */
export async function measurePrecision(
  full: LoadedModel,
  narrow: LoadedModel,
  precision: Precision,
  runtime: Runtime,
): Promise<PrecisionReport> {
  const sizes = { weightBytes: weightBytes(narrow), fullBytes: weightBytes(full) };
  const rounded = await forecastsOf(narrow, runtime);
  let exact: Float64Array;
  try {
    exact = await forecastsOf(full, runtime);
  } catch (caught) {
    // In float32 the model may be too large for this device: that is what the fewer bits are for.
    return { precision, ...sizes, error: undefined, notMeasured: reasonOf(toProblem(caught)) };
  }
  let squares = 0;
  let moves = 0;
  for (let i = 0; i < exact.length; i++) {
    squares += (rounded[i]! - exact[i]!) ** 2;
    moves += exact[i]! ** 2;
  }
  return { precision, ...sizes, error: Math.sqrt(squares / moves) };
}

/** Forecasts of the contexts, less each one's last value (0 after the transform). */
async function forecastsOf(model: LoadedModel, runtime: Runtime): Promise<Float64Array> {
  const { architecture } = model;
  const { contextLength, channels } = architecture.shape;
  const stream = new RandomStream(SEED, 'precision', 0);
  const values = new Float64Array(CONTEXTS * contextLength * channels);
  for (let n = 0; n < CONTEXTS; n++) {
    for (let c = 0; c < channels; c++) {
      const walk = new Float64Array(contextLength);
      for (let t = 1; t < contextLength; t++) walk[t] = walk[t - 1]! + stream.normal();
      normaliseLogMids(walk);
      walk.forEach((value, t) => {
        values[(n * contextLength + t) * channels + c] = value;
      });
    }
  }
  const batch = { contexts: CONTEXTS, channels };
  const prepared = architecture.prepare({ ...batch, values, length: contextLength, stepMs: 1000 });
  const passes = openForward(model, runtime);
  try {
    const { forecast } = await passes.forward({ batch, feeds: prepared.feeds, outputs: ['forecast'] });
    return architecture.finish(forecast!, prepared.scaling);
  } finally {
    await passes.release();
  }
}

function reasonOf({ message }: UserProblem): string {
  return `In float32 it could not be run here to compare: ${message}`;
}
