/**
 * SWAG (Maddox et al., 2019, "A Simple Baseline for Bayesian Uncertainty in Deep Learning"): the parameters that stochastic gradient
 * descent visits at a constant learning rate, as a Gaussian with a diagonal and a low-rank part.
 */

import type { GaussianPosterior } from '../../models/posterior/gaussian.ts';
import { type ParameterLayout, unflatten } from '../parameters.ts';

/** Collects the moments while training goes on. */
export class SwagMoments {
  private count = 0;
  private readonly mean: Float64Array;
  private readonly square: Float64Array;
  private readonly deviations: Float32Array[] = [];

  /** @param rank columns of the low-rank part: the last so many deviations from the running mean, at least 2 */
  constructor(
    size: number,
    private readonly rank = 10,
  ) {
    if (!Number.isInteger(rank) || rank < 2) throw new RangeError(`rank ${rank}: at least 2`);
    this.mean = new Float64Array(size);
    this.square = new Float64Array(size);
  }

  get snapshots(): number {
    return this.count;
  }

  /** Takes the parameters [P] of one moment of the trajectory. */
  add(parameters: Float32Array): void {
    const { mean, square } = this;
    if (parameters.length !== mean.length) throw new RangeError(`${parameters.length} parameters, not ${mean.length}`);
    this.count++;
    const share = 1 / this.count;
    const deviation = new Float32Array(mean.length);
    for (let i = 0; i < mean.length; i++) {
      const value = parameters[i]!;
      mean[i] = mean[i]! + (value - mean[i]!) * share;
      square[i] = square[i]! + (value * value - square[i]!) * share;
      deviation[i] = value - mean[i]!;
    }
    this.deviations.push(deviation);
    if (this.deviations.length > this.rank) this.deviations.shift();
  }

  /** [P] where the posterior stands: the mean of the trajectory, to be the checkpoint's weights (stochastic weight averaging). */
  centre(): Float32Array {
    return Float32Array.from(this.mean);
  }

  /**
   * The posterior, eq. (1) of the paper: θ̄ + ½^½·Σ_diag^½·z₁ + (2(R−1))^−½·D·z₂. Both halves weigh the same, so that the covariance is
   * the mean of the diagonal and the low-rank one.
   *
   * @throws RangeError before two snapshots
   */
  posterior(layout: ParameterLayout): GaussianPosterior {
    const { mean, deviations, count } = this;
    if (count < 2) throw new RangeError(`${count} snapshots have no spread: SWAG needs at least 2`);
    const spread = Float32Array.from(mean, (value, i) => Math.sqrt(Math.max(0, this.square[i]! - value * value) / 2));
    const share = 1 / Math.sqrt(2 * Math.max(1, deviations.length - 1));
    const columns = deviations.map((column) =>
      unflatten(
        layout,
        column.map((value) => value * share),
      ),
    );
    const tensors = unflatten(layout, spread).map(([name, shape, deviation], t) => {
      return [name, { shape, deviation, columns: columns.map((tensor) => tensor[t]![2]) }] as const;
    });
    return { kind: 'swag', tensors: new Map(tensors) };
  }
}
