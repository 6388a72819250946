/** What would take more memory than the device is given is refused before it is begun, with what would fit. */

import { expect, test } from 'vitest';
import { gridBudgetBytes, memoryBytes, predictionBudgetBytes } from '../../src/core/deviceBudget.ts';
import { toProblem } from '../../src/core/errors.ts';
import { loadFiles } from '../../src/models/checkpoints/readWeights.ts';
import { checkGridBytes } from '../../src/quotes/resample.ts';
import { planRun } from '../../src/runs/runPlan.ts';
import { defaultRunSettings } from '../../src/runs/settings.ts';

const series = (days: number) => {
  const timeMs = Float64Array.from({ length: 24 * days }, (_, hour) => Date.UTC(2024, 0, 1) + hour * 3_600_000);
  const bid = timeMs.map(() => 1);
  return { symbol: 'X', source: 'x.csv', timeMs, bid, ask: bid, calendar: { kind: '24/7' } } as const;
};
const laptop = { deviceMemory: 8 };

const refusal = (work: () => void) => {
  try {
    work();
    return undefined;
  } catch (caught) {
    return toProblem(caught);
  }
};

test('grids of all symbols together are bounded before one of them is made, and a step that fits is named', () => {
  const five = [1, 2, 3, 4, 5].map(() => series(3));
  const settings = { stepMs: 1, window: null, staleAfterMs: null };
  const startMs = performance.now();
  const problem = refusal(() => checkGridBytes(five, settings, gridBudgetBytes(laptop)));
  expect(performance.now() - startMs).toBeLessThan(500);
  expect(problem).toMatchObject({ code: 'quotes/grid-size' });
  expect(problem?.message).toMatch(
    /^At a step of 1 ms the 5 symbols would have together 1,2\d\d,\d{3},\d{3} ticks \(3\d\.\d GB\)/,
  );
  const offered = Number(/A step of (\d+) ms would fit/.exec(problem?.hint ?? '')?.[1]);
  expect(offered).toBe(50);
  expect(
    refusal(() => checkGridBytes(five, { ...settings, stepMs: offered }, gridBudgetBytes(laptop))),
  ).toBeUndefined();
});

test('predictions of all symbols together are bounded, and how many variants fit is named', () => {
  const timeMs = new Float64Array(4e6);
  const grid = { symbol: 'X', timeMs, sessionStarts: Int32Array.of(0, 2e6), sessionDays: ['2024-01-01', '2024-01-02'] };
  const plan = (variants: number, budget?: number) =>
    planRun([grid, grid, grid], 20, { ...defaultRunSettings, variants, returnPeriod: 'day' }, undefined, budget)
      .problems;
  expect(plan(16, predictionBudgetBytes(laptop))).toEqual([]);
  const [problem] = plan(16, 1e9);
  expect(problem).toMatchObject({ code: 'study/memory', where: 'variants' });
  expect(problem?.hint).toMatch(/^9 variants would fit/);
  expect(plan(9, 1e9)).toEqual([]);
});

test('weights that are larger than memory are not read', async () => {
  const huge = { size: 5 * 2 ** 30 } as Blob;
  await expect(loadFiles([{ path: 'model.safetensors', data: huge }])).rejects.toThrow(/The weights have 5\.4 GB/);
});

test('a device that does not tell its memory counts as a small one', () => {
  expect(memoryBytes({})).toBe(4 * 2 ** 30);
  expect(memoryBytes({ deviceMemory: 0 })).toBe(4 * 2 ** 30);
  expect(memoryBytes({ deviceMemory: 2 })).toBe(2 * 2 ** 30);
});
