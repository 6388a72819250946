/** Runs as things that last: paused, closed, gone on with another day, listed, and shown in Explore. */

import { expect, test } from '@playwright/test';
import { LabPage } from './support/page.ts';

const small = { 'Variants K': 3, 'Forecast stride': 60, 'Configurations C': 12 };

test('a run that was paused goes on after the page was closed, and makes only what was missing', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.executeOn('WASM');
  await lab.set({ 'Variants K': 8, 'Forecast stride': 4, 'Configurations C': 12 });
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
  await expect(page.getByTestId('line-table')).toBeVisible();
  expect(lab.complaints).toEqual([]);
});

test('finished runs are listed, run again from what is kept, and shown on one plane in Explore', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.executeOn('WASM');
  await lab.set(small);
  await lab.run();
  await lab.set({ Fee: 0.2 });
  await lab.run();
  await expect(lab.section('run')).toContainText('100 % of the forecasts were kept from before');
  await lab.set({ Fee: 0 });
  await page.getByLabel('Embedded model').selectOption('timer-nano');
  await expect(lab.section('model').getByRole('heading', { name: 'timer-nano' })).toBeVisible();
  await lab.run();

  // A study of three models has those of the two runs: four assets on twenty days each.
  await page.locator('#study').getByRole('button', { name: 'Plan it' }).click();
  await expect(page.getByTestId('study-plan')).toContainText('240 jobs, 160 of them done before', { timeout: 60_000 });

  await page.getByTestId('history').locator('summary').click();
  const table = page.getByTestId('history-table');
  await expect(table.locator('tbody tr')).toHaveCount(3);
  const boxes = table.getByRole('checkbox');
  const together = page.getByRole('button', { name: 'Show the chosen runs on one plane' });
  await boxes.nth(0).check();
  await expect(together).toBeDisabled();
  await boxes.nth(1).check();
  await together.click();
  await expect(page.getByTestId('history')).toContainText('Their strategies differ.');
  await boxes.nth(1).uncheck();
  await boxes.nth(2).check();
  await together.click();

  await expect(page).toHaveURL(/#explore\/plane\?run=.+&run=.+/);
  const models = page.getByRole('group', { name: 'Models on the plane' });
  await expect(models.getByRole('checkbox')).toHaveCount(2);
  await expect(models).toContainText('ttm-nano');
  await expect(models).toContainText('timer-nano');
  await page.getByLabel('Study shown').selectOption('the precomputed study');
  await expect(models.getByRole('checkbox')).not.toHaveCount(2);

  // Another day: the runs are still there, and one that is removed is gone.
  await lab.open();
  await page.getByTestId('history').locator('summary').click();
  await expect(table.locator('tbody tr')).toHaveCount(3);
  await table.getByRole('button', { name: /^Remove timer-nano/ }).click();
  await expect(table.locator('tbody tr')).toHaveCount(2);
  await table.getByRole('link', { name: 'Show in Explore' }).first().click();
  await expect(models.getByRole('checkbox')).toHaveCount(1);
  await page.goto('/#explore/plane?run=nowhere');
  await expect(page.getByText('The results of this run are not on this device.')).toBeVisible();
  expect(lab.complaints).toEqual([]);
});
