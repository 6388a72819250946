/** Studies of several models in the Lab: planned, stopped, gone on with after the page was closed, from a manifest, on dropped files. */

import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { sharedPresent } from '../support/shared.ts';
import { leanFiles } from './support/files.ts';
import { LabPage } from './support/page.ts';

const small = { 'Variants K': 3, 'Forecast stride': 60, 'Configurations C': 12 };

test('a study is planned, stopped, gone on with on another day, and shown in Explore figure by figure', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.executeOn('WASM');
  await lab.set({ ...small, 'Forecast stride': 20 });
  const study = page.locator('#study');
  await study.getByLabel('Timer (timer-nano)').uncheck();
  await study.getByRole('button', { name: 'Plan it' }).click();
  // Two models on four assets on twenty days.
  await expect(page.getByTestId('study-plan')).toContainText(/^160 jobs: .+ forward passes, about .+/, {
    timeout: 60_000,
  });
  await study.getByRole('button', { name: 'Run the study' }).click();
  await expect(study.getByRole('progressbar')).toBeVisible();
  await expect(study).toContainText(/[1-9]\d* of 160 jobs/, { timeout: 60_000 });
  await study.getByRole('button', { name: 'Stop' }).click();
  await expect(study).toContainText('Stopped. Finished jobs are kept');

  await lab.open();
  await lab.executeOn('WASM');
  await page.getByTestId('history').locator('summary').click();
  const row = page
    .getByTestId('history-table')
    .getByRole('row', { name: /ttm-nano, timesfm-nano on the simulated market/ });
  await expect(row).toContainText(/stopped at \d+ %/);
  await row.getByRole('button', { name: 'Go on' }).click();
  await expect(study.getByText(/^Finished in /)).toBeVisible({ timeout: 120_000 });
  await expect(row).not.toContainText('stopped');
  await study.getByRole('button', { name: 'Plan it' }).click();
  await expect(page.getByTestId('study-plan')).toContainText('160 jobs, 160 of them done before');

  // A run on the same quotes with one of its models finds all of that model's forecasts.
  await page.getByTestId('history').locator('summary').click();
  await lab.set({ ...small, 'Forecast stride': 20 });
  await lab.run();
  await expect(lab.section('run')).toContainText('100 % of the forecasts were kept from before');

  await page.getByTestId('history').locator('summary').click();
  await study.getByRole('link', { name: 'Show it in Explore' }).or(row.getByRole('link')).first().click();
  await expect(page.getByRole('group', { name: 'Models on the plane' }).getByRole('checkbox')).toHaveCount(2);
  await page.getByRole('link', { name: 'Lead and lag' }).click();
  await expect(page.getByText(/timesfm-nano: 20 days/)).toBeVisible();
  await page.getByRole('link', { name: 'Scaling' }).click();
  await expect(page.getByText('This study has no scaling figure.')).toBeVisible();
  await page.getByRole('link', { name: 'Beyond' }).click();
  await expect(page.getByText('Averaged forecasts')).toBeVisible();
  expect(lab.complaints).toEqual([]);
});

test('a manifest opens in place of the choices: repaired, compared with what is here, and refused with a reason', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.executeOn('WASM');
  await lab.set(small);
  const study = page.locator('#study');
  const input = study.locator('input[type=file]');
  const saved = page.waitForEvent('download');
  await study.getByRole('button', { name: 'Save its manifest' }).click();
  const manifest = JSON.parse(await readFile(await (await saved).path(), 'utf8'));
  const give = (name: string, value: unknown) =>
    input.setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(value)) });

  await give('old.json', { ...manifest, schemaVersion: 1 });
  await expect(study).toContainText('This manifest is of version 1; this program runs version 3.');
  await give('odd.json', {
    ...manifest,
    title: 'Odd one',
    colour: 'red',
    settings: { ...manifest.settings, variants: -3 },
    models: [
      { ...manifest.models[0], weightsSha256: 'a'.repeat(64) },
      { ...manifest.models[1], folder: 'nowhere' },
      manifest.models[2],
    ],
    figures: [
      { kind: 'market-line', data: 'quotes', models: manifest.models.map((model: { name: string }) => model.name) },
    ],
  });
  await expect(study).toContainText('Odd one');
  await expect(study).toContainText('colour: there is no such key');
  await expect(study).toContainText('settings.variants');
  await study.getByRole('button', { name: 'Plan it' }).click();
  const plan = page.getByTestId('study-plan');
  await expect(plan).toContainText('models.ttm-nano.weightsSha256 is', { timeout: 60_000 });
  await expect(plan).toContainText('models.timesfm-nano');
  await study.getByRole('button', { name: 'Back to choosing' }).click();
  await expect(study.getByLabel('Timer (timer-nano)')).toBeChecked();
});

test('a study runs on dropped quotes, and says that they are no simulation', async ({ page }) => {
  test.skip(!sharedPresent, 'the reference folder is absent');
  const lab = new LabPage(page);
  await lab.open();
  await lab.executeOn('WASM');
  await lab.choose('data', leanFiles);
  await expect(lab.section('data').getByRole('article')).toHaveCount(3, { timeout: 60_000 });
  await lab.set({ ...small, 'Forecast stride': 600 });
  const study = page.locator('#study');
  await expect(study.getByRole('button', { name: 'Run the study' })).toBeEnabled({ timeout: 60_000 });
  await study.getByRole('button', { name: 'Run the study' }).click();
  await expect(study.getByText(/^Finished in /)).toBeVisible({ timeout: 150_000 });
  await study.getByRole('link', { name: 'Show it in Explore' }).click();
  await expect(page.getByText(/trading strategies on one model’s forecasts of 3 assets over/)).toBeVisible();
  await expect(page.getByText('The signal was planted')).toBeHidden();
  expect(lab.complaints).toEqual([]);
});
