/** A link reproduces a study on another machine that has the same files, and says what is missing on one that has not. */

import { expect, test } from '@playwright/test';
import { LabPage } from './support/page.ts';

test('a copied link opens the same study: the same settings, and the same numbers', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const lab = new LabPage(page);
  await lab.open();
  await lab.set({ 'Variants K': 3, 'Forecast stride': 240, 'Configurations C': 8, Seed: 5 });
  await lab.run();
  await page.getByRole('button', { name: 'Copy link to this study' }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/#lab\?.*variants=3/);
  const want = await lab.savedStudy();

  const other = await context.newPage();
  const there = new LabPage(other);
  await other.goto(link);
  await expect(other.getByTestId('link')).toContainText('Run gives the same study');
  await expect(other.getByLabel('Seed', { exact: true })).toHaveValue('5');
  await there.run();
  const got = await there.savedStudy();
  expect(got.manifest).toEqual(want.manifest);
  expect(got.result.periodReturns).toEqual(want.result.periodReturns);
  expect([...lab.complaints, ...there.complaints]).toEqual([]);
});

test('a link to a study on other quotes says what is missing, and what of it is wrong', async ({ page }) => {
  const query = new URLSearchParams({ variants: '1', seed: '9', model: 'somebody-elses~0123456789abcdef' });
  query.append('data', 'AIG~0123456789abcdef');
  await page.goto(`/#lab?${query}`);
  const note = page.getByTestId('link');
  await expect(note).toContainText('Quotes of AIG are missing');
  await expect(note).toContainText('The link’s model is somebody-elses; ttm-nano is loaded.');
  await expect(note).toContainText('Variants K must be a whole number from 2');
  await expect(page.getByLabel('Seed', { exact: true })).toHaveValue('9');
  await expect(page.getByLabel('Variants K', { exact: true })).toHaveValue('16');
});
