/** Fine-tuning the embedded model on the embedded market: the plan, a short training, cancel and resume, keep, export. */

import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { LabPage } from './support/page.ts';

const short = {
  'Training steps': 40,
  Batch: 8,
  'Validate every': 10,
  'Save every': 10,
  'Warm-up': 4,
  'Window stride': 16,
};

test('a model is tuned, compared with before, kept for studies that begin after what it has seen, and saved', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.executeOn('WASM');
  const box = page.locator('#fine-tune');
  await box.getByText('Fine-tune on these quotes').click();
  await lab.set(short);
  await box.getByLabel('Posterior', { exact: true }).selectOption('SWAG');
  await expect(page.getByTestId('tuning-plan')).toContainText(/Trains all of [\d,]+ parameters on [\d,]+ windows/);
  await expect(page.getByTestId('tuning-plan')).toContainText(/studies from 20\d\d-/);

  await box.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByTestId('tuning-speed')).toContainText(/training graph \(WASM.*ms a step/, { timeout: 60_000 });
  await expect(page.getByTestId('tuning-speed')).toContainText(/TensorFlow\.js.*ms a step/);
  const result = page.getByTestId('tuning-result');
  await expect(result).toContainText(/All steps were taken: 40 steps/, { timeout: 60_000 });
  await expect(page.getByTestId('tuning-comparison')).toContainText('Correlation of surprise');
  await expect(box.getByRole('figure', { name: /Losses of the training/ })).toBeVisible();

  const downloads: Record<string, string> = {};
  page.on('download', async (download) => {
    downloads[download.suggestedFilename()] = await readFile(await download.path(), 'utf8');
  });
  await result.getByRole('button', { name: 'Save as safetensors' }).click();
  await expect
    .poll(() => Object.keys(downloads).sort())
    .toEqual(['config.json', 'model.safetensors', 'posterior.safetensors']);
  expect(JSON.parse(downloads['config.json']!).model_type).toBe('tinytimemixer');
  expect(downloads['model.safetensors']).toContain('fineTuning.settings');

  await result.getByRole('button', { name: 'Keep it and use it' }).click();
  await expect(lab.section('model').getByRole('heading', { name: 'ttm-nano, tuned' })).toBeVisible();
  await expect(lab.section('model')).toContainText(/studies with this model begin at 20\d\d-/);
  await expect(lab.section('model').getByLabel('Kept on this device')).toContainText('ttm-nano, tuned');
  await lab.set({ 'Variants K': 2, 'Forecast stride': 300 });
  await expect(page.getByTestId('plan')).toContainText('over 7 days', { timeout: 60_000 });
  await lab.run();
  await expect(page.getByTestId('line-table')).toBeVisible();
  // The posterior of the training beside MC-dropout, on the same study.
  await page.getByLabel('Variants are', { exact: true }).selectOption('From the model’s posterior');
  await lab.run();
  const runs = page.getByTestId('runs-table').locator('tbody tr');
  await expect(runs.filter({ hasText: 'MC-dropout, 2' })).toHaveCount(1);
  await expect(runs.filter({ hasText: 'SWAG, 2' })).toHaveCount(1);
  expect(lab.complaints).toEqual([]);
});

test('a training that is cancelled can be resumed in a new tab, and too little data is said before', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.executeOn('WASM');
  const box = page.locator('#fine-tune');
  await box.getByText('Fine-tune on these quotes').click();
  await lab.set({ ...short, 'Training steps': 4000 });
  await box.getByRole('radio', { name: 'Training graph' }).check();
  await box.getByRole('button', { name: 'Start training' }).click();
  await expect(box).toContainText(/[1-9]\d* of 4,000 steps/, { timeout: 60_000 });
  await box.getByRole('button', { name: 'Cancel training' }).click();
  await expect(box.getByText(/^Training cancelled/)).toBeVisible();
  await expect(box.getByRole('button', { name: /Resume from step \d+/ })).toBeVisible();

  await page.reload();
  await lab.executeOn('WASM');
  await box.getByText('Fine-tune on these quotes').click();
  await expect(box.getByRole('button', { name: /Resume from step \d+/ })).toBeVisible({ timeout: 30_000 });
  await box.getByRole('button', { name: 'Discard what was trained' }).click();
  await expect(box.getByRole('button', { name: 'Start training' })).toBeVisible();

  await lab.set({ 'Window stride': 100_000, Batch: 4000 });
  await expect(box).toContainText(/The training range holds \d+ whole windows/);
  await expect(box.getByRole('button', { name: 'Start training' })).toBeDisabled();
  expect(lab.complaints).toEqual([]);
});

test('a new baseline is trained on the quotes, cancelled and resumed, and runs in the Lab beside a foundation model', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.executeOn('WASM');
  await lab.set({ 'Variants K': 2, 'Forecast stride': 300 });
  const box = page.locator('#fine-tune');
  await box.getByText('Fine-tune on these quotes').click();
  await box.getByLabel('Start from', { exact: true }).selectOption('A new GRU');
  // What suits a baseline is filled in; what was set by hand stays.
  await expect(box.getByLabel('Training steps', { exact: true })).toHaveValue('1500');
  await expect(box.getByLabel('Trained weights', { exact: true })).toBeHidden();
  await lab.set({ Width: 12, Layers: 1, 'Ticks read': 12, 'Save every': 10, 'Validate every': 20 });
  await box.getByRole('radio', { name: 'Training graph' }).check();
  await expect(page.getByTestId('tuning-plan')).toContainText(/Trains all of [\d,]+ parameters/);

  await box.getByRole('button', { name: 'Start training' }).click();
  await expect(box).toContainText(/[1-9]\d* of 1,500 steps/, { timeout: 60_000 });
  await box.getByRole('button', { name: 'Cancel training' }).click();
  await expect(box.getByRole('button', { name: /Resume from step \d+/ })).toBeVisible();
  await box.getByRole('button', { name: /Resume from step \d+/ }).click();
  const result = page.getByTestId('tuning-result');
  await expect(result).toContainText(/(All steps were taken|Stopped early).*: [\d,]+ steps/, { timeout: 90_000 });
  await expect(box.getByRole('figure', { name: /Losses of the training/ })).toBeVisible();
  const comparison = page.getByTestId('tuning-comparison');
  await expect(comparison.getByRole('columnheader')).toHaveText(['Forecasts', 'Persistence', 'After']);
  const cells = await comparison
    .getByRole('row', { name: /Squared error/ })
    .getByRole('cell')
    .allTextContents();
  expect(Number(cells[0])).toBe(1);
  // The simulated market can be foreseen in part.
  expect(Number(cells[1])).toBeLessThan(0.97);

  const downloads: Record<string, string> = {};
  page.on('download', async (download) => {
    downloads[download.suggestedFilename()] = await readFile(await download.path(), 'utf8');
  });
  await result.getByRole('button', { name: 'Save as safetensors' }).click();
  await expect.poll(() => Object.keys(downloads).sort()).toEqual(['config.json', 'model.safetensors']);
  expect(JSON.parse(downloads['config.json']!)).toMatchObject({ model_type: 'qlib_gru', hidden_size: 12, seq_len: 12 });

  await result.getByRole('button', { name: 'Keep it and use it' }).click();
  await expect(lab.section('model').getByRole('heading', { name: 'GRU 12, trained' })).toBeVisible();
  await lab.run();
  await lab.section('model').getByRole('button', { name: 'Back to the embedded model' }).click();
  await expect(lab.section('model').getByRole('heading', { name: 'ttm-nano' })).toBeVisible();
  await lab.run();
  const runs = page.getByTestId('runs-table').locator('tbody tr');
  await expect(runs.filter({ hasText: 'GRU 12, trained' })).toContainText('MC-dropout, 2');
  await expect(runs.filter({ hasText: 'ttm-nano' })).toHaveCount(1);
  expect(lab.complaints).toEqual([]);
});

test('a family of fine-tunings is drawn, trained, found again in a new tab, and run as one cloud with one line', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.executeOn('WASM');
  const box = page.locator('#fine-tune');
  await box.getByText('Fine-tune on these quotes').click();
  await lab.set(short);
  await box.getByRole('radio', { name: 'Training graph' }).check();
  await box.getByText('A family of fine-tunings').click();
  await lab.set({ 'Fine-tunings': 2, 'Learning rate: one of': '0.001; fast' });
  await expect(box).toContainText(/Learning rate must be a number from 1e-7 to 1 \(?.*“fast”|but is NaN/);
  await lab.set({ 'Learning rate: one of': '0.001; 0.003', 'Trained weights: one of': 'all; lora' });
  const rows = page.getByTestId('family-members').locator('tbody tr');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText(/learning rate 0\.00[13], .*trained weights (all|lora)/);
  await box.getByRole('button', { name: 'Train 2 fine-tunings' }).click();
  await expect(rows.filter({ hasText: /kept, validation loss [\d.]+/ })).toHaveCount(2, { timeout: 90_000 });
  await expect(box.getByRole('button', { name: 'All are trained' })).toBeDisabled();
  await expect(lab.section('model').getByLabel('Kept on this device')).toContainText(/ttm-nano, tuned [0-9a-f]{6}/);

  // The same settings are the same family.
  await page.reload();
  await lab.executeOn('WASM');
  await box.getByText('Fine-tune on these quotes').click();
  await box.getByText('A family of fine-tunings').click();
  await expect(rows.filter({ hasText: 'kept' })).toHaveCount(2, { timeout: 30_000 });
  // A larger one begins with it.
  await lab.set({ 'Fine-tunings': 3 });
  await expect(box.getByRole('button', { name: 'Train 1 fine-tuning' })).toBeEnabled();
  await expect(rows.filter({ hasText: 'kept' })).toHaveCount(2);

  await lab.set({ 'Variants K': 2, 'Forecast stride': 300 });
  await box.getByRole('button', { name: 'Run the 2 kept members in the Lab' }).click();
  await expect(box).toContainText('The strategies of 2 members are one run', { timeout: 120_000 });
  const runs = page.getByTestId('runs-table').locator('tbody tr');
  await expect(runs).toHaveCount(1);
  await expect(runs).toContainText('ttm-nano, tuned: S(θ) of 2');
  await expect(lab.section('results')).toContainText('1: ttm-nano, tuned: S(θ) of 2');
  expect(lab.complaints).toEqual([]);
});
