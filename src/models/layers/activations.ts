/** Activations made of the graph's operators. */

import type { Graph } from '../graph/builder.ts';
import type { Tensor } from '../graph/ir.ts';

/** x · σ(x), also called swish. */
export function silu(g: Graph, x: Tensor): Tensor {
  return g.mul(x, g.sigmoid(x));
}

/** x where positive, else slope · x. */
export function leakyRelu(g: Graph, x: Tensor, slope: number): Tensor {
  return g.sub(g.relu(x), g.mul(g.relu(g.neg(x)), g.scalar(slope)));
}

/** x/6 + 1/2, cut at 0 and 1: PyTorch's form. */
export function hardSigmoid(g: Graph, x: Tensor): Tensor {
  const line = g.add(g.mul(x, g.scalar(1 / 6)), g.scalar(0.5));
  return g.sub(g.relu(line), g.relu(g.sub(line, g.scalar(1))));
}

/** log(1 + eˣ), without overflow. */
export function softplus(g: Graph, x: Tensor): Tensor {
  const magnitude = g.add(g.relu(x), g.relu(g.neg(x)));
  return g.add(g.relu(x), g.log(g.add(g.scalar(1), g.exp(g.neg(magnitude)))));
}

/** GELU by its tanh approximation (Hendrycks & Gimpel, arXiv:1606.08415), as T5 1.1 has it. */
export function geluTanh(g: Graph, x: Tensor): Tensor {
  const cubic = g.mul(x, g.add(g.scalar(1), g.mul(g.mul(x, x), g.scalar(0.044715))));
  const bent = g.tanh(g.mul(cubic, g.scalar(Math.sqrt(2 / Math.PI))));
  return g.mul(g.mul(x, g.scalar(0.5)), g.add(g.scalar(1), bent));
}
