/** A user's own quotes and checkpoint, all the way: thirteen LEAN files and real pre-trained weights, on WASM and on WebGPU. */

import { expect, test } from '@playwright/test';
import { formatFixed2, formatWithError } from '../../src/app/format.ts';
import { sharedPresent } from '../support/shared.ts';
import { leanFiles, realCheckpoint } from './support/files.ts';
import { LabPage, type SavedStudy } from './support/page.ts';
import { referenceStudy, shareOfDifferingReturns } from './support/reference.ts';

test.skip(!sharedPresent, 'the reference folder is absent');
test.describe.configure({ mode: 'serial' });

/** Few ticks and few variants: a software GPU takes its time. */
const fields = {
  'Window start': '10:00',
  'Window end': '10:20',
  'Variants K': 2,
  'Forecast stride': 60,
  'Configurations C': 24,
  'Threshold to': 4,
};

let onWasm: SavedStudy;

test('thirteen files dropped at once are recognised, reported and joined per symbol', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.drop(leanFiles);
  const data = lab.section('data');
  await expect(data.getByText('13 files read.')).toBeVisible();
  await expect(data.getByRole('heading', { level: 3 })).toHaveText(['AIG', 'BAC', 'SPY']);
  // Regular hours in New York are the default for exchange-traded quotes.
  await expect(page.getByLabel('Session window', { exact: true })).toBeChecked();
  await expect(page.getByLabel('Window start', { exact: true })).toHaveValue('09:30');
  const card = (symbol: string) => data.getByRole('article').filter({ hasText: symbol });
  await expect(card('SPY')).toContainText('2013-10-07 to 2013-10-10 · 4 sessions · 93,604 ticks');
  await expect(card('AIG')).toContainText('2013-10-07 to 2013-10-11 · 5 sessions · 117,005 ticks');
  await data.getByText('Report on 13 files').click();
  await expect(data.getByText(/^QuantConnect LEAN quote bars/)).toHaveCount(13);

  await page.getByRole('button', { name: 'Extended hours' }).click();
  await expect(card('AIG')).toContainText('5 sessions · 288,000 ticks');
  await lab.set({ 'Window start': '01:00', 'Window end': '02:00' });
  await expect(card('SPY')).toContainText('None of its 117,006 quotes lies within the sessions');
  await expect(lab.runButton).toBeDisabled();
  await lab.set({ 'Window start': '09:30', 'Window end': '16:00' });

  await data.getByRole('radio', { name: '5 min', exact: true }).check();
  await expect(card('SPY')).toContainText('316 ticks');
  await page.getByLabel('Session window', { exact: true }).uncheck();
  await expect(card('SPY')).not.toContainText('316 ticks');
  await page.getByRole('button', { name: 'Back to the embedded market' }).click();
  await expect(data.getByRole('heading', { level: 3 })).not.toContainText(['SPY']);
  expect(lab.complaints).toEqual([]);
});

test('a study on WASM gives the numbers of the pure functions, and a second run the very same', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.choose('data', leanFiles);
  await lab.choose('model', realCheckpoint);
  await expect(lab.section('model').getByText('1,024 ticks')).toBeVisible();
  await lab.executeOn('WASM');
  await lab.set(fields);
  await expect(page.getByTestId('plan')).toContainText('39 forecasts');
  await lab.run();
  onWasm = await lab.savedStudy();

  const want = await referenceStudy(leanFiles, realCheckpoint, onWasm.manifest.settings);
  expect(onWasm.manifest.data.map(({ symbol, gridSha256 }) => ({ symbol, gridSha256 }))).toEqual(want.data);
  expect(want.result.notTradedCount).toBeLessThan(24);
  expect(shareOfDifferingReturns(onWasm.result.periodReturns, want.result.periodReturns)).toBeLessThan(0.02);

  const { aleatory } = onWasm.result.fits;
  if (aleatory.kind !== 'fitted') throw new Error(aleatory.problem.message);
  const row = page.getByTestId('line-table').getByRole('row', { name: /Paper’s equation/ });
  await expect(row).toContainText(formatWithError(aleatory.annualisedSlope, aleatory.annualisedSlopeStdErr));
  await expect(row).toContainText(formatFixed2(aleatory.leastSquares.r2));

  await lab.run();
  expect(await lab.savedStudy()).toEqual(onWasm);
  expect(lab.complaints).toEqual([]);
});

test('the same study on WebGPU agrees with the one on WASM', async ({ page }) => {
  // A software GPU beside other pages: minutes.
  test.setTimeout(600_000);
  const lab = new LabPage(page);
  await lab.open();
  await lab.choose('data', leanFiles);
  await lab.choose('model', realCheckpoint);
  await lab.executeOn('WebGPU');
  await lab.set(fields);
  await lab.run(480_000);
  const onWebgpu = await lab.savedStudy();
  expect(onWebgpu.manifest.backend.provider).toBe('webgpu');
  expect(onWebgpu.manifest.data).toEqual(onWasm.manifest.data);
  expect(shareOfDifferingReturns(onWebgpu.result.periodReturns, onWasm.result.periodReturns)).toBeLessThan(0.02);
});
