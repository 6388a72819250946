/**
 * Qlib's LSTM, GRU and ALSTM (Qin et al., arXiv:1704.02971, in Qlib's reading: attention over the outputs of a recurrent network)
 * as graphs: windows of features in, one score out. Activations are [V, N, T, D].
 */

import type { BatchShape } from '../../family.ts';
import type { Graph } from '../../graph/builder.ts';
import type { RecurrentCell, Tensor } from '../../graph/ir.ts';
import { gateCount } from '../../graph/recurrence.ts';
import { linear } from '../../layers/linear.ts';
import type { RecurrentConfig } from './config.ts';
import { featureInput, scoreOutput } from './windows.ts';

/** Input `features` [1, N, T, F]; output `forecast` [V, N, 1, 1], the score. */
export function recurrentGraph(g: Graph, config: RecurrentConfig, batch: BatchShape): void {
  const x = g.dropout('rnn.input', featureInput(g, config, batch));
  const outputs = stack(g, config, x);
  const steps = outputs.shape[2]!;
  const head = g.dropout('head.input', g.slice(outputs, 2, steps - 1, steps));
  g.label('head_input', head);
  scoreOutput(g, linear(g, 'fc_out', head, 1));
}

/** The same with attention over all steps: the head reads the last output and their weighted sum. */
export function attentiveGraph(g: Graph, config: RecurrentConfig, batch: BatchShape): void {
  const { hidden } = config;
  const x = g.dropout('rnn.input', featureInput(g, config, batch));
  const embedded = g.label('fc_in', g.tanh(linear(g, 'net.fc_in', x, hidden)));
  const outputs = stack(g, config, embedded);
  const steps = outputs.shape[2]!;

  const raised = g.tanh(linear(g, 'att_net.att_fc_in', outputs, Math.floor(hidden / 2)));
  const scores = linear(g, 'att_net.att_fc_out', raised, 1, false);
  const shares = g.softmax(g.swapAxes(scores, 2, 3));
  g.label('attention', g.swapAxes(shares, 2, 3));
  const summary = g.matmul(shares, outputs);
  const head = g.dropout('head.input', g.concat([g.slice(outputs, 2, steps - 1, steps), summary], 3));
  g.label('head_input', head);
  scoreOutput(g, linear(g, 'fc_out', head, 1));
}

/** Recurrent layers on top of each other; masks act on what a layer gives away, not on its own memory. */
function stack(g: Graph, { cell, hidden, layers }: RecurrentConfig, x: Tensor): Tensor {
  let y = x;
  for (let i = 0; i < layers; i++) y = g.dropout(`rnn.${i}.output`, recurrent(g, cell, i, y, hidden));
  return g.label('rnn_out', y);
}

function recurrent(g: Graph, cell: RecurrentCell, layer: number, x: Tensor, hidden: number): Tensor {
  const rows = gateCount[cell] * hidden;
  return g.recurrent(cell, x, [
    g.weight(`rnn.weight_ih_l${layer}`, [rows, x.shape[3]!]),
    g.weight(`rnn.weight_hh_l${layer}`, [rows, hidden]),
    g.weight(`rnn.bias_ih_l${layer}`, [rows]),
    g.weight(`rnn.bias_hh_l${layer}`, [rows]),
  ]);
}
