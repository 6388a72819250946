import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import { armaChanges, meanReversion } from '../../../src/training/corpus/arma.ts';
import { gaussianProcesses } from '../../../src/training/corpus/gaussianProcess.ts';
import { simulatedMarkets } from '../../../src/training/corpus/market.ts';
import { noisyWalks } from '../../../src/training/corpus/noisyWalk.ts';
import { regimeSwitches } from '../../../src/training/corpus/regimes.ts';
import { integrate, type SeriesSource } from '../../../src/training/corpus/source.ts';

const PATHS = 200;
const LENGTH = 200;

const differences = (path: Float64Array) => path.slice(1).map((value, i) => value - path[i]!);
const meanOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

function covariance(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  return meanOf(a.map((value, i) => (value - meanA) * (b[i]! - meanB)));
}

/** Correlation of the changes with the ones before. */
function autocorrelation(path: Float64Array): number {
  const changes = differences(path);
  return covariance(changes.slice(1), changes.slice(0, -1)) / covariance(changes, changes);
}

/** Variance of 32-step changes over 32 times that of one-step ones: 1 for a random walk. */
function varianceRatio(path: Float64Array): number {
  const far = path.slice(32).map((value, i) => value - path[i]!);
  return meanOf(far.map((value) => value * value)) / (32 * meanOf(differences(path).map((value) => value * value)));
}

/** Variance of 64-step changes over twice that of 32-step ones: 1 for a random walk, whatever noise is on it. */
function farRatio(path: Float64Array): number {
  const square = (steps: number) => meanOf(path.slice(steps).map((value, i) => (value - path[i]!) ** 2));
  return square(64) / (2 * square(32));
}

/** A statistic of many paths of a source, sorted. */
function statistics(source: SeriesSource, of: (path: Float64Array) => number, paths = PATHS): number[] {
  const stream = new RandomStream(9, 'corpus');
  return Array.from({ length: paths }, () => of(source.draw(stream, LENGTH))).sort((a, b) => a - b);
}

const quantile = (sorted: readonly number[], share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;

describe.each([
  armaChanges,
  meanReversion,
  regimeSwitches,
  gaussianProcesses(1, 4),
  noisyWalks,
  simulatedMarkets(500_000_000, 2),
])('$name', (source) => {
  it('is drawn in the length asked for, finite and moving, the same from the same stream', () => {
    const [path, again, next] = [source, source].flatMap((each) => {
      const stream = new RandomStream(2, 'path');
      return [each.draw(stream, 60), each.draw(stream, 60)];
    }) as [Float64Array, Float64Array, Float64Array];
    expect(path).toHaveLength(60);
    expect(path.every(Number.isFinite)).toBe(true);
    expect(differences(path).some((change) => change !== 0)).toBe(true);
    expect(next).toEqual(path);
    expect(again).not.toEqual(path);
  });
});

describe('the corpus', () => {
  it('has ARMA changes of both signs of autocorrelation, more often positive', () => {
    const sorted = statistics(armaChanges, autocorrelation);
    expect(quantile(sorted, 0.1)).toBeLessThan(-0.2);
    expect(quantile(sorted, 0.9)).toBeGreaterThan(0.6);
    expect(quantile(sorted, 0.5)).toBeGreaterThan(0);
  });

  it('has levels that revert to their mean, and less so the longer their half-life', () => {
    const sorted = statistics(meanReversion, varianceRatio);
    expect(quantile(sorted, 0.5)).toBeLessThan(0.6);
    expect(quantile(sorted, 0.02)).toBeLessThan(0.15);
    expect(meanOf(sorted)).toBeLessThan(meanOf(statistics(walk, varianceRatio)) - 0.2);
  });

  it('has regimes: changes whose drift lasts, so that far changes vary more than a walk’s', () => {
    const sorted = statistics(regimeSwitches, varianceRatio);
    expect(meanOf(sorted)).toBeGreaterThan(1.5 * meanOf(statistics(walk, varianceRatio)));
  });

  it('has walks whose changes go back, by bouncing and rounding, but not their far changes', () => {
    const sorted = statistics(noisyWalks, autocorrelation);
    expect(quantile(sorted, 0.5)).toBeLessThan(-0.05);
    expect(quantile(sorted, 0.2)).toBeLessThan(-0.2);
    const ratio = meanOf(statistics(noisyWalks, farRatio));
    expect(Math.abs(ratio / meanOf(statistics(walk, farRatio)) - 1)).toBeLessThan(0.25);
  });

  it('has Gaussian processes of zero mean and bounded variance, most of them smooth', () => {
    const source = gaussianProcesses(3, 6);
    const ends = statistics(source, (path) => path.at(-1)!);
    expect(Math.abs(meanOf(ends))).toBeLessThan(0.4);
    expect(meanOf(ends.map((value) => value * value))).toBeLessThan(3.1);
    expect(quantile(statistics(source, autocorrelation), 0.75)).toBeGreaterThan(0.3);
  });

  it('has the same Gaussian kernels for the same seed only', () => {
    const path = (seed: number) => gaussianProcesses(seed, 1).draw(new RandomStream(1, 'gp'), 40);
    expect(path(1)).toEqual(path(1));
    expect(path(1)).not.toEqual(path(2));
  });
});

/** What the others are compared with. */
const walk: SeriesSource = {
  name: 'random walk',
  draw: (stream, length) => integrate(Float64Array.from({ length }, () => stream.normal())),
};
