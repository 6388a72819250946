/** The first visit: the embedded market and the embedded model, without any file and without network. */

import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { LabPage } from './support/page.ts';

test('Run gives a Pretrained Market Line to explore and to take away', async ({ page, baseURL }) => {
  const origin = new URL(baseURL ?? '').origin;
  await page.route(
    (url) => url.origin !== origin,
    (route) => route.abort(),
  );
  const lab = new LabPage(page);
  await lab.open();
  await expect(lab.section('data').getByRole('heading', { level: 3 })).toHaveCount(4);
  await expect(page.getByLabel('Dropout sites', { exact: true })).toHaveValue('features');
  await lab.executeOn('WASM');
  // Fewer forecasts than the default, for a machine with two cores.
  await lab.set({ 'Dropout variants K': 4, 'Forecast stride': 60 });
  await lab.run();

  const study = await lab.savedStudy();
  expect(study.result.configurations).toHaveLength(100);
  expect(study.result.fits.aleatory.kind).toBe('fitted');
  expect(study.manifest.model.name).toBe('ttm-nano');
  await expect(page.getByTestId('line-table').getByRole('row')).toHaveCount(5);

  // The plane by keyboard: the first point from the left is the one of least priced risk.
  const leastRisk = [...study.result.configurations]
    .filter((point) => point.traded)
    .sort((a, b) => a.sigmaBps.aleatory - b.sigmaBps.aleatory)[0];
  await page.getByRole('application').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText(`Configuration ${leastRisk?.index}: σ`)).toBeVisible();
  await page.keyboard.press('Enter');
  const point = page.getByRole('article', { name: `Configuration ${leastRisk?.index}` });
  await expect(point.getByText(/^enter beyond/)).toBeVisible();
  await point.getByText(/trades? on /).click();
  const trades = await point.getByTestId('trades').locator('tbody tr').count();
  const counted = study.result.tradeCounts[(leastRisk?.index ?? 0) * 5 * 4] ?? 0;
  expect(trades).toBe(Math.min(100, counted));
  // The tear sheet: five charts over days, equity by the tick, and the quotes around a trade where there is one.
  await expect(point.getByRole('figure')).toHaveCount(counted > 0 ? 7 : 6);
  await expect(point.getByTestId('facts')).toContainText('Mean, gross');
  await expect(point.getByTestId('facts')).toContainText('Oracle (sees the future), same rules');

  await page.getByTestId('naive').locator('summary').click();
  await expect(page.getByTestId('naive').getByRole('row')).toHaveCount(7);
  await page.getByTestId('sensitivity').locator('summary').click();
  await expect(page.getByTestId('sensitivity').getByRole('row').nth(1)).toBeVisible();

  await page.getByRole('radio', { name: 'Epistemic' }).check();
  await expect(page.getByTestId('line-table').getByRole('row', { name: /Epistemic/ })).toHaveAttribute(
    'aria-current',
    'true',
  );

  const csv = await lab.saveText('Save configurations as CSV');
  expect(csv.trimEnd().split('\r\n')).toHaveLength(101);
  expect((await lab.saveText('Save lines as CSV')).split('\r\n')[0]).toContain('slope');
  const png = await readFile(await (await lab.save('Save plot as PNG')).path());
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.length).toBeGreaterThan(10_000);
  expect(lab.complaints).toEqual([]);
});

test('every model that comes with the page opens, and another than the first forecasts', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  const model = lab.section('model');
  const heading = model.getByRole('heading', { level: 3 });
  await expect(heading).toHaveText('ttm-nano');
  await lab.executeOn('WASM');
  const choice = model.getByLabel('Embedded model');
  const labels = await choice.locator('option').allTextContents();
  expect(labels.length).toBeGreaterThanOrEqual(9);
  for (const label of labels) {
    await choice.selectOption({ label });
    await expect(heading).toHaveText(/\(([^()]+)\)$/.exec(label)![1]!);
    await expect(model.getByText(/^Runs on /)).toBeVisible();
  }
  await choice.selectOption({ label: labels.find((label) => label.startsWith('Timer'))! });
  await expect(heading).toHaveText('timer-nano');
  await lab.set({ 'Dropout variants K': 2, 'Forecast stride': 300 });
  await lab.run();
  expect((await lab.savedStudy()).manifest.model.name).toBe('timer-nano');
  expect(lab.complaints).toEqual([]);
});
