/** What batch norms read at inference in place of a batch's own moments, taken from training batches once training is over. */

import type { Architecture } from '../models/registry.ts';
import { type Feeds, GraphSession, type Runtime } from '../models/runtime/runtime.ts';
import { noWeights } from './graphTrainer.ts';
import { type ParameterLayout, TrainableGraph } from './parameters.ts';

export interface TrainedParameters {
  readonly architecture: Architecture;
  readonly layout: ParameterLayout;
  readonly parameters: Float32Array;
}

/** Means over batches of so many contexts, under the final parameters and without dropout; none where there are no batch norms. */
export async function runningStatistics(
  { architecture, layout, parameters }: TrainedParameters,
  batches: readonly Feeds[],
  contexts: number,
  runtime: Runtime,
): Promise<(readonly [name: string, shape: readonly number[], values: Float32Array])[]> {
  const graph = new TrainableGraph(layout);
  const { channels } = architecture.shape;
  architecture.addTo(graph, { contexts, channels, batchStatistics: true });
  if (graph.statistics.size === 0) return [];
  const labelOf = (statistic: string): string => statistic.replace('.running_', '.batch_');
  const wanted = new Map([...graph.statistics].map((name) => [labelOf(name), graph.labels.get(labelOf(name))!]));
  const session = await GraphSession.create(runtime, graph, noWeights, wanted);
  const sums = new Map<string, Float32Array>();
  try {
    for (const batch of batches) {
      const values = await session.run({ ...batch, parameters });
      for (const [label, moment] of Object.entries(values)) {
        const sum = sums.get(label) ?? new Float32Array(moment.length);
        moment.forEach((value, i) => {
          sum[i]! += value / batches.length;
        });
        sums.set(label, sum);
      }
    }
  } finally {
    await session.release();
  }
  return [...graph.statistics].map((name) => [name, graph.weights.get(name)!.shape, sums.get(labelOf(name))!]);
}
