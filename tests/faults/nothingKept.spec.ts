/** A browser that keeps nothing, as private windows do: one store in memory for all of the app, said at the top, to be taken along as one file. */

import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { unzipSync } from 'fflate';
import { LabPage } from '../e2e/support/page.ts';

test('runs and studies are listed, opened, gone on with and downloaded from memory', async ({ page }) => {
  await page.addInitScript(() => {
    // A page without an origin has none.
    if (!('StorageManager' in globalThis)) return;
    Object.defineProperty(StorageManager.prototype, 'getDirectory', {
      value: () => Promise.reject(new DOMException('Security error when calling GetDirectory', 'SecurityError')),
    });
  });
  const lab = new LabPage(page);
  await lab.open();
  const note = page.getByTestId('nothing-kept');
  await expect(note).toContainText('This browser keeps nothing on this device');
  await expect(note.getByRole('button', { name: 'Download now' })).toBeDisabled();
  await lab.executeOn('WASM');
  await lab.set({ 'Variants K': 2, 'Forecast stride': 60, 'Configurations C': 12 });
  await lab.run();
  // What the run forecast is there for the next one, from the same store.
  await lab.set({ Fee: 0.2 });
  await lab.run();
  await expect(lab.section('run')).toContainText('100 % of the forecasts were kept from before');

  // A whole study, in a worker of its own, finds the same forecasts and leaves its results in the same place.
  const study = page.locator('#study');
  await study.getByLabel('Timer (timer-nano)').uncheck();
  await study.getByLabel('TimesFM 2.0 (timesfm-nano)').uncheck();
  await study.getByRole('button', { name: 'Run the study' }).click();
  await expect(study.getByText(/^Finished in /)).toBeVisible({ timeout: 120_000 });

  const zip = await lab.save('Download now');
  const members = unzipSync(new Uint8Array(await readFile(await zip.path())));
  const results = Object.keys(members).filter((name) => name.startsWith('run-results/'));
  expect(results).toHaveLength(3);
  expect(Object.keys(members).some((name) => name.startsWith('study-jobs'))).toBe(false);
  const text = new TextDecoder().decode(members[results[0]!]);
  expect((JSON.parse(text) as { manifest: object }).manifest).toBeDefined();

  await page.getByTestId('history').locator('summary').click();
  await page.getByTestId('history-table').getByRole('link', { name: 'Show in Explore' }).first().click();
  await expect(page.getByTestId('explore-table').getByRole('row', { name: /ttm-nano/ })).toBeVisible();
  expect(lab.complaints).toEqual([]);
});
