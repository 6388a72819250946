import { expect, test } from 'vitest';
import { decompose } from '../../../../src/risk/decomposition/decomposition.ts';
import { plantReturns } from '../../../../src/risk/lines/planted.ts';
import { riskIntervals } from '../../../../src/risk/resampling/riskIntervals.ts';
import { bootstrapRobust } from '../../../../src/risk/resampling/robustBootstrap.ts';

const base = {
  configurations: 12,
  variants: 6,
  days: 80,
  sharpePerDay: 0.2,
  riskFreePerPeriod: 0,
  sigmaAleatory: { min: 0.005, max: 0.02 },
  sigmaEpistemic: { min: 0.003, max: 0.01 },
  commonShare: 0.3,
  autocorrelation: 0,
};
const options = { seed: 1, scheme: 'circular', replicates: 199, confidence: 0.95 } as const;

test('intervals of σ hold the estimate of both splits and cover the planted σ about as often as they say', () => {
  let covered = 0;
  let all = 0;
  for (let seed = 0; seed < 25; seed++) {
    const planted = plantReturns({ ...base, seed });
    const { returns, rows, periods } = planted.panel;
    for (const { configuration, sigma, mean } of riskIntervals(planted.panel, 1, { ...options, seed })) {
      const cells = rows * periods;
      const point = decompose(returns.subarray(configuration * cells, (configuration + 1) * cells), rows, periods);
      expect(mean!.low).toBeLessThan(point.mean);
      for (const split of ['timeResolved', 'meanReturn'] as const) {
        for (const [priced, variance] of [
          ['aleatory', point[split].aleatoryVariance],
          ['epistemic', point[split].epistemicVariance],
          ['total', point.totalVariance],
        ] as const) {
          expect(sigma[split][priced]!.low).toBeGreaterThan(0);
          expect(sigma[split][priced]!.low).toBeLessThan(Math.sqrt(variance));
          expect(sigma[split][priced]!.high).toBeGreaterThan(Math.sqrt(variance));
        }
      }
      const epistemic = sigma.timeResolved.epistemic!;
      // The plug-in split divides by K.
      const planted_ = planted.sigmaEpistemic[configuration]! * Math.sqrt((rows - 1) / rows);
      if (epistemic.low <= planted_ && planted_ <= epistemic.high) covered++;
      all++;
    }
  }
  expect(covered / all).toBeGreaterThan(0.9);
  expect(covered / all).toBeLessThan(0.995);
});

test('what never varies has no interval: one variant has no epistemic σ, a constant return no σ at all', () => {
  const one = riskIntervals({ ...plantReturns({ ...base, variants: 1, seed: 1 }).panel }, 1, options);
  expect(one[0]!.sigma.timeResolved.epistemic).toBeNull();
  expect(one[0]!.sigma.timeResolved.aleatory).not.toBeNull();
  const returns = new Float64Array(2 * 30).fill(0.001);
  const [still] = riskIntervals({ returns, rows: 2, periods: 30, firstVariant: 0 }, 1, options);
  expect(still!.mean).toBeNull();
  expect(still!.sigma.timeResolved.total).toBeNull();
});

test('a configuration with a return that is not finite is left out, and the others keep their numbers', () => {
  const { panel } = plantReturns({ ...base, seed: 3 });
  panel.returns[panel.rows * panel.periods] = Number.NaN;
  const found = riskIntervals(panel, 1, options).map(({ configuration }) => configuration);
  expect(found).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test('robust lines get intervals around the planted slope, or the reason why they have none', () => {
  const { panel } = plantReturns({ ...base, configurations: 30, days: 250, seed: 5 });
  const found = bootstrapRobust(panel, 1, { ...options, split: 'timeResolved' });
  for (const kind of ['theilSen', 'huber'] as const) {
    const interval = found.aleatory[kind];
    expect(interval.kind).toBe('interval');
    if (interval.kind === 'none') continue;
    expect(interval.low).toBeLessThan(base.sharpePerDay);
    expect(interval.high).toBeGreaterThan(base.sharpePerDay);
  }
  const two = bootstrapRobust({ ...panel, include: [0, 1] }, 1, { ...options, split: 'timeResolved' });
  expect(two.aleatory.huber).toMatchObject({ kind: 'none', problem: { code: 'risk/too-few-points' } });
});
