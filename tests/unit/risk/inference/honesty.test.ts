import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalCdf } from '../../../../src/core/normal.ts';
import { RandomStream } from '../../../../src/core/random.ts';
import { deflateBest, testMany } from '../../../../src/risk/inference/manyStrategies.ts';
import { probabilityOfOverfitting } from '../../../../src/risk/inference/overfitting.ts';
import {
  expectedBestSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
} from '../../../../src/risk/inference/sharpeSignificance.ts';
import { orderedDraws } from '../../../../src/risk/resampling/dayResampling.ts';

/** [N][T] independent returns with given means and unit variance. */
function noise(means: readonly number[], periods: number, seed: number): Float64Array[] {
  return means.map((mean, i) => {
    const stream = new RandomStream(seed, 'test/honesty', i);
    return Float64Array.from({ length: periods }, () => mean + stream.normal());
  });
}

/** Draws of single days. */
function drawsOf(periods: number, count = 199, seed = 1) {
  const blocks = { seed, name: 'test/draws', scheme: 'stationary', blockLength: 3 } as const;
  return { count, orderOf: orderedDraws(blocks, periods) };
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
    const deflated = [2, 10, 100].map(
      (trials) => deflateBest([...good, ...noise(worthless(trials), 100, 2)], 0, 0.95, drawsOf(100))!,
    );
    expect(deflated.map(({ trials }) => trials)).toEqual([3, 11, 101]);
    expect(deflated.every(({ best, probabilistic }) => best === 0 && probabilistic > 0.95)).toBe(true);
    for (const kind of ['textbook', 'bootstrap'] as const) {
      expect(deflated[1]![kind].expectedBest).toBeGreaterThan(deflated[0]![kind].expectedBest);
      expect(deflated[2]![kind].expectedBest).toBeGreaterThan(deflated[1]![kind].expectedBest);
    }
    expect(deflateBest([[0, 0, 0]], 0, 0.95, drawsOf(3))).toBeNull();
  });

  test('earlier trials count even with a single configuration, by what a worthless one varies', () => {
    const good = noise([0.3], 100, 1);
    const [alone, after] = [0, 400].map((before) => deflateBest(good, 0, 0.95, drawsOf(100), before)!);
    expect(alone!.textbook.expectedBest).toBe(0);
    expect(after!.trials).toBe(401);
    // The largest of 401 normals of deviation 1/√99.
    for (const kind of ['textbook', 'bootstrap'] as const) {
      expect(Math.abs(after![kind].expectedBest * Math.sqrt(99) - 2.97)).toBeLessThan(0.15);
      expect(after![kind].deflated).toBeLessThan(alone![kind].deflated);
    }
  });

  test('strategies that truly differ are not taken for luck, as the textbook does', () => {
    const spread = noise(
      Array.from({ length: 20 }, (_, i) => (i - 10) / 25),
      200,
      3,
    );
    const { textbook, bootstrap } = deflateBest(spread, 0, 0.95, drawsOf(200))!;
    expect(textbook.expectedBest).toBeGreaterThan(2 * bootstrap.expectedBest);
    expect(bootstrap.deflated).toBeGreaterThan(0.95);
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
  test('reject noise about as often as they say, and find a strategy that is truly better', () => {
    let [white, hansen, anyFound] = [0, 0, 0];
    for (let seed = 0; seed < 200; seed++) {
      const checked = testMany(noise(worthless(10), 100, seed), drawsOf(100, 199, seed))!;
      if (checked.whiteRealityCheck.pValue < 0.1) white++;
      if (checked.superiorPredictiveAbility.consistent < 0.1) hansen++;
      if (checked.romanoWolf.adjustedPValues.some((p) => p < 0.1)) anyFound++;
    }
    for (const rejected of [white, hansen, anyFound]) {
      expect(rejected / 200).toBeGreaterThan(0.04);
      expect(rejected / 200).toBeLessThan(0.2);
    }
    const better = testMany(noise([0, 0.6, 0, 0], 100, 1), drawsOf(100, 399))!;
    expect(better.best).toBe(1);
    expect(better.whiteRealityCheck.pValue).toBeLessThan(0.01);
    expect(better.superiorPredictiveAbility.consistent).toBeLessThan(0.01);
    expect(better.romanoWolf.adjustedPValues.map((p) => p < 0.05)).toEqual([false, true, false, false]);
    // (b + 1)/(B + 1): never 0.
    expect(better.whiteRealityCheck.pValue).toBeGreaterThanOrEqual(1 / 400);
  });

  test('bad strategies among the trials cost White power but not Hansen', () => {
    const strategies = noise([0.25, 0, 0], 100, 3);
    // Bad and wild: their luck alone would beat any honest mean.
    const wild = noise(worthless(20), 100, 4).map((series) => series.map((value) => 10 * value - 10));
    const crowded = testMany([...strategies, ...wild], drawsOf(100, 399))!;
    const alone = testMany(strategies, drawsOf(100, 399))!;
    const spa = crowded.superiorPredictiveAbility;
    expect(crowded.whiteRealityCheck.pValue).toBeGreaterThan(0.5);
    expect(spa.consistent).toBeLessThan(alone.superiorPredictiveAbility.consistent + 0.05);
    expect(spa.lower).toBeLessThanOrEqual(spa.consistent);
    expect(spa.upper).toBeGreaterThanOrEqual(spa.consistent);
    expect(spa.poor).toBe(20);
  });

  test('strategies equal to the benchmark are left out, and alone are no evidence', () => {
    expect(testMany([new Float64Array(50)], drawsOf(50))).toBeNull();
    expect(testMany([new Float64Array(50), ...noise([0], 50, 1)], drawsOf(50))!.left).toEqual([0]);
  });
});
