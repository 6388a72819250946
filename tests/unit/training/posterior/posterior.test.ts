import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../../../src/core/random.ts';
import { drawWeights, type GaussianPosterior } from '../../../../src/models/posterior/gaussian.ts';
import { FisherDiagonal, priorPrecision } from '../../../../src/training/posterior/laplace.ts';
import { SwagMoments } from '../../../../src/training/posterior/swag.ts';

/** A layout of one vector. */
const layoutOf = (size: number) => ({ slots: [{ name: 'w', shape: [size], offset: 0 }], size });

/** Means and covariances of many variants of one tensor `w`. */
function momentsOf(posterior: GaussianPosterior, centre: Float32Array, draws: number) {
  const vectors = Array.from({ length: draws }, (_, k) => drawWeights(posterior, () => centre, k + 1, 3).get('w')!);
  const mean = Array.from(centre, (_, i) => vectors.reduce((sum, each) => sum + each[i]!, 0) / draws);
  const covariance = (i: number, j: number) =>
    vectors.reduce((sum, each) => sum + (each[i]! - mean[i]!) * (each[j]! - mean[j]!), 0) / draws;
  return { mean, covariance };
}

describe('SWAG', () => {
  /** A trajectory of 2 correlated parameters and one that stands still. */
  const trajectory = Array.from({ length: 400 }, (_, t) => {
    const stream = new RandomStream(1, 'test/swag', t);
    const common = stream.normal();
    return Float32Array.of(1 + 0.3 * common, -2 + 0.3 * common + 0.1 * stream.normal(), 5);
  });
  const moments = new SwagMoments(3, 200);
  for (const parameters of trajectory) moments.add(parameters);

  test('stands at the mean of the trajectory', () => {
    const mean = (i: number) => trajectory.reduce((sum, each) => sum + each[i]!, 0) / trajectory.length;
    for (let i = 0; i < 3; i++) expect(moments.centre()[i]).toBeCloseTo(mean(i), 5);
  });

  test('draws with the variance of the trajectory, half of its correlation, and nothing where it stood still', () => {
    const { mean, covariance } = momentsOf(moments.posterior(layoutOf(3)), moments.centre(), 4000);
    expect(mean[0]).toBeCloseTo(1, 1);
    expect(Math.sqrt(covariance(0, 0))).toBeCloseTo(0.3, 1);
    expect(Math.sqrt(covariance(1, 1))).toBeCloseTo(Math.hypot(0.3, 0.1), 1);
    expect(covariance(0, 1) / 0.09).toBeGreaterThan(0.4);
    expect(covariance(0, 1) / 0.09).toBeLessThan(0.6);
    expect(covariance(2, 2)).toBeLessThan(1e-5);
  });

  test('needs a trajectory', () => {
    const one = new SwagMoments(1);
    one.add(Float32Array.of(1));
    expect(() => one.posterior(layoutOf(1))).toThrow('1 snapshots');
    expect(() => one.add(Float32Array.of(1, 2))).toThrow('2 parameters');
    expect(() => new SwagMoments(1, 1)).toThrow('at least 2');
  });
});

describe('last-layer Laplace', () => {
  const slot = (offset: number, length: number) => [{ name: 'w', shape: [length], offset }];
  const squared = (...gradient: number[]) => Float32Array.from(gradient, (value) => value ** 2);

  test('recovers the posterior of a mean whose noise is known', () => {
    // y = w + noise: the posterior of w has variance σ²/N, far narrower than any prior the evidence finds.
    const [weight, noise, windows] = [2, 0.5, 4000];
    const stream = new RandomStream(2, 'test/laplace');
    const head = slot(1, 1);
    const fisher = new FisherDiagonal(head);
    for (let n = 0; n < windows; n++) {
      const error = noise * stream.normal();
      fisher.add(error ** 2, squared(99, -2 * error), { slots: head });
    }
    const posterior = fisher.posterior(() => Float32Array.of(weight), 'squared');
    const { mean, covariance } = momentsOf(posterior, Float32Array.of(weight), 4000);
    expect(mean[0]).toBeCloseTo(weight, 2);
    expect(Math.sqrt(covariance(0, 0)) / (noise / Math.sqrt(windows))).toBeCloseTo(1, 1);
    // What is not of the head is certain.
    expect([...posterior.tensors.keys()]).toEqual(['w']);
  });

  test('is narrower with more windows, and as wide as the prior where the loss is flat', () => {
    const widthOf = (windows: number, gradient: number): number => {
      const fisher = new FisherDiagonal(slot(0, 2));
      for (let n = 0; n < windows; n++) fisher.add(1, squared(gradient, 3), { slots: slot(0, 2) });
      return fisher.posterior(() => Float32Array.of(1, 1), 'nats').tensors.get('w')!.deviation[0]!;
    };
    expect(widthOf(400, 1)).toBeLessThan(0.6 * widthOf(100, 1));
    // One of two weights is determined: λ = 1/Σw² = ½.
    expect(widthOf(100, 0)).toBeCloseTo(Math.SQRT2, 2);
  });

  test('finds the prior by the evidence', () => {
    const lambda = priorPrecision([1e9, 1e9, 1e9], [0.5, -0.5, 1]);
    expect(lambda).toBeCloseTo(3 / 1.5, 6);
    const [information, weights] = [
      [2, 5],
      [0.8, 1.4],
    ];
    const found = priorPrecision(information, weights);
    // The log evidence in λ, up to a constant.
    const evidence = (l: number) =>
      0.5 * (2 * Math.log(l) - l * (0.8 ** 2 + 1.4 ** 2) - information.reduce((sum, h) => sum + Math.log(h + l), 0));
    expect(evidence(found)).toBeGreaterThan(evidence(found * 1.05));
    expect(evidence(found)).toBeGreaterThan(evidence(found * 0.95));
    expect(priorPrecision([1], [0])).toBe(1);
  });

  test('needs windows', () => {
    expect(() => new FisherDiagonal([]).posterior(() => new Float32Array(1), 'nats')).toThrow('needs windows');
  });
});
