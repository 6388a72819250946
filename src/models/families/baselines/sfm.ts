/**
 * The State-Frequency Memory network (Zhang, Aggarwal & Qi, KDD 2017, in Qlib's form) as a graph: a recurrent network whose memory is
 * kept by state and by frequency. There is no fused operator for it: its steps are written out.
 */

import type { BatchShape } from '../../family.ts';
import type { Graph } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/ir.ts';
import { hardSigmoid } from '../../layers/activations.ts';
import { linear } from '../../layers/linear.ts';
import type { SfmConfig } from './config.ts';
import { featureInput, scoreOutput } from './windows.ts';

/** Gates with a hard sigmoid first, then what is added to the memory. */
const gates = ['i', 'ste', 'fre', 'o', 'c'] as const;

/** Input `features` [1, N, T, F]; output `forecast` [V, N, 1, 1], the score. */
export function sfmGraph(g: Graph, config: SfmConfig, batch: BatchShape): void {
  const { hidden, frequencies, outputWidth, featureCount } = config;
  const widths = gates.map((gate) => (gate === 'fre' ? frequencies : hidden));
  const joined = (prefix: string, shape: (width: number) => readonly number[], axis: number): Tensor =>
    g.concat(
      gates.map((gate, i) => g.weight(`${prefix}_${gate}`, shape(widths[i]!))),
      axis,
    );
  const fromInput = joined('W', (width) => [featureCount, width], 1);
  const fromHidden = joined('U', (width) => [hidden, width], 1);
  const bias = joined('b', (width) => [width], 0);

  const x = g.dropout('rnn.input', featureInput(g, config, batch));
  const steps = x.shape[2]!;
  const inputs = g.add(g.matmul(x, fromInput), bias);
  const hard = widths.slice(0, -1).reduce((sum, width) => sum + width, 0);
  let state: State | undefined;
  for (let step = 0; step < steps; step++) {
    const input = g.slice(inputs, 2, step, step + 1);
    const sum: Tensor = state ? g.add(input, g.matmul(state.hidden, fromHidden)) : input;
    const open = hardSigmoid(g, g.slice(sum, 3, 0, hard));
    const fresh = g.tanh(g.slice(sum, 3, hard, hard + hidden));
    state = next(g, config, { open, fresh, step: step + 1 }, state);
  }
  const last = g.dropout('rnn.0.output', state!.hidden);
  const projected = g.add(g.matmul(last, g.weight('W_p', [hidden, outputWidth])), g.weight('b_p', [outputWidth]));
  const head = g.label('p_last', g.dropout('head.input', projected));
  scoreOutput(g, linear(g, 'fc_out', head, 1));
}

interface State {
  /** [V, N, 1, h] */
  readonly hidden: Tensor;
  /** [V, N, h, K]: the memory, a complex amplitude for each state and frequency. */
  readonly real: Tensor;
  readonly imaginary: Tensor;
}

/** One step: `open` [V, N, 1, 3h + K] the gates, `fresh` [V, N, 1, h]. */
function next(
  g: Graph,
  { hidden, frequencies }: SfmConfig,
  { open, fresh, step }: { readonly open: Tensor; readonly fresh: Tensor; readonly step: number },
  before: State | undefined,
): State {
  const [variants, contexts] = open.shape as [number, number];
  const column = (x: Tensor): Tensor => g.reshape(x, [variants, contexts, hidden, 1]);
  const gate = (start: number, width: number): Tensor => g.slice(open, 3, start, start + width);
  const added = column(g.mul(gate(0, hidden), fresh));
  const forget = (): Tensor => g.mul(column(gate(hidden, hidden)), gate(2 * hidden, frequencies));
  const keep = before && forget();
  const turn = (of: (angle: number) => number, memory: Tensor | undefined): Tensor => {
    const wave = g.mul(added, g.constant(waves(step, frequencies, of), [1, frequencies]));
    return keep && memory ? g.add(g.mul(keep, memory), wave) : wave;
  };
  const real = turn(Math.cos, before?.real);
  const imaginary = turn(Math.sin, before?.imaginary);
  const power = g.add(g.mul(real, real), g.mul(imaginary, imaginary));
  const weighted = g.matmul(power, g.weight('U_a', [frequencies, 1]));
  const amplitude = g.tanh(g.add(weighted, g.reshape(g.weight('b_a', [hidden]), [hidden, 1])));
  const out = gate(2 * hidden + frequencies, hidden);
  return { hidden: g.mul(out, g.reshape(amplitude, [variants, contexts, 1, hidden])), real, imaginary };
}

/** [K] at frequencies k/K; the official code rounds 2π and its multiples to float32. */
function waves(step: number, frequencies: number, of: (angle: number) => number): Float32Array {
  const turns = Math.fround(Math.fround(2 * Math.PI) * step);
  return Float32Array.from({ length: frequencies }, (_, k) => of(turns * (k / frequencies)));
}
