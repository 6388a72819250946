/** What the baselines share: windows of features in, one score out. */

import { type BatchShape, type ContextBatch, leadingAxis, type PreparedBatch } from '../../family.ts';
import type { Graph } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/ir.ts';

/** The input `features` [1, N, T, F]: the features are the batch's channels. */
export function featureInput(
  g: Graph,
  { featureCount, contextLength }: { readonly featureCount: number; readonly contextLength: number },
  batch: BatchShape,
): Tensor {
  return g.input('features', [leadingAxis(g, batch), batch.contexts, batch.length ?? contextLength, featureCount]);
}

/** Declares a score [V, N, 1, 1] as the forecast. */
export function scoreOutput(g: Graph, score: Tensor): void {
  g.output('forecast', score);
}

/** Windows [N, T, F] as they are; missing values are 0, as Qlib fills them. */
export function prepareSequence(batch: ContextBatch): PreparedBatch<null> {
  return { feeds: { features: Float32Array.from(filled(batch)) }, scaling: null };
}

/** Windows as rows, feature by feature. */
export function prepareFlat(batch: ContextBatch): PreparedBatch<null> {
  const { contexts, length, channels } = batch;
  const values = filled(batch);
  const features = Float32Array.from({ length: contexts * length * channels }, (_, i) => {
    const t = i % length;
    const f = Math.floor(i / length) % channels;
    return values[(Math.floor(i / (length * channels)) * length + t) * channels + f]!;
  });
  return { feeds: { features }, scaling: null };
}

function filled({ values, observed }: ContextBatch): Float64Array {
  return values.map((value, i) => (Number.isNaN(value) || observed?.[i] === 0 ? 0 : value));
}

/** Scores [V, N, 1, 1], which have no units to restore. */
export function finishScores(forecast: Float32Array): Float64Array {
  return Float64Array.from(forecast);
}
