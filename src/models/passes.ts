/**
 * How a batch of contexts becomes forecasts: in one forward pass, or, for a horizon beyond it, by the family's own roll-out. Both
 * are compiled for a number of variants and contexts.
 */

import type { BatchSize } from './batching.ts';
import { type Forecastable, isCheckpoint, type LoadedModel } from './checkpoint.ts';
import type { ContextBatch } from './family.ts';
import { openForward } from './forward.ts';
import type { Feeds, Runtime } from './runtime/runtime.ts';
import { seriesOf } from './series.ts';

export interface Passes {
  /** Forecasts [V, N, steps] of N contexts, in their units. A roll-out rejects between its passes once aborted. */
  readonly run: (batch: ContextBatch, masks: Feeds, signal?: AbortSignal) => Promise<Float64Array>;
  /** Steps of a forecast. */
  readonly steps: number;
  readonly release: () => Promise<void>;
}

/** Passes that forecast at least `wanted` steps, or as many as the family can. */
export function openPasses(model: Forecastable, runtime: Runtime, size: BatchSize, wanted: number): Promise<Passes> {
  return wanted > model.card.horizon && isCheckpoint(model) && model.architecture.rollOut
    ? Promise.resolve(openRollOut(model, runtime, size, wanted))
    : openOnePass(model, runtime, size);
}

async function openOnePass(
  { architecture, card, compile }: Forecastable,
  runtime: Runtime,
  size: BatchSize,
): Promise<Passes> {
  const session = await compile(runtime, size);
  return {
    steps: card.horizon,
    run: async (batch, masks) => {
      const { feeds, scaling } = architecture.prepare(batch);
      const { forecast } = await session.run({ ...feeds, ...masks });
      return architecture.finish(forecast!, scaling);
    },
    release: () => session.release(),
  };
}

/** The official way to longer horizons; where paths would be drawn, the expectation is followed instead. */
function openRollOut(model: LoadedModel, runtime: Runtime, { variants }: BatchSize, steps: number): Passes {
  const passes = openForward(model, runtime, variants);
  return {
    steps,
    run: async (batch, masks, signal) => {
      const request = { series: seriesOf(batch), horizon: steps, variants, options: { decoding: 'expected' as const } };
      const forward = passes.withMasks(masks);
      const { columns, values, point } = await model.architecture.rollOut!(request, (call) => {
        signal?.throwIfAborted();
        return forward(call);
      });
      return values.filter((_, i) => i % columns.length === point);
    },
    release: () => passes.release(),
  };
}
