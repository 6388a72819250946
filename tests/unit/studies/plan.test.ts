import { describe, expect, test } from 'vitest';
import { planStudy, shapeOf } from '../../../src/studies/plan.ts';
import { parseStudySettings } from '../../../src/studies/settings.ts';
import { makeGrid } from './fixtures.ts';

const settings = parseStudySettings({ variants: 4, configurations: 10, strideTicks: 10 });
const days = ['2024-01-02', '2024-01-03'];

describe('planStudy', () => {
  test('counts forecasts, backtests and tick-steps, and estimates time only from measured costs', () => {
    const grids = [makeGrid('A', days), makeGrid('B', days)].map(shapeOf);
    const plan = planStudy(grids, 20, settings);
    // 200 ticks a session, context 20, stride 10: ticks 19, 29, …, 199.
    expect(plan).toMatchObject({ assets: 2, days: 2, contexts: 2 * 2 * 19, forwardPasses: 2 * 2 * 19 * 5 });
    expect(plan).toMatchObject({
      backtests: 2 * 5 * 10,
      tickSteps: 2 * 400 * 5 * 10,
      predictionBytes: 2 * 400 * 5 * 8,
    });
    expect(plan.estimatedSeconds).toBeNull();
    expect(plan.problems).toEqual([]);
    const costs = { secondsPerForwardPass: 0.01, secondsPerMillionTickSteps: 1 };
    expect(planStudy(grids, 20, settings, costs).estimatedSeconds).toBeCloseTo(380 * 0.01 + 0.04, 12);
  });

  test('says what is thin in the data', () => {
    const grids = [makeGrid('A', days), makeGrid('B', days.slice(0, 1)), makeGrid('C', days, 15)].map(shapeOf);
    expect(planStudy(grids, 20, settings).warnings).toEqual([
      '2 days: means and standard deviations over so few days are rough.',
      '2 of 5 sessions are shorter than the model’s context of 20 ticks: nothing is forecast in them, and they count as days without trades.',
      'Quotes are missing on 1 asset-days: the bet on that asset earns nothing then.',
    ]);
  });

  test.each([
    ['no data', [], 'study/no-data'],
    ['sessions that are too short', [makeGrid('A', days, 15)], 'study/no-context'],
    ['a single day', [makeGrid('A', days.slice(0, 1))], 'study/one-day'],
  ])('names %s as the reason not to run', (_name, grids, code) => {
    expect(planStudy(grids.map(shapeOf), 20, settings).problems.map((problem) => problem.code)).toEqual([code]);
  });
});
