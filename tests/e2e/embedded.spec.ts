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
  await lab.set({ 'Variants K': 4, 'Forecast stride': 60 });
  await lab.run();

  const study = await lab.savedStudy();
  expect(study.result.configurations).toHaveLength(100);
  expect(study.result.fits.aleatory.kind).toBe('fitted');
  expect(study.manifest.model.name).toBe('ttm-nano');
  await expect(page.getByTestId('line-table').getByRole('row')).toHaveCount(5);
  // The headline: slope through r_f first, with days and variants drawn; and whether it is a line at all.
  const headline = page.getByTestId('headline-table');
  await expect(headline.locator('tbody tr').first()).toContainText(/through r_f, annual.*\d to −?\d+\.\d\d/);
  await expect(headline.locator('[data-figure=eq7]')).toContainText(/rejected.*p = /);
  await expect(headline.locator('[data-figure=undefined]')).toContainText(/\d+ corrected, \d+ deterministic/);

  // The plane by keyboard: the first point from the left is the one of least priced risk.
  const leastRisk = [...study.result.configurations]
    .filter((point) => point.traded)
    .sort((a, b) => a.sigmaBps.aleatory - b.sigmaBps.aleatory)[0];
  await page.getByRole('application', { name: /^Risk-return plane/ }).focus();
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

  // The Lab's plane has what Explore's has: a rectangle by mouse and by keys, and zoom.
  const plane = page.getByRole('application', { name: /^Risk-return plane/ });
  const inside = page.getByRole('table', { name: /^Strategies in the rectangle/ });
  await plane.evaluate((element) => element.scrollIntoView({ block: 'center', behavior: 'instant' }));
  const box = (await plane.boundingBox())!;
  await page.mouse.move(box.x + 0.1 * box.width, box.y + 0.05 * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.98 * box.width, box.y + 0.85 * box.height, { steps: 4 });
  await page.mouse.up();
  await expect(inside.getByRole('row')).toHaveCount(13);
  await plane.focus();
  await page.keyboard.press('Escape');
  await expect(inside).toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(inside.getByRole('button', { name: `configuration ${leastRisk?.index}` })).toBeVisible();
  const ticks = async () => (await plane.locator('text.tick').allTextContents()).join(' ');
  const whole = await ticks();
  await page.keyboard.press('+');
  expect(await ticks()).not.toBe(whole);
  await page.keyboard.press('0');
  expect(await ticks()).toBe(whole);
  await page.keyboard.press('Escape');

  await page.getByTestId('naive').locator('summary').click();
  await expect(page.getByTestId('naive').getByRole('row')).toHaveCount(8);
  await page.getByTestId('sensitivity').locator('summary').click();
  await expect(page.getByTestId('sensitivity').getByRole('row').nth(1)).toBeVisible();

  await page.getByRole('radio', { name: 'Epistemic' }).check();
  await expect(page.getByTestId('line-table').getByRole('row', { name: /Epistemic/ })).toHaveAttribute(
    'aria-current',
    'true',
  );

  // What stands behind the line, each part opened on demand.
  await page.getByTestId('fold-honesty').locator('summary').click();
  await expect(page.getByTestId('honesty-table').getByRole('row', { name: /^Trials/ })).toContainText('100');
  await page.getByTestId('fold-lines').locator('summary').click();
  await expect(page.getByTestId('interval-table').getByRole('row')).toHaveCount(7);
  await page.getByTestId('fold-decomposition').locator('summary').click();
  await expect(page.getByTestId('decomposition-table').locator('tbody tr')).toHaveCount(100);
  await page.getByTestId('fold-tails').locator('summary').click();
  await expect(page.getByTestId('tails-table').getByRole('row', { name: /^Sortino/ })).toContainText('100');
  await page.getByTestId('fold-calibration').locator('summary').click();
  await expect(page.getByTestId('calibration-verdict')).toContainText('planted studies');
  await page.getByTestId('fold-theory').locator('summary').click();
  await expect(page.getByTestId('theory-table').locator('tbody tr')).toHaveCount(4);
  await page.getByRole('application', { name: /^Efficient frontier/ }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText(/: σ .* bps a day$/).last()).toBeVisible();

  const csv = await lab.saveText('Save configurations as CSV');
  expect(csv.trimEnd().split('\r\n')).toHaveLength(101);
  expect((await lab.saveText('Save lines as CSV')).split('\r\n')[0]).toContain('slope');
  expect(await lab.saveText('Save intervals as CSV')).toContain('days, bca');
  expect(await lab.saveText('Save configurations with intervals as CSV')).toContain('sigma aleatory low');
  expect(JSON.parse(await lab.saveText('Save analysis as JSON')).analysis.honesty.deflated.trials).toBe(100);
  const png = await readFile(await (await lab.save('Save as PNG: Risk-return plane')).path());
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.length).toBeGreaterThan(10_000);

  // A second run stays beside the first until it is removed.
  await lab.set({ Seed: 7 });
  await lab.run();
  const runs = page.getByTestId('runs-table').locator('tbody tr');
  await expect(runs).toHaveCount(2);
  await expect(page.getByTestId('comparison-table').locator('tbody tr')).toHaveCount(1);
  // Another seed draws other configurations: no ensemble; the same configurations make one.
  await page.getByRole('button', { name: /deep ensemble$/ }).click();
  await expect(page.getByText('differ in their configurations')).toBeVisible();
  await page.getByRole('button', { name: 'Remove run 1' }).click();
  await expect(runs).toHaveCount(1);
  await lab.set({ 'Forecast stride': 90 });
  await lab.run();
  await page.getByRole('button', { name: /deep ensemble$/ }).click();
  await expect(runs.filter({ hasText: 'deep ensemble, 2' })).toHaveCount(1);
  await expect(page.getByTestId('comparison-table').locator('tbody tr')).toHaveCount(2);
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
  await lab.set({ 'Variants K': 2, 'Forecast stride': 300 });
  await lab.run();
  expect((await lab.savedStudy()).manifest.model.name).toBe('timer-nano');
  expect(lab.complaints).toEqual([]);
});
