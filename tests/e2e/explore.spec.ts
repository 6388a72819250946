/** A reader's way: the page opens on finished results, every figure is there, and any point can be opened. */

import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { figurePanels } from '../../src/app/explore/panels.ts';
import { LabPage } from './support/page.ts';

test('the plane is there at once, and plane, table and tear sheet are one', async ({ page, baseURL }) => {
  const origin = new URL(baseURL ?? '').origin;
  const elsewhere: string[] = [];
  const scripts: number[] = [];
  page.on('request', (request) => new URL(request.url()).origin === origin || elsewhere.push(request.url()));
  page.on('response', async (response) => {
    if (response.url().endsWith('.js')) scripts.push((await response.body().catch(() => Buffer.alloc(0))).length);
  });
  const lab = new LabPage(page);
  await page.goto('/');
  const plane = page.getByRole('application', { name: /^Risk-return plane of all models/ });
  await expect(plane).toBeVisible();
  expect(elsewhere).toEqual([]);
  const rows = page.getByTestId('explore-table').locator('tbody tr');
  const models = await page.getByRole('group', { name: 'Models on the plane' }).getByRole('checkbox').count();
  expect(await rows.count()).toBeGreaterThanOrEqual(models);
  // The Lab's code comes when the Lab is opened.
  expect(scripts.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(400_000);

  await plane.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const sheet = page.getByRole('article', { name: /^Configuration \d+ of / });
  await expect(sheet.getByRole('row')).toHaveCount(models + 1);
  await expect(sheet.getByText(/^Enters beyond/)).toBeVisible();

  // Every switch says something else; hiding a model takes its row away.
  const slope = rows.first().locator('td').nth(1);
  const before = await slope.textContent();
  await page.getByRole('radio', { name: 'Epistemic' }).check();
  await expect(slope).not.toHaveText(before ?? '');
  await page.getByRole('radio', { name: '% a year' }).check();
  await expect(plane.locator('text', { hasText: /, % a year$/ }).first()).toBeAttached();
  await page.getByRole('radio', { name: 'Gross' }).check();
  await expect(rows.first()).toContainText('for net returns only');
  const shown = await rows.count();
  await page.getByRole('checkbox').first().uncheck();
  await expect(rows).toHaveCount(shown - 1);
  expect(lab.complaints).toEqual([]);
});

test('a rectangle drawn on the plane lists the strategies in it, each of which opens; keys do the same, and zoom', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await page.goto('/');
  const plane = page.getByRole('application', { name: /^Risk-return plane of all models/ });
  await expect(plane).toBeVisible();
  await page.evaluate(() =>
    document
      .querySelector('[aria-label^="Risk-return plane of all"]')
      ?.scrollIntoView({ block: 'center', behavior: 'instant' }),
  );
  const box = (await plane.boundingBox())!;
  const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(0.2, 0.2));
  await page.mouse.down();
  await page.mouse.move(...at(0.5, 0.5));
  await page.mouse.move(...at(0.7, 0.8), { steps: 4 });
  await page.mouse.up();
  const table = page.getByRole('table', { name: /^Strategies in the rectangle/ });
  await expect(table.getByRole('row')).toHaveCount(13);
  // Drawing opened nothing; a row does, and the points outside step back.
  await expect(page.getByRole('article', { name: /^Configuration/ })).toHaveCount(0);
  await expect(plane.locator('.faint').first()).toBeAttached();
  await table.getByRole('button').first().click();
  await expect(page.getByRole('article', { name: /^Configuration \d+ of / })).toBeVisible();
  await plane.focus();
  await page.keyboard.press('Escape');
  await expect(table).toHaveCount(0);

  // The same by keys: a rectangle from the first point; and the plane is zoomed and shown whole again.
  await page.keyboard.press('ArrowRight');
  for (let i = 0; i < 6; i++) await page.keyboard.press('Shift+ArrowRight');
  for (let i = 0; i < 20; i++) await page.keyboard.press('Shift+ArrowUp');
  await expect(table.getByRole('row').nth(1)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(table).toHaveCount(0);
  const ticks = async () => (await plane.locator('text.tick').allTextContents()).join(' ');
  const whole = await ticks();
  await page.getByRole('button', { name: 'Zoom in' }).click();
  expect(await ticks()).not.toBe(whole);
  await plane.focus();
  await page.keyboard.press('0');
  expect(await ticks()).toBe(whole);
  expect(lab.complaints).toEqual([]);
});

test('decay shows the model as it is and fine-tuned weekly, with dates of one’s own and what was planted', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await page.goto('/#explore/decay');
  const plot = page.getByRole('figure', { name: /^Rolling market line/ });
  await expect(plot.locator('.legend li')).toHaveCount(2);
  await page.getByRole('radio', { name: 'Both, without bands' }).check();
  await expect(plot.locator('.legend li')).toHaveCount(4);
  await page.getByRole('checkbox', { name: /knows what was planted/ }).check();
  await expect(plot.locator('.legend li')).toHaveCount(5);
  await expect(page.getByText(/The strength that was planted halves every/)).toBeVisible();

  await page.getByText('Dates in the plot').click();
  const marks = plot.locator('.mark');
  const before = await marks.count();
  await page.getByRole('button', { name: 'Add a date' }).click();
  const last = page.getByLabel(/^Day of release/).last();
  await last.fill('2024-04-03');
  await last.blur();
  await page
    .getByLabel(/^Name of release/)
    .last()
    .fill('Mine');
  await page
    .getByLabel(/^Name of release/)
    .last()
    .blur();
  await expect(plot.locator('text', { hasText: 'Mine' })).toBeAttached();
  expect(await marks.count()).toBeGreaterThan(before);
  await page.getByRole('button', { name: 'Remove Mine' }).click();
  await expect(marks).toHaveCount(before);
  await expect(plot.locator('.shaded')).toHaveCount(0);
  await page.getByLabel(/pre-training data end/).fill('2024-03-01');
  await expect(plot.locator('.shaded')).toHaveCount(1);
  expect(lab.complaints).toEqual([]);
});

test('every figure opens by its address, says what not to conclude, and leads on', async ({ page }) => {
  const lab = new LabPage(page);
  for (const { address: view } of figurePanels) {
    await page.goto(`/#explore/${view}`);
    await expect(page.locator('a[aria-current=page]')).toHaveCount(2);
    await expect(page.locator('.reading').first()).toBeVisible();
    await expect(page.getByText('Not to conclude:').first()).toBeVisible();
  }
  const response = await page.request.get(new URL('studies/embedded.manifest.json', page.url()).href);
  expect(await response.json()).toEqual(JSON.parse(await readFile('public/studies/embedded.manifest.json', 'utf8')));
  await page.locator('.provenance').getByRole('link', { name: 'Lab' }).click();
  await expect(lab.section('data').getByRole('article').first()).toBeVisible();
  expect(lab.complaints).toEqual([]);
});

test('without the precomputed study the page says so and leads to the Lab', async ({ page }) => {
  await page.route('**/studies/embedded.json', (route) => route.fulfill({ status: 404 }));
  await page.goto('/');
  await expect(page.getByText('No precomputed study is served with this page.')).toBeVisible();
  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  await expect(new LabPage(page).section('data').getByRole('article').first()).toBeVisible();
});
