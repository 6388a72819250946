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
