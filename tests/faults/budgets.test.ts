/** What would take more memory than the device is given is refused before it is begun, with what would fit. */

import { expect, test } from 'vitest';
import { memoryBytes, predictionBudgetBytes } from '../../src/core/deviceBudget.ts';
import { loadFiles } from '../../src/models/checkpoints/readWeights.ts';
import { planRun } from '../../src/runs/runPlan.ts';
import { defaultRunSettings } from '../../src/runs/settings.ts';

const laptop = { deviceMemory: 8 };

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
