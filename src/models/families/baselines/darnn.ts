/**
 * DA-RNN (Qin, Song, Chen, Cheng, Jiang & Cottrell, arXiv:1704.02971) as a graph, from the paper's equations: an LSTM encoder that chooses
 * at each step among driving series (input attention), and an LSTM decoder that chooses among the encoder's steps (temporal attention).
 * There is no official code; weights have PyTorch's shapes. The first feature is the target series, whose values up to the last tick are
 * known here; the others drive it. Activations are [V, N, T, D].
 */

import type { BatchShape } from '../../family.ts';
import type { Graph } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/ir.ts';
import { gateCount, type LstmState, lstmStep } from '../../graph/recurrence.ts';
import { linear } from '../../layers/linear.ts';
import type { DarnnConfig } from './config.ts';
import { featureInput, scoreOutput } from './windows.ts';

/**
 * Input `features` [1, N, T, F]; output `forecast` [V, N, 1, 1], the score. Labels `attention.input` [V, N, T, F − 1] and
 * `attention.temporal` [V, N, T + 1, T]: shares that sum to one.
 */
export function darnnGraph(g: Graph, config: DarnnConfig, batch: BatchShape): void {
  const x = g.dropout('rnn.input', featureInput(g, config, batch));
  const target = g.slice(x, 3, 0, 1);
  const encoded = encode(g, config, g.slice(x, 3, 1, config.featureCount));
  decode(g, config, target, g.label('rnn_out', g.dropout('rnn.0.output', encoded)));
}

/** Equations 8 to 11: driving series [V, N, T, n] → the encoder's states [V, N, T, m]. */
function encode(g: Graph, { hidden }: DarnnConfig, driving: Tensor): Tensor {
  const steps = driving.shape[2]!;
  const name = 'encoder.attention';
  // U_e xᵏ of each whole series is the same at every step.
  const ofSeries = linear(g, `${name}.series`, g.swapAxes(driving, 2, 3), steps, false);
  let state: LstmState | undefined;
  const outputs: Tensor[] = [];
  const shares: Tensor[] = [];
  for (let step = 0; step < steps; step++) {
    const raised: Tensor = state
      ? g.add(ofSeries, linear(g, `${name}.state`, g.concat([state.hidden, state.memory], 3), steps, false))
      : ofSeries;
    const scores = linear(g, `${name}.score`, g.tanh(raised), 1, false);
    const share = g.softmax(g.swapAxes(scores, 2, 3));
    const chosen = g.mul(share, g.slice(driving, 2, step, step + 1));
    state = recur(g, 'encoder.rnn', chosen, hidden, state);
    outputs.push(state.hidden);
    shares.push(share);
  }
  g.label('attention.input', g.concat(shares, 2));
  return g.concat(outputs, 2);
}

/** Equations 12 to 16, and 22: the target series [V, N, T, 1] and the encoder's states → the score. */
function decode(g: Graph, { decoderHidden }: DarnnConfig, target: Tensor, encoded: Tensor): void {
  const [, , steps, width] = encoded.shape as [number, number, number, number];
  const name = 'decoder.attention';
  const ofEncoded = linear(g, `${name}.encoded`, encoded, width, false);
  const shares: Tensor[] = [];
  const context = (state: LstmState | undefined): Tensor => {
    const raised = state
      ? g.add(ofEncoded, linear(g, `${name}.state`, g.concat([state.hidden, state.memory], 3), width, false))
      : ofEncoded;
    const share = g.softmax(g.swapAxes(linear(g, `${name}.score`, g.tanh(raised), 1, false), 2, 3));
    shares.push(share);
    return g.matmul(share, encoded);
  };
  let state: LstmState | undefined;
  for (let step = 0; step < steps; step++) {
    const known = g.expand(g.slice(target, 2, step, step + 1), [...encoded.shape.slice(0, 2), 1, 1]);
    const joined = linear(g, 'decoder.input', g.concat([known, context(state)], 3), 1);
    state = recur(g, 'decoder.rnn', joined, decoderHidden, state);
  }
  const head = g.dropout('head.input', g.concat([state!.hidden, context(state)], 3));
  g.label('attention.temporal', g.concat(shares, 2));
  scoreOutput(g, linear(g, 'head.score', linear(g, 'head.joint', head, decoderHidden), 1));
}

/** One step of an LSTM whose input depends on its own state. */
function recur(g: Graph, name: string, x: Tensor, hidden: number, before: LstmState | undefined): LstmState {
  const rows = gateCount.lstm * hidden;
  const weight = (part: string, shape: readonly number[]): Tensor => g.weight(`${name}.${part}_l0`, shape);
  const input = g.linear(x, weight('weight_ih', [rows, x.shape[3]!]), weight('bias_ih', [rows]));
  const ofHidden = [weight('weight_hh', [rows, hidden]), weight('bias_hh', [rows])] as const;
  const sum = before ? g.add(input, g.linear(before.hidden, ...ofHidden)) : g.add(input, ofHidden[1]);
  return lstmStep(g, sum, before?.memory);
}
