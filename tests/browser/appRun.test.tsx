/** Runs of the study as the page keeps them. */

import { createRoot } from 'solid-js';
import { expect, test } from 'vitest';
import { createRun } from '../../src/app/state/run.ts';
import type { OnProgress } from '../../src/core/types.ts';
import { type Backtester, directBacktester } from '../../src/studies/backtester.ts';
import { parseStudySettings } from '../../src/studies/settings.ts';
import { leakingForecaster, makeGrid } from '../unit/studies/fixtures.ts';

test('progress that arrives after the result is no longer shown', async () => {
  let late: OnProgress | undefined;
  const backtester: Backtester = {
    ...directBacktester,
    run: (job, onProgress, signal) => {
      late = onProgress;
      return directBacktester.run(job, onProgress, signal);
    },
  };
  const run = createRoot(() => createRun(backtester));
  await run.start({
    grids: [makeGrid('LATE', ['2025-01-02', '2025-01-03', '2025-01-06'])],
    settings: parseStudySettings({ variants: 2, configurations: 5 }),
    series: [],
    forecaster: leakingForecaster(1e-4),
  });
  expect(run.state.status).toBe('finished');
  late?.({ stage: 'Backtesting', done: 15, total: 15, unit: 'backtests' });
  expect(run.state.status).toBe('finished');
  expect(run.state.progress).toBeUndefined();
  expect(run.outcome()?.result.configurations).toHaveLength(5);
});
