/**
 * Recurrent layers of the graph language: the fused operator's gates, and the same layer written out step by step, which is what
 * a training step runs and what the operator's gradient is made of.
 */

import type { Graph } from './builder.ts';
import type { RecurrentCell, Tensor } from './ir.ts';

/** Row blocks of PyTorch's weights: i, f, g, o and r, z, n. */
export const gateCount: Record<RecurrentCell, number> = { lstm: 4, gru: 3 };

/** Weights as PyTorch stores them: [gates·h, in], [gates·h, h], [gates·h], [gates·h]. */
export type RecurrentWeights = readonly [input: Tensor, hidden: Tensor, inputBias: Tensor, hiddenBias: Tensor];

/** x [V, N, T, in] → outputs of every step [V, N, T, h], from a state of zeros. */
export function unrolled(
  g: Graph,
  cell: RecurrentCell,
  x: Tensor,
  [inputWeight, hiddenWeight, inputBias, hiddenBias]: RecurrentWeights,
): Tensor {
  const size = hiddenWeight.shape[1]!;
  const [variants, contexts, steps] = x.shape as [number, number, number];
  const fromInput = g.linear(x, inputWeight, inputBias);
  const gate = (of: Tensor, index: number): Tensor => g.slice(of, 3, index * size, (index + 1) * size);
  let hidden: Tensor | undefined;
  let memory: Tensor | undefined;
  const outputs: Tensor[] = [];
  for (let step = 0; step < steps; step++) {
    const input = g.slice(fromInput, 2, step, step + 1);
    const bias = (): Tensor =>
      g.expand(g.reshape(hiddenBias, [1, 1, 1, hiddenBias.shape[0]!]), [variants, contexts, 1, hiddenBias.shape[0]!]);
    const fromHidden: Tensor = hidden ? g.linear(hidden, hiddenWeight, hiddenBias) : bias();
    if (cell === 'lstm') {
      const next: LstmState = lstmStep(g, g.add(input, fromHidden), memory);
      ({ hidden, memory } = next);
    } else {
      const reset = g.sigmoid(g.add(gate(input, 0), gate(fromHidden, 0)));
      const keep = g.sigmoid(g.add(gate(input, 1), gate(fromHidden, 1)));
      const fresh = g.tanh(g.add(gate(input, 2), g.mul(reset, gate(fromHidden, 2))));
      // (1 − z)·n + z·h
      hidden = g.add(fresh, g.mul(keep, hidden ? g.sub(hidden, fresh) : g.neg(fresh)));
    }
    outputs.push(hidden);
  }
  return g.concat(outputs, 2);
}

export interface LstmState {
  /** [V, N, T, h] each */
  readonly hidden: Tensor;
  readonly memory: Tensor;
}

/** One step of an LSTM: `sum` [V, N, T, 4h] of what input and hidden state give the gates, and the memory before, absent at the start. */
export function lstmStep(g: Graph, sum: Tensor, before: Tensor | undefined): LstmState {
  const size = sum.shape[3]! / gateCount.lstm;
  const gate = (index: number): Tensor => g.slice(sum, 3, index * size, (index + 1) * size);
  const fresh = g.mul(g.sigmoid(gate(0)), g.tanh(gate(2)));
  const memory = before ? g.add(g.mul(g.sigmoid(gate(1)), before), fresh) : fresh;
  return { hidden: g.mul(g.sigmoid(gate(3)), g.tanh(memory)), memory };
}
