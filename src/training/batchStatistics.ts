/** What batch norms read at inference in place of a batch's own moments, taken from training batches once training is over. */

import { nextTask } from '../core/yielding.ts';
import { Graph } from '../models/graph/builder.ts';
import { evaluate } from '../models/graph/evaluate.ts';
import { sizeOf } from '../models/graph/ir.ts';
import type { Architecture } from '../models/registry.ts';
import type { Feeds } from '../models/runtime/runtime.ts';
import type { ParameterLayout } from './parameters.ts';

/**
 * Means of the moments of batches of so many contexts, under the given parameters and without dropout, in the parameters' place for them.
 * In float64 on the CPU, so that it does not depend on who trains.
 *
 * @returns a copy of the parameters [P]; unchanged for a model without batch norms
 */
export async function settleStatistics(
  architecture: Architecture,
  layout: ParameterLayout,
  parameters: Float32Array,
  batches: readonly Feeds[],
  contexts: number,
): Promise<Float32Array> {
  const settled = parameters.slice();
  const graph = new Graph();
  architecture.addTo(graph, { contexts, channels: architecture.shape.channels, batchStatistics: true });
  const slots = layout.slots.filter(({ name }) => graph.statistics.has(name));
  const momentOf = (statistic: string): string => statistic.replace('.running_', '.batch_');
  const moments = slots.map(({ name }) => graph.labels.get(momentOf(name))!);
  if (slots.length === 0) return settled;
  const pieces = new Map(layout.slots.map((slot) => [slot.name, slot]));
  const weights = (name: string): Float32Array => {
    const { offset, shape } = pieces.get(name)!;
    return parameters.subarray(offset, offset + sizeOf(shape));
  };
  for (const { offset, shape } of slots) settled.fill(0, offset, offset + sizeOf(shape));
  for (const batch of batches) {
    evaluate(graph, moments, batch, weights).forEach((values, i) => {
      values.forEach((value, j) => {
        settled[slots[i]!.offset + j]! += value / batches.length;
      });
    });
    await nextTask();
  }
  return settled;
}
