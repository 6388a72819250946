import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../../../src/core/random.ts';
import type { Progress } from '../../../../src/core/types.ts';
import { decompose } from '../../../../src/risk/decomposition/decomposition.ts';
import { fitLeastSquares, fitThroughRiskFree } from '../../../../src/risk/lines/marketLine.ts';
import { type PlantedSettings, plantReturns } from '../../../../src/risk/lines/planted.ts';
import { fitOrthogonal } from '../../../../src/risk/lines/robustLines.ts';
import { writeSlopes } from '../../../../src/risk/lines/slopes.ts';
import { automaticBlockLength } from '../../../../src/risk/resampling/blockLength.ts';
import {
  bootstrapPeriods,
  defaultPeriodBootstrap,
  type SlopeBootstrap,
  slopeDifference,
} from '../../../../src/risk/resampling/bootstrap.ts';
import { bootstrapInterval } from '../../../../src/risk/resampling/bootstrapInterval.ts';
import { bootstrapConfigurations } from '../../../../src/risk/resampling/configurationBootstrap.ts';
import { drawPeriods, emptyDraw } from '../../../../src/risk/resampling/dayResampling.ts';
import {
  addWeightedRows,
  dayStatistics,
  emptyPoints,
  writePoints,
} from '../../../../src/risk/resampling/dayStatistics.ts';

const planted: PlantedSettings = {
  configurations: 12,
  variants: 4,
  days: 30,
  sharpePerDay: 0.2,
  riskFreePerPeriod: 2e-4,
  sigmaAleatory: { min: 0.005, max: 0.02 },
  sigmaEpistemic: { min: 0.003, max: 0.012 },
  commonShare: 0.5,
  autocorrelation: 0,
  seed: 3,
};
const options = { ...defaultPeriodBootstrap, replicates: 400, riskFreePerPeriod: 2e-4, seed: 1 };
const { panel } = plantReturns(planted);

describe('day statistics', () => {
  test('give, for any multiset of days, the means and both splits that decompose gives for those days', () => {
    const multisets = fc.array(fc.integer({ min: 0, max: 29 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(multisets, fc.constantFrom('timeResolved', 'meanReturn'), (days, split) => {
        const table = dayStatistics(panel, split);
        const sums = new Float64Array(table.width);
        const points = emptyPoints(table.configurations);
        addWeightedRows(table, Int32Array.from(days), new Float64Array(days.length).fill(1), days.length, sums);
        writePoints(table, sums, days.length, points);
        for (const c of [0, 7, 11]) {
          const rows = [0, 1, 2, 3].flatMap((k) => days.map((t) => panel.returns[(c * 4 + k) * 30 + t]!));
          const want = decompose(Float64Array.from(rows), 4, days.length);
          expect(Math.abs(points.mean[c]! - want.mean)).toBeLessThan(1e-15);
          expect(Math.abs(points.sigma.aleatory[c]! ** 2 - want[split].aleatoryVariance)).toBeLessThan(1e-16);
          expect(Math.abs(points.sigma.epistemic[c]! ** 2 - want[split].epistemicVariance)).toBeLessThan(1e-16);
          expect(Math.abs(points.sigma.total[c]! ** 2 - want.totalVariance)).toBeLessThan(1e-16);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('the slopes are those of the fitted lines', () => {
    const stream = new RandomStream(1, 'test/slopes');
    const x = Float64Array.from({ length: 20 }, () => stream.uniform());
    const y = x.map((value) => 0.1 + 0.3 * value + 0.1 * stream.normal());
    const out = new Float64Array(3);
    writeSlopes(x, y, 0.05, out, 0);
    expect(out[0]).toBeCloseTo(fitLeastSquares(x, y).slope, 12);
    expect(out[1]).toBeCloseTo(fitThroughRiskFree(x, y, 0.05).slope, 12);
    expect(out[2]).toBeCloseTo(fitOrthogonal(x, y).slope, 12);
    writeSlopes(Float64Array.of(1, 1, 1), Float64Array.of(1, 2, 3), 0, out, 0);
    expect([...out]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe('drawPeriods', () => {
  test.each(['stationary', 'circular'] as const)('%s: draws T days, each as likely as any other', (scheme) => {
    const draw = emptyDraw(10);
    const totals = new Float64Array(10);
    for (let b = 0; b < 2000; b++) {
      drawPeriods(new RandomStream(1, 'test/days', b), scheme, 10, 3, draw);
      let sum = 0;
      for (let j = 0; j < draw.count; j++) {
        sum += draw.weights[j]!;
        totals[draw.days[j]!] = totals[draw.days[j]!]! + draw.weights[j]!;
      }
      expect(sum).toBe(10);
    }
    for (const total of totals) expect(Math.abs(total / 2000 - 1)).toBeLessThan(0.15);
  });

  test('both forms of a draw give the same sums over its days', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        (periods, block, index) => {
          const draw = emptyDraw(periods);
          drawPeriods(new RandomStream(1, 'test/days', index), 'stationary', periods, block, draw);
          const ofDays = draw.days
            .subarray(0, draw.count)
            .reduce((sum, day, j) => sum + draw.weights[j]! * day ** 2, 0);
          const running = (last: number) => (last * (last + 1) * (2 * last + 1)) / 6;
          const ofEnds = draw.ends
            .subarray(0, draw.endCount)
            .reduce((sum, day, j) => sum + draw.steps[j]! * running(day), 0);
          expect(ofEnds).toBe(ofDays);
        },
      ),
    );
  });

  test('long blocks keep neighbours together, single days do not', () => {
    const neighbours = (length: number) => {
      const draw = emptyDraw(200);
      drawPeriods(new RandomStream(1, 'test/days'), 'stationary', 200, length, draw);
      return draw.days.subarray(1, draw.count).filter((day, j) => day === draw.days[j]! + 1).length / draw.count;
    };
    expect(neighbours(40)).toBeGreaterThan(0.9);
    expect(neighbours(1)).toBeLessThan(0.8);
  });
});

describe('automaticBlockLength', () => {
  test('is short for independent days and grows with dependence', () => {
    const series = (coefficient: number) => {
      const stream = new RandomStream(2, 'test/ar');
      let value = 0;
      return Array.from({ length: 500 }, () => {
        value = coefficient * value + stream.normal();
        return value;
      });
    };
    const lengths = [0, 0.4, 0.8].map((coefficient) => automaticBlockLength(series(coefficient), 'stationary'));
    expect(lengths[0]!).toBeLessThan(5);
    expect(lengths[1]!).toBeGreaterThan(lengths[0]!);
    expect(lengths[2]!).toBeGreaterThan(2 * lengths[1]!);
    expect(automaticBlockLength(new Float64Array(50), 'circular')).toBe(1);
  });
});

describe('bootstrapInterval', () => {
  const stream = new RandomStream(4, 'test/interval');
  const sample = Float64Array.from({ length: 40 }, () => Math.exp(stream.normal()));
  const total = sample.reduce((sum, value) => sum + value, 0);
  const without = sample.map((value) => (total - value) / 39);
  const replicates = Float64Array.from({ length: 2000 }, () => {
    let sum = 0;
    for (let i = 0; i < 40; i++) sum += sample[stream.integer(40)]!;
    return sum / 40;
  });

  test('BCa leans to the side the data are skewed to, the others do not', () => {
    const ends = (['percentile', 'bca', 'studentT'] as const).map((method) =>
      bootstrapInterval(total / 40, replicates, without, 40, 0.9, method),
    );
    const [percentile, bca, student] = ends.map((end) => (end.kind === 'interval' ? end : { low: 0, high: 0 }));
    expect(bca!.low).toBeGreaterThan(percentile!.low);
    expect(bca!.high).toBeGreaterThan(percentile!.high);
    expect((student!.low + student!.high) / 2).toBeCloseTo(total / 40, 12);
  });

  test('says why where there is none', () => {
    const same = bootstrapInterval(1, new Float64Array(9).fill(1), new Float64Array(3), 3, 0.9, 'bca');
    expect(same).toMatchObject({ kind: 'none', problem: { code: 'risk/no-variation' } });
    const undefinedMostly = bootstrapInterval(1, Float64Array.of(1, 2, Number.NaN), sample, 3, 0.9, 'percentile');
    expect(undefinedMostly).toMatchObject({ kind: 'none', problem: { code: 'risk/undetermined' } });
  });
});

describe('bootstrapPeriods', () => {
  test('is the same with the same seed, other with another, and centred near the estimate', async () => {
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map((seed) => bootstrapPeriods([panel], { ...options, seed })),
    );
    const slope = first!.clouds[0]!.slopes.aleatory.leastSquares;
    expect(again!.clouds).toEqual(first!.clouds);
    expect(other!.clouds).not.toEqual(first!.clouds);
    if (slope.interval.kind !== 'interval') throw new Error('no interval');
    expect(slope.interval).toMatchObject({
      confidence: 0.95,
      method: 'studentT',
      resampled: 'circular',
      replicates: 400,
    });
    expect(slope.interval.low).toBeLessThan(slope.estimate);
    expect(slope.interval.high).toBeGreaterThan(slope.estimate);
  });

  test('estimates what the fits estimate', async () => {
    const points = Array.from({ length: 12 }, (_, c) =>
      decompose(panel.returns.subarray(c * 120, (c + 1) * 120), 4, 30),
    );
    const y = points.map((point) => point.mean);
    for (const split of ['timeResolved', 'meanReturn'] as const) {
      const { clouds } = await bootstrapPeriods([panel], { ...options, split, replicates: 20 });
      const x = points.map((point) => Math.sqrt(point[split].aleatoryVariance));
      expect(clouds[0]!.slopes.aleatory.leastSquares.estimate).toBeCloseTo(fitLeastSquares(x, y).slope, 10);
    }
  });

  test('shares its draws between models, so that a model differs from itself by nothing', async () => {
    const better = plantReturns({ ...planted, sharpePerDay: 1.2 }).panel;
    const bootstrap = await bootstrapPeriods([panel, panel, better], options);
    const [a, b, c] = bootstrap.clouds.map((cloud) => cloud.slopes.aleatory.leastSquares);
    expect(a!.replicates).toEqual(b!.replicates);
    expect(slopeDifference(bootstrap, a!, b!).interval).toMatchObject({ problem: { code: 'risk/no-variation' } });
    const paired = slopeDifference(bootstrap, c!, a!);
    expect(paired.estimate).toBeCloseTo(c!.estimate - a!.estimate, 12);
    const width = ({ interval }: SlopeBootstrap) => (interval.kind === 'interval' ? interval.high - interval.low : 0);
    // The same shocks move both, which unpaired draws could not cancel.
    expect(width(paired)).toBeLessThan(0.9 * Math.hypot(width(a!), width(c!)));
    expect(paired.interval.kind === 'interval' && paired.interval.low > 0).toBe(true);
  });

  test('reports progress to the end and stops when cancelled', async () => {
    const seen: Progress[] = [];
    await bootstrapPeriods([panel], options, (progress) => seen.push(progress));
    expect(seen.at(-1)).toMatchObject({ done: 400, total: 400, unit: 'replicates' });
    const cancelled = bootstrapPeriods([panel], { ...options, replicates: 1e6 }, undefined, AbortSignal.timeout(60));
    await expect(cancelled).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('says what a single variant, equal strategies, two strategies or missing returns cannot give', async () => {
    const single = { ...panel, rows: 1, returns: plantReturns({ ...planted, variants: 1 }).panel.returns };
    const equal = { ...panel, returns: Float64Array.from(panel.returns, (_, i) => panel.returns[i % 120]!) };
    const two = { ...panel, include: [3, 4] };
    const holes = { ...panel, returns: panel.returns.with(121, Number.NaN) };
    const flat = { ...panel, returns: new Float64Array(panel.returns.length) };
    const { clouds } = await bootstrapPeriods([single, equal, two, holes, flat], options);
    expect(clouds[0]!.slopes.epistemic.leastSquares.interval).toMatchObject({ problem: { code: 'risk/one-variant' } });
    expect(clouds[0]!.slopes.aleatory.leastSquares.interval).toMatchObject({ kind: 'interval' });
    expect(clouds[1]!.slopes.total.orthogonal.interval).toMatchObject({ problem: { code: 'risk/no-spread' } });
    expect(clouds[2]!.slopes.aleatory.leastSquares.interval).toMatchObject({
      problem: { code: 'risk/too-few-points' },
    });
    expect(clouds[3]!.leftOut).toEqual([1]);
    expect(clouds[3]!.slopes.aleatory.leastSquares.interval).toMatchObject({ kind: 'interval' });
    expect(clouds[4]!.slopes.aleatory.leastSquares.interval).toMatchObject({ problem: { code: 'risk/no-spread' } });
  });

  test('refuses fewer than five days', async () => {
    const short = plantReturns({ ...planted, days: 4 }).panel;
    await expect(bootstrapPeriods([short], options)).rejects.toMatchObject({ problem: { code: 'risk/too-few-days' } });
  });
});

describe('bootstrapConfigurations', () => {
  const settings = { riskFreePerPeriod: 0, seed: 1, replicates: 2000, confidence: 0.95, method: 'percentile' } as const;

  test('covers the slope of independent points about as often as it says', () => {
    const stream = new RandomStream(5, 'test/points');
    let covered = 0;
    for (let trial = 0; trial < 300; trial++) {
      const x = Array.from({ length: 40 }, () => stream.uniform());
      const y = x.map((value) => 1 + 2 * value + 0.3 * stream.normal());
      const { leastSquares } = bootstrapConfigurations(x, y, { ...settings, seed: trial, replicates: 300 });
      if (leastSquares.kind === 'interval' && leastSquares.low <= 2 && leastSquares.high >= 2) covered++;
    }
    expect(covered / 300).toBeGreaterThan(0.89);
    expect(covered / 300).toBeLessThan(0.99);
  });

  test('leaves out what is not finite and refuses what determines no line', () => {
    const one = bootstrapConfigurations([1, 2, 3, 4, Number.NaN], [1, 3, 2, 5, 9], settings);
    expect(one).toEqual(bootstrapConfigurations([1, 2, 3, 4], [1, 3, 2, 5], settings));
    const none = bootstrapConfigurations([1, 2], [1, 2], settings);
    expect(none.orthogonal).toMatchObject({ kind: 'none', problem: { code: 'risk/too-few-points' } });
  });
});
