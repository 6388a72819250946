/**
 * Chronos-Bolt as a graph (Ansari et al., arXiv:2403.07815; amazon-science/chronos-forecasting): a T5 encoder over patches of
 * values and flags, and a decoder of one token whose output is all quantiles of all steps. Activations are [V, N, T, D].
 */

import { type BatchShape, leadingAxis } from '../../family.ts';
import type { Graph } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/ir.ts';
import { closedBias, closedKeys } from '../../layers/attention.ts';
import { residualBlock } from '../../layers/residualBlock.ts';
import { singleTokenAttentions, t5Decoder, t5Encoder } from '../../layers/t5.ts';
import { type BoltConfig, paddedLength, patchCount } from './config.ts';

/** Rows of the table of learnt tokens. */
const START = 0;
const REGISTER = 1;

/**
 * Inputs, N being contexts × channels and the first axis V where variants read contexts of their own: `patches`
 * [1, N, P, 2·patch] (scaled values, then flags of observation) and `open` [1, N, T] (0 for patches without any value). Label
 * `head` [V, N, 1, Q·H].
 */
export function boltGraph(g: Graph, config: BoltConfig, batch: BatchShape): void {
  const { contexts, channels, length = config.contextLength } = batch;
  const lead = leadingAxis(g, batch);
  const rows = contexts * channels;
  const patches = patchCount(config, paddedLength(config, length));
  const patched = g.label('patched', g.input('patches', [lead, rows, patches, 2 * config.patchLength]));
  const open = g.input('open', [lead, rows, patches + (config.hasRegister ? 1 : 0)]);
  const closed = closedBias(g, closedKeys(g, open));

  const embedded = residual(g, config, 'input_patch_embedding', patched, config.width);
  const register = (): Tensor => token(g, config, REGISTER, [lead, rows]);
  const tokens = config.hasRegister ? g.concat([embedded, register()], 2) : embedded;
  const encoded = t5Encoder(g, config, tokens, closed);
  const start = token(g, config, START, [1, rows]);
  const decoded = t5Decoder(g, config, start, singleTokenAttentions(g, config, encoded, closed));

  const { quantiles, horizon, median } = config;
  const head = g.label('head', residual(g, config, 'output_patch_embedding', decoded, quantiles.length * horizon));
  const shape = [decoded.shape[0]!, contexts, channels];
  const table = g.reshape(head, [...shape, quantiles.length, horizon]);
  g.output('forecast', g.reshape(g.slice(table, 3, median, median + 1), [...shape, horizon]));
}

/** A learnt token for every series: [V, N, 1, D]. */
function token(g: Graph, { width, vocabulary }: BoltConfig, row: number, leading: readonly [number, number]): Tensor {
  const table = g.weight('shared.weight', [vocabulary, width]);
  return g.expand(g.reshape(g.slice(table, 0, row, row + 1), [1, 1, 1, width]), [...leading, 1, width]);
}

function residual(g: Graph, { hiddenWidth }: BoltConfig, prefix: string, x: Tensor, width: number): Tensor {
  const names = {
    hidden: `${prefix}.hidden_layer`,
    output: `${prefix}.output_layer`,
    residual: `${prefix}.residual_layer`,
  };
  const activation = (graph: Graph, y: Tensor): Tensor => graph.relu(y);
  return residualBlock(g, { ...names, hiddenWidth, width, bias: true, activation }, x);
}
