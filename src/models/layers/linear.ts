/** PyTorch's Linear, by the name its weights have in a checkpoint. */

import type { Graph } from '../graph/builder.ts';
import type { Tensor } from '../graph/ir.ts';

/** x [..., in] → [..., width], with the weights `<name>.weight` [width, in] and, unless `bias` is false, `<name>.bias` [width]. */
export function linear(g: Graph, name: string, x: Tensor, width: number, bias = true): Tensor {
  const weight = g.weight(`${name}.weight`, [width, x.shape.at(-1)!]);
  return bias ? g.linear(x, weight, g.weight(`${name}.bias`, [width])) : g.linear(x, weight);
}
