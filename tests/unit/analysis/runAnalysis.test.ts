import { expect, test } from 'vitest';
import { cloudTailsOf } from '../../../src/analysis/cloudTails.ts';
import { compareRuns } from '../../../src/analysis/comparison.ts';
import { honestyOf } from '../../../src/analysis/honesty.ts';
import { analyseRun } from '../../../src/analysis/runAnalysis.ts';
import { tableCsv } from '../../../src/export/csv.ts';
import { lineIntervalsOf } from '../../../src/marketLine/lineIntervals.ts';
import type { MarketLineResult } from '../../../src/marketLine/marketLineResult.ts';
import { configurationsTable, intervalsTable } from '../../../src/runs/exports.ts';
import { type PlantedRun, plantedResult } from '../runs/plantedResult.ts';

const plain: PlantedRun = { configurations: 12, variants: 4, days: 60, sharpePerDay: 0.2, seed: 1 };

test('the default interval of an analysis is the one of the result, and every line has the intervals that exist for it', async () => {
  const result = await plantedResult(plain);
  const { lines, risks, honesty } = await analyseRun(result, 0, 0);
  expect(lines.aleatory.leastSquares['days, studentT']).toEqual(result.intervals.aleatory.leastSquares);
  for (const kind of ['leastSquares', 'throughRiskFree'] as const) {
    expect(Object.keys(lines.total[kind])).toHaveLength(6);
    const analytic = lines.total[kind].analytic;
    const fit = result.fits.total;
    if (analytic?.kind !== 'interval' || fit.kind === 'none') throw new Error('no interval');
    expect((analytic.low + analytic.high) / 2).toBeCloseTo(fit[kind].slope, 12);
  }
  expect(lines.total.orthogonal.analytic).toBeUndefined();
  expect(Object.keys(lines.total.theilSen)).toEqual(['days, studentT']);
  expect(risks).toHaveLength(12);
  expect(honesty.deflated?.trials).toBe(12);
  const rows = tableCsv(configurationsTable(result, risks)).trimEnd().split('\r\n');
  expect(new Set(rows.map((row) => row.split(',').length)).size).toBe(1);
  expect(rows[0]).toContain('sigma epistemic mean-return high [bps/day]');
  // Three risks, two lines of six intervals, one of five, two of one.
  expect(tableCsv(intervalsTable(lines, 'day')).trimEnd().split('\r\n')).toHaveLength(1 + 3 * (6 + 6 + 5 + 1 + 1));
});

test('more trials deflate the best Sharpe ratio, and a worthless cloud is not believed', async () => {
  const result = await plantedResult({ ...plain, sharpePerDay: 0 });
  const [few, many] = [honestyOf(result, 1, 0), honestyOf(result, 1, 500)];
  expect(many.deflated!.trials).toBe(512);
  expect(many.deflated!.bootstrap.deflated).toBeLessThan(few.deflated!.bootstrap.deflated);
  expect(many.deflated!.textbook.deflated).toBeLessThan(few.deflated!.textbook.deflated);
  expect(few.deflated!.bootstrap.deflated).toBeLessThan(0.95);
  if ('code' in few.reality || 'code' in few.overfitting) throw new Error('not determined');
  expect(few.reality.whiteRealityCheck.pValue).toBeGreaterThan(0.05);
  expect(few.overfitting.blocks).toBe(16);
});

test('a planted edge is believed', async () => {
  const { deflated, reality, daysNeeded } = honestyOf(await plantedResult({ ...plain, sharpePerDay: 1 }), 1, 0);
  expect(deflated!.bootstrap.deflated).toBeGreaterThan(0.95);
  expect(daysNeeded).toBeLessThan(60);
  expect('code' in reality ? 1 : reality.superiorPredictiveAbility.consistent).toBeLessThan(0.01);
});

test('tails of the cloud are quantiles of the single configurations', async () => {
  const { configurations, cloud } = cloudTailsOf(await plantedResult(plain));
  expect(configurations).toHaveLength(12);
  for (const { column, quantiles, determined } of cloud) {
    expect(determined).toBe(12);
    expect([...quantiles].sort((a, b) => a - b)).toEqual(quantiles);
    const values = configurations.map(({ measures }) => column.value(measures)).sort((a, b) => a - b);
    expect(quantiles[2]).toBeCloseTo((values[5]! + values[6]!) / 2, 12);
  }
});

test('a steeper model on the same days is told from the reference, and a tighter cloud found', async () => {
  const reference = await plantedResult({ ...plain, days: 250, sharpePerDay: 0 });
  const steep = await plantedResult({ ...plain, days: 250, sharpePerDay: 0.5 });
  const [against, self] = await compareRuns(reference, [steep, reference], 'aleatory', 1);
  expect(Math.abs(against!.difference.estimate - 0.5)).toBeLessThan(0.15);
  expect(against!.difference.interval).toMatchObject({ kind: 'interval' });
  expect(against!.difference.interval.kind === 'interval' && against!.difference.interval.low).toBeGreaterThan(0);
  expect(self!.overlap).toBeCloseTo(1, 12);
  expect(self!.difference.estimate).toBe(0);
  const [other] = await compareRuns(reference, [await plantedResult(plain)], 'aleatory', 1);
  expect(other!.difference.interval).toMatchObject({ kind: 'none', problem: { code: 'study/different-days' } });
});

/** Whatever is wrong with a run: nothing throws, and what cannot be computed says why. */
async function whatIsLeft(result: MarketLineResult) {
  const [lines, honesty, tails] = [await lineIntervalsOf(result, 1), honestyOf(result, 1, 0), cloudTailsOf(result)];
  const [comparison] = await compareRuns(result, [result], 'aleatory', 1);
  return { lines, honesty, tails, comparison: comparison! };
}

test('two configurations: no line and no cloud, each with its reason; Sharpe ratios and tails are there', async () => {
  const { lines, honesty, tails, comparison } = await whatIsLeft(await plantedResult({ ...plain, configurations: 2 }));
  expect(lines.aleatory.leastSquares['days, bca']).toMatchObject({
    kind: 'none',
    problem: { code: 'risk/too-few-points' },
  });
  expect(lines.aleatory.leastSquares.analytic?.kind).toBe('none');
  expect(comparison.tightness).toMatchObject({ code: 'risk/too-few-points' });
  expect(honesty.deflated?.trials).toBe(2);
  expect(tails.configurations).toHaveLength(2);
});

test('no variance at all: no Sharpe ratio and no line, and tails are not determined', async () => {
  const result = await plantedResult({ ...plain, edit: (returns) => returns.fill(0.001) });
  const { lines, honesty, tails } = await whatIsLeft(result);
  expect(lines.total.huber['days, studentT']?.kind).toBe('none');
  expect(honesty.deflated).toBeNull();
  expect(honesty.daysNeeded).toBeNull();
  expect(tails.cloud.find(({ column }) => column.title === 'Skewness')!.determined).toBe(0);
});

test('identical strategies: the lines say that nothing differs', async () => {
  const result = await plantedResult({
    ...plain,
    edit: (returns) => {
      const block = returns.slice(0, returns.length / 12);
      for (let c = 1; c < 12; c++) returns.set(block, c * block.length);
    },
  });
  const { lines, honesty, comparison } = await whatIsLeft(result);
  expect(result.fits.aleatory).toMatchObject({ kind: 'none', problem: { code: 'study/too-few-distinct' } });
  expect(lines.aleatory.throughRiskFree['configurations, bca']).toMatchObject({
    kind: 'none',
    problem: { code: 'risk/no-spread' },
  });
  expect(comparison.overlap).toBeNaN();
  expect('code' in comparison.tightness).toBe(true);
  expect(honesty.deflated?.trials).toBe(12);
});

test('returns that are not numbers: their configuration is named and left out, the others are judged', async () => {
  const result = await plantedResult({
    ...plain,
    edit: (returns) => {
      returns[0] = Number.NaN;
      returns[70] = Number.NaN;
    },
  });
  const { lines, honesty } = await whatIsLeft(result);
  expect(honesty.leftOut).toEqual([0]);
  expect(honesty.deflated?.trials).toBe(11);
  expect(lines.aleatory.leastSquares['days, studentT']?.kind).toBe('interval');
});

test('a single dropout variant: no epistemic line, and the aleatory one stands', async () => {
  const { lines } = await whatIsLeft(await plantedResult({ ...plain, variants: 1 }));
  expect(lines.epistemic.leastSquares['days, studentT']).toMatchObject({
    kind: 'none',
    problem: { code: 'risk/one-variant' },
  });
  expect(lines.aleatory.leastSquares['days, studentT']?.kind).toBe('interval');
});

test('three days: no resampling, with the reason', async () => {
  const result = await plantedResult({ ...plain, days: 3 });
  const { honesty, lines } = await whatIsLeft(result);
  expect(lines.aleatory.leastSquares['days, studentT']).toMatchObject({
    kind: 'none',
    problem: { code: 'risk/too-few-days' },
  });
  expect(honesty.reality).toMatchObject({ code: expect.stringContaining('risk/') });
  expect((await analyseRun(result, 1, 0)).risks).toEqual([]);
});
