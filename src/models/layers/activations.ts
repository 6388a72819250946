/** Activations made of the graph's operators. */

import type { Graph } from '../graph/builder.ts';
import type { Tensor } from '../graph/ir.ts';

/** x · σ(x), also called swish. */
export function silu(g: Graph, x: Tensor): Tensor {
  return g.mul(x, g.sigmoid(x));
}

/** log(1 + eˣ), without overflow. */
export function softplus(g: Graph, x: Tensor): Tensor {
  const magnitude = g.add(g.relu(x), g.relu(g.neg(x)));
  return g.add(g.relu(x), g.log(g.add(g.scalar(1), g.exp(g.neg(magnitude)))));
}
