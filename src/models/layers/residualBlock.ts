/** The two-layer block with a linear skip that TimesFM and Chronos-Bolt have at both ends: out(act(hidden(x))) + residual(x). */

import type { Graph } from '../graph/builder.ts';
import type { Tensor } from '../graph/ir.ts';
import { linear } from './linear.ts';

/** How a checkpoint names the three linear layers, and what they are. */
export interface ResidualBlock {
  readonly hidden: string;
  readonly output: string;
  readonly residual: string;
  readonly hiddenWidth: number;
  readonly width: number;
  readonly bias: boolean;
  readonly activation: (g: Graph, x: Tensor) => Tensor;
}

/** x [..., in] → [..., width]. */
export function residualBlock(g: Graph, block: ResidualBlock, x: Tensor): Tensor {
  const { width, bias } = block;
  const hidden = block.activation(g, linear(g, block.hidden, x, block.hiddenWidth, bias));
  return g.add(linear(g, block.output, hidden, width, bias), linear(g, block.residual, x, width, bias));
}
