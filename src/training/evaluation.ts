/** Scores a model's forecasts against persistence ("the price stays") on a source it was not trained on. */

import { RandomStream } from '../core/random.ts';
import type { Architecture } from '../models/registry.ts';
import { GraphSession, type Runtime } from '../models/runtime/runtime.ts';
import type { SeriesSource } from './corpus/source.ts';
import { type ParameterLayout, TrainableGraph } from './parameters.ts';
import { drawWindows } from './windows.ts';

export interface ForecastScore {
  readonly windows: number;
  /** Mean squared error over persistence's, of the whole forecast path: below 1 beats persistence. */
  readonly pathMseRatio: number;
  /** The same for the mean over the horizon, which is what strategies trade on. */
  readonly meanMseRatio: number;
  /** Correlation of predicted and realised mean over the horizon, each less the last value. */
  readonly correlation: number;
}

const BATCH = 64;
const BATCHES = 64;

/** Draws 4 096 windows with a fixed stream and compares the deterministic model with persistence. */
export async function evaluateForecasts(
  architecture: Architecture,
  layout: ParameterLayout,
  parameters: Float32Array,
  source: SeriesSource,
  runtime: Runtime,
): Promise<ForecastScore> {
  const { contextLength: length, horizon } = architecture.shape;
  const graph = new TrainableGraph(layout);
  architecture.addTo(graph, { contexts: BATCH, channels: 1 });
  const session = await GraphSession.create(runtime, graph, { files: [], locate: unused, values: unused });
  const stream = new RandomStream(0, 'held-out windows');
  const path = { model: 0, persistence: 0 };
  const mean = { model: 0, persistence: 0, predicted: 0, product: 0 };
  try {
    for (let b = 0; b < BATCHES; b++) {
      const windows = drawWindows([{ source, share: 1 }], stream, BATCH, length, horizon);
      const prepared = architecture.prepare({ values: windows.contexts, contexts: BATCH, length, channels: 1 });
      const { forecast } = await session.run({ ...prepared.feeds, parameters });
      const predicted = architecture.finish(forecast!, prepared.scaling);
      for (let n = 0; n < BATCH; n++) {
        let predictedSum = 0;
        let realisedSum = 0;
        for (let i = n * horizon; i < (n + 1) * horizon; i++) {
          path.model += (predicted[i]! - windows.futures[i]!) ** 2;
          path.persistence += windows.futures[i]! ** 2;
          predictedSum += predicted[i]!;
          realisedSum += windows.futures[i]!;
        }
        mean.model += (predictedSum - realisedSum) ** 2;
        mean.persistence += realisedSum ** 2;
        mean.predicted += predictedSum ** 2;
        mean.product += predictedSum * realisedSum;
      }
    }
  } finally {
    await session.release();
  }
  return {
    windows: BATCH * BATCHES,
    pathMseRatio: path.model / path.persistence,
    meanMseRatio: mean.model / mean.persistence,
    correlation: mean.product / Math.sqrt(mean.predicted * mean.persistence),
  };
}

function unused(name: string): never {
  throw new RangeError(`${name} is a parameter here, not a stored weight`);
}
