/**
 * Last-layer Laplace approximation (MacKay, 1992; Daxberger et al., 2021): a Gaussian around the trained head, as wide as the loss is
 * flat there. The curvature is the diagonal empirical Fisher information; how strongly the prior holds is found by the evidence.
 */

import { sizeOf } from '../../models/graph/ir.ts';
import type { GaussianPosterior, TensorSpread } from '../../models/posterior/gaussian.ts';
import type { ParameterLayout, ParameterSlot } from '../parameters.ts';

/** Sums squared gradients of single windows' losses. */
export class FisherDiagonal {
  private count = 0;
  private lossSum = 0;
  /** [H] over all slots, one after the other */
  private readonly squares: Float64Array;

  /** @param head the tensors that are uncertain, usually those of the last layer */
  constructor(private readonly head: readonly Pick<ParameterSlot, 'name' | 'shape'>[]) {
    this.squares = new Float64Array(head.reduce((sum, { shape }) => sum + sizeOf(shape), 0));
  }

  get windows(): number {
    return this.count;
  }

  /** @param squares [P] of a layout that holds the head: squared gradient of one window's loss */
  add(loss: number, squares: Float32Array, { slots }: Pick<ParameterLayout, 'slots'>): void {
    this.count++;
    this.lossSum += loss;
    let at = 0;
    for (const { name, shape } of this.head) {
      const { offset } = slots.find((slot) => slot.name === name)!;
      for (let i = 0; i < sizeOf(shape); i++, at++) this.squares[at] = this.squares[at]! + squares[offset + i]!;
    }
  }

  /**
   * The posterior of the head: normal about its trained weights with precision N·F + λ.
   *
   * @param trained the trained weights, by name
   * @param likelihood what the loss is. `squared`: a mean squared error, the noise variance taken from it, so a nat is loss/(2·mean loss);
   * `absolute`: a mean absolute or quantile error, a nat is loss/mean loss; `nats`: it is a negative log-likelihood already
   * @throws RangeError without windows
   */
  posterior(trained: (name: string) => Float32Array, likelihood: 'squared' | 'absolute' | 'nats'): GaussianPosterior {
    const { head, count } = this;
    if (count === 0) throw new RangeError('a Laplace approximation needs windows');
    const meanLoss = this.lossSum / count;
    const toNats = likelihood === 'nats' || !(meanLoss > 0) ? 1 : 1 / ((likelihood === 'squared' ? 2 : 1) * meanLoss);
    // N·F: a sum over windows, whatever their number.
    const information = this.squares.map((square) => square * toNats ** 2);
    const weights = head.flatMap(({ name }) => [...trained(name)]);
    const precision = priorPrecision(information, weights);
    const tensors = new Map<string, TensorSpread>();
    let at = 0;
    for (const { name, shape } of head) {
      const deviation = Float32Array.from({ length: sizeOf(shape) }, (_, i) => {
        return 1 / Math.sqrt(information[at + i]! + precision);
      });
      at += deviation.length;
      tensors.set(name, { shape, deviation, columns: [] });
    }
    return { kind: 'laplace', tensors };
  }
}

const MOST_ROUNDS = 100;

/**
 * λ that maximises the evidence: λ = γ/Σw², γ = Σ h/(h + λ) the number of well-determined parameters (MacKay, 1992).
 *
 * @param information [H] N·F
 * @param weights [H] at the mode
 */
export function priorPrecision(information: ArrayLike<number>, weights: ArrayLike<number>): number {
  let size = 0;
  for (let i = 0; i < weights.length; i++) size += weights[i]! ** 2;
  // A head of zeros says nothing of its prior; one is the usual unit.
  if (!(size > 0)) return 1;
  let precision = weights.length / size;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let determined = 0;
    for (let i = 0; i < information.length; i++) determined += information[i]! / (information[i]! + precision);
    const next = Math.max(determined / size, 1e-12 / size);
    const settled = Math.abs(next - precision) <= 1e-9 * precision;
    precision = next;
    if (settled) break;
  }
  return precision;
}
