/** Runs of the study as the page keeps them. */

import { createRoot } from 'solid-js';
import { expect, test } from 'vitest';
import { createRun } from '../../src/app/lab/run/run.ts';
import type { OnProgress } from '../../src/core/types.ts';
import { type JobStore, memoryJobStore } from '../../src/forecasts/jobStore.ts';
import { type Backtester, directBacktester } from '../../src/marketLine/backtester.ts';
import type { Forecaster } from '../../src/models/types.ts';
import { parseRunSettings } from '../../src/runs/settings.ts';
import { leakingForecaster, makeGrid } from '../unit/runs/fixtures.ts';

test('progress that arrives after the result is no longer shown', async () => {
  let late: OnProgress | undefined;
  const backtester: Backtester = {
    ...directBacktester,
    run: (job, onProgress, signal) => {
      late = onProgress;
      return directBacktester.run(job, onProgress, signal);
    },
  };
  const run = createRoot(() => createRun({ backtester, withForecasts: (work) => work(memoryJobStore()) }));
  await run.start({
    grids: [makeGrid('LATE', ['2025-01-02', '2025-01-03', '2025-01-06'])],
    settings: parseRunSettings({ variants: 2, configurations: 5 }),
    series: [],
    embedded: { quotes: false, model: false },
    forecaster: leakingForecaster(1e-4),
  });
  expect(run.state.status).toBe('finished');
  late?.({ stage: 'Backtesting', done: 15, total: 15, unit: 'backtests' });
  expect(run.state.status).toBe('finished');
  expect(run.state.progress).toBeUndefined();
  expect(run.outcome()?.result.configurations).toHaveLength(5);
});

test('a run that is paused goes on where it was, and its slope settles from look to look', async () => {
  const inner = leakingForecaster(1e-4);
  let requests = 0;
  const slow: Forecaster = {
    ...inner,
    // Slow by its own account: one request a day.
    measure: async () => 10,
    forecast: async (grid, settings, onProgress, signal) => {
      requests++;
      await new Promise((resolve) => setTimeout(resolve, 40));
      signal?.throwIfAborted();
      return inner.forecast(grid, settings, onProgress, signal);
    },
  };
  const days = ['02', '03', '06', '07', '08', '09', '10'].map((day) => `2025-01-${day}`);
  const store = memoryJobStore();
  const run = createRoot(() => createRun({ backtester: directBacktester, withForecasts: (work) => work(store) }));
  const settings = parseRunSettings({ variants: 2, configurations: 12 });
  const started = run.start({
    grids: [makeGrid('PAUSED', days)],
    settings,
    series: [],
    embedded: { quotes: false, model: false },
    forecaster: slow,
  });
  await expect.poll(() => run.slopes().length).toBeGreaterThan(0);
  expect(run.interim()?.periods.length).toBe(run.slopes()[0]?.periods);
  run.pause();
  await started;
  expect(run.state.status).toBe('paused');
  expect(run.running()).toBe(true);
  expect(run.outcome()).toBeUndefined();
  await run.resume();
  expect(run.state.status).toBe('finished');
  // One request was stopped half-way and made again.
  expect(requests).toBe(days.length + 1);
  expect(run.slopes().map((each) => each.periods)).toEqual(expect.arrayContaining([2, 7]));
  const line = run.outcome()?.result.fits.aleatory;
  expect(line?.kind === 'fitted' && run.slopes().at(-1)?.slope === line.annualisedSlope).toBe(true);
  expect(run.interim()).toBeUndefined();
  expect(run.outcome()?.kept.keptPasses).toBeGreaterThan(0);

  const cancelled = run.start({
    grids: [makeGrid('OTHER', days)],
    settings,
    series: [],
    embedded: { quotes: false, model: false },
    forecaster: slow,
  });
  await expect.poll(() => requests).toBeGreaterThan(days.length + 2);
  run.pause();
  await cancelled;
  run.cancel();
  expect(run.state.status).toBe('cancelled');
  expect(run.running()).toBe(false);
  await run.resume();
  expect(run.state.status).toBe('cancelled');
});

test('a run whose days cannot be kept says so, and comes to its end', async () => {
  const full: JobStore = {
    ...memoryJobStore(),
    put: async () => {
      throw new DOMException('The storage is full.', 'QuotaExceededError');
    },
  };
  const run = createRoot(() => createRun({ backtester: directBacktester, withForecasts: (work) => work(full) }));
  await run.start({
    grids: [makeGrid('FULL', ['2025-01-02', '2025-01-03', '2025-01-06'])],
    settings: parseRunSettings({ variants: 2, configurations: 5 }),
    series: [],
    embedded: { quotes: false, model: false },
    forecaster: leakingForecaster(1e-4),
  });
  expect(run.state.status).toBe('finished');
  expect(run.state.notKept?.message).toContain('could not be kept on this device: ');
  expect(run.outcome()?.result.configurations).toHaveLength(5);
});
