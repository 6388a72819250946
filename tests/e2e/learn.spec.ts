/** A teacher's way: the guided path from the first step to the last, a link with a setting fixed and one hidden, and back to the Lab. */

import { expect, test } from '@playwright/test';
import { LabPage } from './support/page.ts';

const STEPS = 10;

test('the guided path is walked step by step, every question with its check', async ({ page }) => {
  const lab = new LabPage(page);
  await page.goto('/#learn');
  const heading = page.getByRole('heading', { level: 2 });
  const titles = new Set<string>();
  for (let step = 1; step <= STEPS; step++) {
    await expect(page.getByText(`Step ${step} of ${STEPS}`)).toBeVisible();
    titles.add((await heading.textContent()) ?? '');
    await expect(page.getByRole('img').or(page.getByRole('application')).first()).toBeVisible();
    // Wrong answers say why; the right one is marked in the list of steps.
    const answers = page.getByRole('radio');
    for (let i = 0; i < (await answers.count()); i++) {
      await answers.nth(i).check();
      await page.getByRole('button', { name: 'Check' }).click();
      if (await page.getByText('Right.').isVisible()) break;
      await expect(page.getByText('Not quite.')).toBeVisible();
    }
    await expect(page.getByText('Right.')).toBeVisible();
    await expect(page.getByText('(answered)')).toHaveCount(step);
    if (step < STEPS) await page.getByRole('link', { name: /^Next/ }).click();
  }
  expect(titles.size).toBe(STEPS);
  // Every figure holds numbers, and the last step leads on.
  await page.getByRole('link', { name: /Lab, on your own quotes/ }).click();
  await expect(lab.section('data').getByRole('article').first()).toBeVisible();
  expect(lab.complaints).toEqual([]);
});

test('sliders move the simulation, and a draw is the same again', async ({ page }) => {
  await page.goto('/#learn/two-risks');
  const measured = page.locator('table tbody tr').first().locator('td').last();
  const before = await measured.textContent();
  await page.getByRole('slider', { name: 'The variants differ by' }).fill('90');
  await expect(measured).not.toHaveText(before ?? '');
  expect(Number(await measured.textContent())).toBeGreaterThan(70);
  await page.getByRole('slider', { name: 'The variants differ by' }).fill('30');
  await expect(measured).toHaveText(before ?? '');
  await page.getByRole('button', { name: /Draw anew/ }).click();
  await expect(measured).not.toHaveText(before ?? '');
});

test('a teacher’s link fixes a setting and hides another', async ({ page }) => {
  await page.goto('/#learn/market-line?sharpe=0');
  await expect(page.getByText('Planted: 0.00 a year')).toBeVisible();
  await page.getByTestId('teacher').locator('summary').click();
  await page.getByTestId('teacher').getByLabel('Days').selectOption('is fixed');
  await page.getByTestId('teacher').getByLabel('True SRθ').selectOption('is hidden');
  const link = await page.getByLabel('Link', { exact: true }).inputValue();
  expect(link).toContain('#learn/market-line?sharpe=0&days=250&fix=days&hide=sharpe');
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.getByRole('slider', { name: 'Days' })).toBeDisabled();
  await expect(page.getByRole('slider', { name: 'True SRθ' })).toHaveCount(0);
  await expect(page.getByText('Planted: 0.00 a year')).toBeVisible();
  await page.goto(`${link}&days=3`);
  await page.goto('/#learn/market-line?days=3');
  await expect(page.getByText('The link sets Days to “3”')).toBeVisible();
});

test('the Lab goes on while one reads', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.set({ Seed: 42 });
  await page.getByRole('link', { name: 'Learn' }).click();
  await expect(lab.section('settings')).toBeHidden();
  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  await expect(page.getByLabel('Seed', { exact: true })).toHaveValue('42');
});

for (const width of [360, 768, 1440]) {
  test(`no step is cut off at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto('/#learn');
    for (let step = 1; step <= STEPS; step++) {
      await expect(page.getByText(`Step ${step} of ${STEPS}`)).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      if (step < STEPS) await page.getByRole('link', { name: /^Next/ }).click();
    }
  });
}
