/** Normalisations over the last axis, by the names of their weights. */

import type { Graph } from '../graph/builder.ts';
import type { Tensor } from '../graph/ir.ts';

/** Root-mean-square norm (Zhang & Sennrich, arXiv:1910.07467): x / √(mean x² + ε) · gain, gain [d] named `weight`. */
export function rmsNorm(g: Graph, weight: string, x: Tensor, epsilon: number): Tensor {
  const last = x.shape.length - 1;
  const square = g.reduceMean(g.mul(x, x), [last]);
  const normal = g.div(x, g.sqrt(g.add(square, g.scalar(epsilon))));
  return g.mul(normal, g.weight(weight, [x.shape[last]!]));
}

/** Layer norm with `<name>.weight` and `<name>.bias` [d]. */
export function layerNorm(g: Graph, name: string, x: Tensor, epsilon: number): Tensor {
  const width = [x.shape.at(-1)!];
  return g.layerNorm(x, g.weight(`${name}.weight`, width), g.weight(`${name}.bias`, width), epsilon);
}

/**
 * Batch norm (Ioffe & Szegedy, arXiv:1502.03167) of x [V, N, 1, d] with `<name>.weight`, `.bias` and the running statistics, or with
 * the mean and population variance of the batch (labels `<name>.batch_mean` and `.batch_var` [V, 1, 1, d]).
 */
export function batchNorm(g: Graph, name: string, x: Tensor, epsilon: number, ofBatch: boolean): Tensor {
  const width = [x.shape[3]!];
  const running = [g.statistic(`${name}.running_mean`, width), g.statistic(`${name}.running_var`, width)] as const;
  const [mean, variance] = ofBatch ? batchMoments(g, name, x) : running;
  const gain = g.div(g.weight(`${name}.weight`, width), g.sqrt(g.add(variance, g.scalar(epsilon))));
  return g.add(g.mul(g.sub(x, mean), gain), g.weight(`${name}.bias`, width));
}

function batchMoments(g: Graph, name: string, x: Tensor): readonly [Tensor, Tensor] {
  const mean = g.label(`${name}.batch_mean`, g.reduceMean(x, [1]));
  const centred = g.sub(x, mean);
  return [mean, g.label(`${name}.batch_var`, g.reduceMean(g.mul(centred, centred), [1]))];
}
