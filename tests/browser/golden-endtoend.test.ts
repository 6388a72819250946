/** The end-to-end case on WebGPU, in part: all grids, and the first forecasts of one symbol under all masks. */

import { describe, it } from 'vitest';
import type { Grid } from '../../src/core/types.ts';
import { openBrowserRuntime } from '../../src/models/runtime/browser.ts';
import { fetchShared, listSharedFolders } from '../support/browserShared.ts';
import { forecastsOf, gridsOf, openEndToEnd } from '../support/endToEnd.ts';
import { GoldenComparison } from '../support/golden.ts';

/** A software adapter takes a good part of a second for each of them and each mask. */
const FORECASTS = 4;

const runtime = await openBrowserRuntime('webgpu', true);
const folders = await listSharedFolders('golden/endtoend');

describe.skipIf(folders.length === 0)('from quote files to forecasts (WebGPU, in part)', () => {
  for (const name of folders) {
    it(name, async (context) => {
      const path = `golden/endtoend/${name}`;
      const comparison = new GoldenComparison(context, path, 'webgpu');
      const folder = await openEndToEnd(path, fetchShared);
      const [grid] = await gridsOf(folder, comparison);
      const { contextLength, stride } = folder.golden.settings;
      const morning = firstTicks(grid!, contextLength + (FORECASTS - 1) * stride);
      await forecastsOf(folder, [morning], runtime, comparison, FORECASTS);
      comparison.finish();
    });
  }
});

/** The first ticks of a grid's first session. */
function firstTicks(grid: Grid, count: number): Grid {
  return {
    ...grid,
    timeMs: grid.timeMs.subarray(0, count),
    bid: grid.bid.subarray(0, count),
    ask: grid.ask.subarray(0, count),
    sessionStarts: Int32Array.of(0),
    sessionDays: grid.sessionDays.slice(0, 1),
  };
}
