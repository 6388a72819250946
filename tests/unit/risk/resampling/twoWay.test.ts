import { expect, test } from 'vitest';
import { plantReturns } from '../../../../src/risk/lines/planted.ts';
import { maskPanel } from '../../../../src/risk/resampling/maskCloud.ts';
import { defaultTwoWay, twoWayInference } from '../../../../src/risk/resampling/twoWay.ts';

test('where variants differ lastingly, drawing them too covers the planted slope; days alone are too sure', async () => {
  const covered = { twoWay: 0, days: 0 };
  const width = { twoWay: 0, days: 0 };
  const clouds = 30;
  for (let seed = 0; seed < clouds; seed++) {
    const { panel } = plantReturns({
      ...{ configurations: 12, variants: 8, days: 60, sharpePerDay: 0.2, riskFreePerPeriod: 2e-4 },
      sigmaAleatory: { min: 0.003, max: 0.012 },
      sigmaEpistemic: { min: 0.006, max: 0.02 },
      ...{ commonShare: 0.3, autocorrelation: 0, lastingShare: 0.6, seed },
    });
    const options = { ...defaultTwoWay, replicates: 149, riskFreePerPeriod: 2e-4, seed, forms: ['corrected'] as const };
    const { through } = (await twoWayInference(maskPanel(panel), options)).forms.corrected;
    for (const kind of ['twoWay', 'days'] as const) {
      const { low, high } = through[kind]!;
      width[kind] += high - low;
      if (low <= 0.2 && high >= 0.2) covered[kind]++;
    }
  }
  expect(width.twoWay).toBeGreaterThan(1.3 * width.days);
  expect(covered.twoWay).toBeGreaterThan(0.85 * clouds);
  expect(covered.days).toBeLessThan(0.85 * clouds);
}, 120_000);
