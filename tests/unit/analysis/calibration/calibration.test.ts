import { describe, expect, test } from 'vitest';
import { calibrate, DEFAULT_INTERVAL } from '../../../../src/analysis/calibration/calibration.ts';
import type { Progress } from '../../../../src/core/types.ts';
import { plantReturns } from '../../../../src/risk/lines/planted.ts';
import { mean } from '../../../../src/risk/moments/statistics.ts';

const planted = {
  configurations: 20,
  variants: 6,
  days: 60,
  sharpePerDay: 0.15,
  riskFreePerPeriod: 2e-4,
  sigmaAleatory: { min: 0.005, max: 0.02 },
  sigmaEpistemic: { min: 0.003, max: 0.012 },
  commonShare: 0.5,
  autocorrelation: 0,
};
const settings = { studies: 150, replicates: 199, confidence: 0.95, seed: 1, rivalSharpePerDay: 0.15 };

describe('calibrate', () => {
  test('the default interval covers what it says where days are shared, the analytic one does not', async () => {
    const { intervals, estimators, difference } = await calibrate(planted, settings);
    const coverage = new Map(intervals.map((score) => [score.name, score.coverage]));
    // Three standard errors of 150 studies.
    expect(coverage.get(DEFAULT_INTERVAL)!).toBeGreaterThan(0.95 - 0.054);
    expect(coverage.get('least squares, analytic')!).toBeLessThan(0.8);
    expect(coverage.get('least squares, configurations, percentile')!).toBeLessThan(0.8);
    expect(difference.coverage).toBeGreaterThan(0.95 - 0.054);
    for (const { bias, rootMeanSquareError } of estimators) {
      expect(Math.abs(bias)).toBeLessThan(0.05);
      expect(rootMeanSquareError).toBeLessThan(0.25);
    }
  });

  test('power grows with days, and the same settings give the same scores', async () => {
    const few = { ...settings, studies: 40 };
    const strong = { ...planted, sharpePerDay: 0.3 };
    const [short, again, long] = await Promise.all(
      [20, 20, 200].map((days) => calibrate({ ...strong, days }, { ...few, rivalSharpePerDay: 0 })),
    );
    expect(again).toEqual(short);
    const power = (result: typeof short) =>
      result!.intervals.find(({ name }) => name === DEFAULT_INTERVAL)!.excludesZero;
    expect(power(long)).toBeGreaterThan(power(short) + 0.2);
    expect(long!.difference.excludesZero).toBeGreaterThan(short!.difference.excludesZero);
  });

  test('counts its studies and stops when cancelled', async () => {
    const seen: Progress[] = [];
    const controller = new AbortController();
    const stopped = calibrate(
      planted,
      settings,
      (progress) => {
        seen.push(progress);
        if (progress.done === 2) controller.abort();
      },
      controller.signal,
    );
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen.map(({ done }) => done)).toEqual([1, 2]);
  });
});

describe('plantReturns', () => {
  test('has the planted expectations, variances and dependence', () => {
    const days = 20_000;
    const { panel, sigmaAleatory, sigmaEpistemic } = plantReturns({
      ...planted,
      configurations: 2,
      variants: 2,
      days,
      autocorrelation: 0.3,
      seed: 1,
    });
    const [first, second] = [0, 1].map((c) => panel.returns.subarray(c * 2 * days, c * 2 * days + days));

    const covariance = (left: Float64Array, right: Float64Array, lag = 0) => {
      const [leftMean, rightMean] = [mean(left), mean(right)];
      return (
        left.reduce((sum, value, t) => sum + (value - leftMean) * ((right[t + lag] ?? rightMean) - rightMean), 0) / days
      );
    };
    expect(Math.abs(mean(first!) - (2e-4 + 0.15 * sigmaAleatory[0]!))).toBeLessThan(4e-4);
    const variance = sigmaAleatory[0]! ** 2 + sigmaEpistemic[0]! ** 2;
    expect(covariance(first!, first!) / variance).toBeCloseTo(1, 1);
    const shared = 0.5 * (sigmaAleatory[0]! * sigmaAleatory[1]! + sigmaEpistemic[0]! * sigmaEpistemic[1]!);
    expect(Math.abs(covariance(first!, second!) / shared - 1)).toBeLessThan(0.1);
    const lagged = 0.5 * 0.3 * sigmaAleatory[0]! ** 2;
    expect(Math.abs(covariance(first!, first!, 1) / lagged - 1)).toBeLessThan(0.25);
  });
});
