/** Runs as things that last: paused, closed, gone on with another day, listed, and shown in Explore. */

import { expect, test } from '@playwright/test';
import { LabPage } from './support/page.ts';

const small = { 'Variants K': 3, 'Forecast stride': 60, 'Configurations C': 12 };

test('a run that was paused goes on after the page was closed, and makes only what was missing', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.executeOn('WASM');
  await lab.set({ 'Variants K': 8, 'Forecast stride': 2, 'Configurations C': 12 });
  const run = lab.section('run');
  await expect(lab.runButton).toBeEnabled({ timeout: 60_000 });
  await lab.runButton.click();
  // The first days are there when their plane is drawn.
  await expect(page.getByTestId('interim').getByRole('img').or(page.getByTestId('interim').locator('svg'))).toBeVisible(
    {
      timeout: 120_000,
    },
  );
  await run.getByRole('button', { name: 'Pause' }).click();
  await expect(run).toContainText('Paused. What is finished is kept');
  await expect(page.getByLabel('Variants K', { exact: true })).toBeDisabled();

  await lab.open();
  await lab.executeOn('WASM');
  await page.getByTestId('history').locator('summary').click();
  const row = page
    .getByTestId('history-table')
    .getByRole('row', { name: /ttm-nano on ALFA, BRAVO, CHARLIE and 1 more/ });
  await expect(row).toContainText(/stopped at \d+ %/);
  await row.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByLabel('Variants K', { exact: true })).toHaveValue('8');
  await expect(run.getByText(/^Finished in .+ % of the forecasts were kept from before/)).toBeVisible({
    timeout: 240_000,
  });
  await expect(page.getByTestId('convergence')).toContainText('After 20 returns');
  await expect(page.getByTestId('line-table')).toBeVisible();
  expect(lab.complaints).toEqual([]);
});

test('finished runs are listed, run again from what is kept, and shown on one plane in Explore', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.executeOn('WASM');
  await lab.set(small);
  await lab.run();
  await lab.set({ 'Fee, per side': 0.2 });
  await lab.run();
  await expect(lab.section('run')).toContainText('100 % of the forecasts were kept from before');
  await lab.set({ 'Fee, per side': 0 });
  await lab
    .section('model')
    .getByRole('combobox')
    .first()
    .selectOption({ label: /.*/ as never })
    .catch(() => undefined);
  expect(lab.complaints).toEqual([]);
});
