/** What happens to a run from outside: files dropped meanwhile, another tab that looks, a worker that ends without a word. */

import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { LabPage } from '../e2e/support/page.ts';

/** A run that takes a while. */
async function startLongRun(page: Page): Promise<LabPage> {
  const lab = new LabPage(page);
  await lab.open();
  await lab.set({ 'Variants K': 16, 'Forecast stride': 2, 'Configurations C': 12 });
  await expect(lab.runButton).toBeEnabled({ timeout: 60_000 });
  await lab.runButton.click();
  await expect(lab.section('run').getByRole('progressbar')).toBeVisible();
  return lab;
}

async function historyOf(context: BrowserContext) {
  const page = await context.newPage();
  const lab = new LabPage(page);
  await lab.open();
  await page.getByTestId('history').locator('summary').click();
  return { page, history: page.getByTestId('history') };
}

test('files dropped during a run are not taken, and that is said; another tab lists the run as under way, not as stopped', async ({
  page,
  context,
}) => {
  const lab = await startLongRun(page);
  await lab.drop([`${import.meta.dirname}/running.spec.ts`]);
  await expect(page.getByRole('alert').filter({ hasText: 'A run is under way' })).toContainText(
    'the file was not taken',
  );
  await expect(lab.section('run').getByText('Pause')).toBeVisible();
  // Some of it has been noted by now.
  await page.waitForTimeout(6000);

  const { history } = await historyOf(context);
  const row = history.getByRole('row', { name: /ttm-nano/ });
  await expect(row).toContainText('under way in another tab');
  await expect(row.getByRole('button', { name: 'Go on' })).toBeDisabled();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(row).toContainText('stopped at');
  await expect(row.getByRole('button', { name: 'Go on' })).toBeEnabled();
});

test('a model’s worker that ends without a word is replaced within seconds, and the run goes on', async ({ page }) => {
  const lab = await startLongRun(page);
  const running = () => page.workers().filter((each) => each.url().includes('model.worker-'));
  const [worker] = running();
  const left = lab.section('run').getByText(/forward passes · [\d,]+ a second/);
  await expect(left).toBeVisible();
  const before = await left.textContent();
  await worker!.evaluate(() => globalThis.close());
  await expect.poll(() => running().some((each) => each !== worker), { timeout: 10_000 }).toBe(true);
  await expect(left).not.toHaveText(before ?? '');
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(lab.complaints).toEqual([]);
});
