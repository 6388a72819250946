/** Qlib's multi-layer perceptron ("Net") as a graph: a flat row of features, linear layers with batch norms, one score. */

import { type BatchShape, leadingAxis } from '../../family.ts';
import type { Graph } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/ir.ts';
import { leakyRelu, silu } from '../../layers/activations.ts';
import { linear } from '../../layers/linear.ts';
import { batchNorm } from '../../layers/normalisation.ts';
import type { MlpConfig } from './config.ts';
import { scoreOutput } from './windows.ts';

const NORM_EPSILON = 1e-5;
const SLOPE = 0.1;

/**
 * Input `features` [1, N, 1, inputWidth], feature by feature; output `forecast` [V, N, 1, 1], the score. Norms use their running
 * statistics, or those of the batch where it asks for them.
 */
export function mlpGraph(g: Graph, { inputWidth, layers, activation }: MlpConfig, batch: BatchShape): void {
  const input = g.input('features', [leadingAxis(g, batch), batch.contexts, 1, inputWidth]);
  let x = g.dropout('mlp.input', input);
  layers.forEach((width, i) => {
    const name = `dnn_layers.${i + 1}`;
    const raised = linear(g, `${name}.0`, x, width);
    const normal = batchNorm(g, `${name}.1`, raised, NORM_EPSILON, batch.batchStatistics ?? false);
    const bent: Tensor = activation === 'SiLU' ? silu(g, normal) : leakyRelu(g, normal, SLOPE);
    x = g.label(`block.${i}`, g.dropout(`mlp.${i}.hidden`, bent));
  });
  scoreOutput(g, linear(g, `dnn_layers.${layers.length + 2}`, x, 1));
}
