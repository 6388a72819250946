import { describe, expect, test } from 'vitest';
import { planRun, shapeOf } from '../../../src/runs/runPlan.ts';
import { parseRunSettings } from '../../../src/runs/settings.ts';
import { makeGrid } from './fixtures.ts';

const settings = parseRunSettings({ variants: 4, configurations: 10, strideTicks: 10 });
const byDays = { ...settings, returnPeriod: 'day' } as const;
const days = ['2024-01-02', '2024-01-03'];

describe('planRun', () => {
  test('counts forecasts, backtests and tick-steps, and estimates time only from measured costs', () => {
    const grids = [makeGrid('A', days), makeGrid('B', days)].map(shapeOf);
    const plan = planRun(grids, 20, settings);
    // 200 ticks a session, context 20, stride 10: ticks 19, 29, …, 199.
    expect(plan).toMatchObject({ assets: 2, days: 2, contexts: 2 * 2 * 19, forwardPasses: 2 * 2 * 19 * 5 });
    expect(plan).toMatchObject({
      // Five rows of the model, six naive forecasts.
      backtests: 2 * (5 + 6) * 10,
      tickSteps: 2 * 400 * (5 + 6) * 10,
      predictionBytes: 2 * 400 * 5 * 8,
    });
    expect(plan.estimatedSeconds).toBeNull();
    expect(plan.problems).toEqual([]);
    const costs = {
      secondsPerForwardPass: 0.01,
      secondsPerMillionTickSteps: 1,
      secondsPerAssetDay: 0,
      secondsPerAsset: 0,
    };
    expect(planRun(grids, 20, settings, costs).estimatedSeconds).toBeCloseTo(380 * 0.01 + 0.088, 12);
  });

  test('many assets with few forecasts take what keeping their days and sending their batches takes', () => {
    const grids = Array.from({ length: 200 }, (_, i) => shapeOf(makeGrid(`A${i}`, days)));
    const costs = {
      ...{ secondsPerForwardPass: 0, secondsPerMillionTickSteps: 0 },
      ...{ secondsPerAssetDay: 0.03, secondsPerAsset: 0.1 },
    };
    const { estimatedSeconds, backtestSeconds } = planRun(grids, 20, settings, costs);
    expect(backtestSeconds).toBeCloseTo(200 * 0.1, 12);
    expect(estimatedSeconds).toBeCloseTo(400 * 0.03 + 200 * 0.1, 12);
    // Nobody measured these: they have values of their own.
    const usual = planRun(grids, 20, settings, { secondsPerForwardPass: 0 });
    expect(usual.estimatedSeconds).toBeGreaterThan(20);
  });

  test('says what is thin in the data', () => {
    const grids = [makeGrid('A', days), makeGrid('B', days.slice(0, 1)), makeGrid('C', days, 15)].map(shapeOf);
    expect(planRun(grids, 20, byDays).warnings).toEqual([
      '2 days: means and standard deviations over so few days are rough.',
      '2 of 5 sessions are shorter than the model’s context of 20 ticks: nothing is forecast in them, and they count as time without trades.',
      'Quotes are missing in 1 symbol-days: the bet on that symbol earns nothing then.',
    ]);
  });

  test.each([
    ['no data', [], 'study/no-data'],
    ['sessions that are too short', [makeGrid('A', days, 15)], 'study/no-context'],
    ['a single day', [makeGrid('A', days.slice(0, 1))], 'study/one-period'],
  ])('names %s as the reason not to run', (_name, grids, code) => {
    expect(planRun(grids.map(shapeOf), 20, byDays).problems.map((problem) => problem.code)).toEqual([code]);
  });

  test('refuses fills beyond every session, and variants beyond memory, at the setting that is at fault', () => {
    const grids = [makeGrid('A', days)].map(shapeOf);
    const late = planRun(grids, 20, { ...settings, latencyTicks: 200 });
    expect(late.problems).toMatchObject([{ code: 'study/latency', where: 'latencyTicks' }]);
    expect(late.problems[0]!.message).toContain('200 ticks after a decision, but the longest session has 200');
    const slow = planRun(grids, 20, { ...settings, inferenceMs: 300_000 });
    expect(slow.problems).toMatchObject([{ code: 'study/latency', where: 'inferenceMs' }]);
    expect(planRun(grids, 20, { ...settings, latencyTicks: 200, flattenAtSessionEnd: false }).problems).toEqual([]);

    const long = [{ ...grids[0]!, timeMs: new Float64Array(30_000_000), sessionStarts: Int32Array.of(0, 15_000_000) }];
    const full = planRun(long, 20, { ...byDays, variants: 16 });
    expect(full.problems).toMatchObject([{ code: 'study/memory', where: 'variants' }]);
    expect(full.problems[0]!.message).toContain('7 would');
    expect(planRun(long, 20, { ...byDays, variants: 7 }).problems).toEqual([]);
  });

  test('offers a smaller study in place of one that takes hours', () => {
    const grids = [makeGrid('A', days)].map(shapeOf);
    const costs = { secondsPerForwardPass: 100, secondsPerMillionTickSteps: 1 };
    const { smaller, estimatedSeconds } = planRun(grids, 20, settings, costs);
    expect(estimatedSeconds).toBeGreaterThan(3600);
    expect(smaller!.change).toBe(`a forecast every ${smaller!.settings.strideTicks} ticks`);
    expect(smaller!.estimatedSeconds).toBeLessThanOrEqual(600);
    const slowTests = { secondsPerForwardPass: 0, secondsPerMillionTickSteps: 1e6 };
    const fewer = planRun(grids, 20, settings, slowTests).smaller!;
    expect(fewer.settings.configurations).toBeLessThan(10);
    expect(planRun(grids, 20, settings, { secondsPerForwardPass: 0.01 }).smaller).toBeNull();
  });

  test('a smaller study keeps the rule: where nothing was held at stride 1, a longer stride has no signal between forecasts', () => {
    const grids = [makeGrid('A', days)].map(shapeOf);
    const costs = { secondsPerForwardPass: 100, secondsPerMillionTickSteps: 1 };
    const offered = (heldForecast: 'price' | 'none' | 'return', strideTicks: number) =>
      planRun(grids, 20, { ...byDays, heldForecast, strideTicks }, { ...costs, secondsPerForwardPass: 1000 }).smaller!
        .settings;
    expect(offered('price', 1)).toMatchObject({ heldForecast: 'none' });
    expect(offered('return', 1)).toMatchObject({ heldForecast: 'return' });
    expect(offered('none', 2)).toMatchObject({ heldForecast: 'none' });
  });

  test('a price that holds over a stride is warned of', () => {
    const grids = [makeGrid('A', days)].map(shapeOf);
    const stale = (change: Partial<typeof byDays>) =>
      planRun(grids, 20, { ...byDays, ...change }).warnings.filter((warning) => warning.includes('stale prices'));
    expect(stale({ heldForecast: 'price', strideTicks: 8 })[0]).toContain('every 8 ticks');
    expect(stale({ heldForecast: 'price', strideTicks: 1 })).toEqual([]);
    expect(stale({ heldForecast: 'none', strideTicks: 8 })).toEqual([]);
  });
});
