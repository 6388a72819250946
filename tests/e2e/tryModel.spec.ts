/** The model tried before a run: latency on this device, and forecasts with their fan on any session. */

import { expect, test } from '@playwright/test';
import { LabPage } from './support/page.ts';

test('a model is measured and forecasts a session, fan and all, before anything is run', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.executeOn('WASM');
  const model = lab.section('model');
  await page.getByTestId('fold-try').locator('summary').click();
  await model.getByRole('button', { name: 'Measure its latency here' }).click();
  await expect(model.getByText(/One forecast takes [\d.]+ ms; in batches it makes .+ a second/)).toBeVisible({
    timeout: 60_000,
  });
  await model.getByRole('button', { name: 'Let orders wait for it' }).click();
  await expect(page.getByLabel('Inference time', { exact: true })).not.toHaveValue('');

  await model.getByLabel('Forecast on').selectOption('CHARLIE');
  await model.getByLabel('Session', { exact: true }).selectOption({ index: 3 });
  await model.getByRole('button', { name: 'Forecast', exact: true }).click();
  const chart = model.getByRole('figure', { name: /^Forecasts on CHARLIE, 2025-09-11/ });
  await expect(chart).toBeVisible({ timeout: 60_000 });
  await model.getByRole('button', { name: 'Zoom in' }).click();
  await expect(model.getByText(/what 16 dropout variants predict at each tick/)).toBeVisible();

  // Another model has not been tried.
  await model.getByLabel('Embedded model').selectOption('timer-nano');
  await expect(model.getByRole('heading', { name: 'timer-nano' })).toBeVisible();
  await expect(chart).toBeHidden();
  expect(lab.complaints).toEqual([]);
});
