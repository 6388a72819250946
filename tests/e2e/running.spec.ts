/** A long run: live progress, cancelled at once, and run again afterwards. */

import { expect, test } from '@playwright/test';
import { sharedPresent } from '../support/shared.ts';
import { smallCheckpoint } from './support/files.ts';
import { LabPage } from './support/page.ts';

test.skip(!sharedPresent, 'the reference folder is absent');

test('a run shows its progress, stops within 200 ms of Cancel, and can be run again', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.choose('model', smallCheckpoint);
  await expect(lab.section('model').getByText('96 ticks')).toBeVisible();
  await lab.executeOn('WASM');
  await lab.set({ 'Variants K': 16, 'Forecast stride': 1 });
  const run = lab.section('run');
  await expect(page.getByTestId('plan')).toContainText(/About \d/, { timeout: 60_000 });
  await lab.runButton.click();
  await expect(run.getByRole('progressbar')).toBeVisible();
  await expect(run).toContainText(/ of [\d,]+ forward passes · [\d,.]+ a second · .+ left/, { timeout: 60_000 });
  await expect(page.getByLabel('Variants K', { exact: true })).toBeDisabled();

  const reactionMs = await page.evaluate(async () => {
    const cancel = [...document.querySelectorAll('button')].find((button) => button.textContent === 'Cancel');
    const startMs = performance.now();
    cancel?.click();
    while (!document.querySelector('#run')?.textContent?.includes('Cancelled.')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return performance.now() - startMs;
  });
  expect(reactionMs).toBeLessThan(200);

  await lab.set({ 'Variants K': 2, 'Forecast stride': 300 });
  await lab.run();
  await expect(page.getByTestId('line-table')).toBeVisible();
  await lab.set({ 'Variants K': 3 });
  await expect(lab.section('results')).toContainText('have changed since this run');
  expect(lab.complaints).toEqual([]);
});
