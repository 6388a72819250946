import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalCdf } from '../../../../src/core/normal.ts';
import { RandomStream } from '../../../../src/core/random.ts';
import { probabilityOfOverfitting } from '../../../../src/risk/inference/overfitting.ts';
import { checkReality } from '../../../../src/risk/inference/realityCheck.ts';
import {
  deflatedSharpe,
  expectedBestSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
} from '../../../../src/risk/inference/sharpeSignificance.ts';

/** [N][T] independent returns with given means and unit variance. */
function noise(means: readonly number[], periods: number, seed: number): Float64Array[] {
  return means.map((mean, i) => {
    const stream = new RandomStream(seed, 'test/honesty', i);
    return Float64Array.from({ length: periods }, () => mean + stream.normal());
  });
}

const worthless = (count: number) => new Array<number>(count).fill(0);

describe('significance of a Sharpe ratio', () => {
  test('equals the formula worked by hand', () => {
    // Mean 0.5, stdev 1.5, skewness 0, kurtosis 1: SR = 1/3, and (kurtosis − 1)/4 is 0.
    const returns = [2, -1, 2, -1, 2, -1, 2, -1, 2, -1];
    expect(probabilisticSharpe(returns, 0, 0)).toBeCloseTo(normalCdf(1), 12);
    expect(probabilisticSharpe(returns, 0, 1 / 3)).toBeCloseTo(0.5, 12);
    expect(minimumTrackRecord(returns, 0, 0, 0.975)).toBeCloseTo(1 + 9 * 1.959963984540054 ** 2, 9);
    expect(minimumTrackRecord(returns, 0.5, 0, 0.95)).toBe(Number.POSITIVE_INFINITY);
  });

  test('a series as long as the minimum track record just reaches the confidence', () => {
    const series = fc.array(fc.double({ min: -1, max: 1.2, noNaN: true }), { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(series, (returns) => {
        const confidence = probabilisticSharpe(returns, 0, 0);
        fc.pre(confidence > 0.501 && confidence < 0.9999);
        expect(minimumTrackRecord(returns, 0, 0, confidence) / returns.length).toBeCloseTo(1, 6);
      }),
    );
  });

  test('the best of N worthless strategies is about as good as expected', () => {
    const stream = new RandomStream(1, 'test/best');
    let best = 0;
    for (let trial = 0; trial < 2000; trial++) {
      let largest = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < 50; i++) largest = Math.max(largest, stream.normal());
      best += largest / 2000;
    }
    expect(Math.abs(expectedBestSharpe(50, 1) - best)).toBeLessThan(0.05);
    expect(expectedBestSharpe(1, 1)).toBe(0);
  });

  test('deflation grows with the number of trials and counts them itself', () => {
    const good = noise([0.5], 100, 1);
    const deflated = [2, 10, 100].map((trials) => deflatedSharpe([...good, ...noise(worthless(trials), 100, 2)], 0)!);
    expect(deflated.map(({ trials }) => trials)).toEqual([3, 11, 101]);
    expect(deflated.every(({ best, probabilistic }) => best === 0 && probabilistic > 0.95)).toBe(true);
    expect(deflated[1]!.deflated).toBeLessThan(deflated[0]!.deflated);
    expect(deflated[2]!.deflated).toBeLessThan(deflated[1]!.deflated);
    expect(deflatedSharpe([[0, 0, 0], ...good], 0)!.trials).toBe(1);
    expect(deflatedSharpe([[0, 0, 0]], 0)).toBeNull();
  });
});

describe('probability of backtest overfitting', () => {
  test('is about one half on noise and near zero where one strategy is truly better', () => {
    let average = 0;
    for (let seed = 0; seed < 20; seed++) {
      average += probabilityOfOverfitting(noise(worthless(20), 160, seed), 0, 8).probability / 20;
    }
    expect(Math.abs(average - 0.5)).toBeLessThan(0.12);
    const better = probabilityOfOverfitting(noise([0.6, ...worthless(19)], 160, 1), 0, 8);
    expect(better.probability).toBeLessThan(0.02);
    expect(better.probabilityOfLoss).toBeLessThan(0.02);
    expect(better.logits).toHaveLength(70);
  });

  test('of two strategies that take turns is one', () => {
    const first = [1, 1.1, 1, 1.1, -1, -1.1, -1, -1.1];
    const turns = probabilityOfOverfitting([first, first.map((value) => -value)], 0, 2);
    expect(turns.probability).toBe(1);
    expect(turns.probabilityOfLoss).toBe(1);
  });

  test('needs days enough for its blocks', () => {
    expect(() => probabilityOfOverfitting(noise([0, 0], 20, 1), 0)).toThrow('16 blocks need at least 32 periods');
  });
});

describe('reality check and superior predictive ability', () => {
  const options = { seed: 1, replicates: 400, scheme: 'stationary', blockLength: 3 } as const;

  test('reject noise about as often as they say, and find a strategy that is truly better', () => {
    let [white, hansen] = [0, 0];
    for (let seed = 0; seed < 200; seed++) {
      const checked = checkReality(noise(worthless(10), 100, seed), { ...options, seed, replicates: 200 });
      if (checked.realityCheck < 0.1) white++;
      if (checked.superiorPredictiveAbility < 0.1) hansen++;
    }
    for (const rejected of [white, hansen]) {
      expect(rejected / 200).toBeGreaterThan(0.04);
      expect(rejected / 200).toBeLessThan(0.2);
    }
    const better = checkReality(noise([0, 0.6, 0, 0], 100, 1), options);
    expect(better.best).toBe(1);
    expect(better.realityCheck).toBeLessThan(0.01);
    expect(better.superiorPredictiveAbility).toBeLessThan(0.01);
  });

  test('bad strategies among the trials cost White power but not Hansen', () => {
    const strategies = noise([0.25, 0, 0], 100, 3);
    // Bad and wild: their luck alone would beat any honest mean.
    const wild = noise(worthless(20), 100, 4).map((series) => series.map((value) => 10 * value - 10));
    const crowded = checkReality([...strategies, ...wild], options);
    const alone = checkReality(strategies, options);
    expect(crowded.realityCheck).toBeGreaterThan(0.5);
    expect(crowded.superiorPredictiveAbility).toBeLessThan(alone.superiorPredictiveAbility + 0.05);
    expect(crowded.lower).toBeLessThanOrEqual(crowded.superiorPredictiveAbility);
    expect(crowded.upper).toBeGreaterThanOrEqual(crowded.superiorPredictiveAbility);
  });

  test('strategies equal to the benchmark are no evidence', () => {
    expect(checkReality([new Float64Array(50)], options).superiorPredictiveAbility).toBe(1);
  });
});
