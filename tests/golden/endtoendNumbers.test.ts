/** The end-to-end cases from the stored predicted mids onwards: holding, backtests, equal-bet days, variance split, lines. */

import { describe, expect, test } from 'vitest';
import { compareStudy, openEndToEnd, storedForecasts } from '../support/endToEnd.ts';
import { GoldenComparison } from '../support/golden.ts';
import { sharedBytes, sharedFolders, sharedPresent } from '../support/shared.ts';

/** All numbers start from the same float64 predictions, so only the order of summation differs. */
const ROUNDING = { dailyReturns: 1e-12, derived: 1e-9 };

describe.skipIf(!sharedPresent)('studies against the end-to-end cases', () => {
  test('there are cases', () => {
    expect(sharedFolders('golden/endtoend').length).toBeGreaterThan(0);
  });

  test.for(sharedFolders('golden/endtoend'))('%s, from predicted mids', async (name, context) => {
    const path = `golden/endtoend/${name}`;
    const comparison = new GoldenComparison(context, path, 'typescript');
    const folder = await openEndToEnd(path, async (file) => sharedBytes(file));
    const { grids, forecasts } = storedForecasts(folder);
    await compareStudy(folder, grids, forecasts, ROUNDING, comparison);
    comparison.finish();
  });
});
