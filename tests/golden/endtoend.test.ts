/** The whole way in numbers on WASM: real quote files, real weights, forecasts, trades, daily returns, split and lines. */

import { describe, expect, test } from 'vitest';
import { openNodeRuntime } from '../../src/models/runtime/node.ts';
import { compareStudy, forecastsOf, gridsOf, openEndToEnd } from '../support/endToEnd.ts';
import { GoldenComparison } from '../support/golden.ts';
import { sharedBytes, sharedFolders, sharedPresent } from '../support/shared.ts';

const runtime = openNodeRuntime(2);

/** Thousands of forward passes of the real model: 40 s on an idle laptop core, more on a busy machine. */
const TIMEOUT_MS = 240_000;

/** Relative, for what follows from daily returns that agree to their own tolerance. */
const DERIVED = 1e-6;

describe.skipIf(!sharedPresent)('from quote files to a market line (WASM)', () => {
  test('there are cases', () => {
    expect(sharedFolders('golden/endtoend').length).toBeGreaterThan(0);
  });

  test.for(sharedFolders('golden/endtoend'))('%s', { timeout: TIMEOUT_MS }, async (name, context) => {
    const path = `golden/endtoend/${name}`;
    const comparison = new GoldenComparison(context, path, 'wasm');
    const folder = await openEndToEnd(path, async (file) => sharedBytes(file));
    const grids = await gridsOf(folder, comparison);
    const forecasts = await forecastsOf(folder, grids, runtime, comparison);
    const tolerance = { dailyReturns: folder.golden.tolerance.dailyReturns, derived: DERIVED };
    await compareStudy(folder, grids, forecasts, tolerance, comparison);
    comparison.finish();
  });
});
