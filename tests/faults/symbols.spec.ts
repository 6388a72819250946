/** Files and links that stand for more than a device holds: refused with what would fit, and some of the symbols are found and used. */

import { expect, test } from '@playwright/test';
import { LabPage } from '../e2e/support/page.ts';
import { often } from './support/full.ts';

const count = often(3000, 12_000);
const counted = count.toLocaleString('en');
const last = `SYM${String(count - 1).padStart(5, '0')}`;

/** Symbols over eight hours each. */
function manySymbols(): Uint8Array {
  const rows = Array.from({ length: count }, (_, i) => {
    const symbol = `SYM${String(i).padStart(5, '0')}`;
    return `1709280000,${symbol},${100 + i / 100},${101 + i / 100}\n1709308800,${symbol},${100 + i / 100},${102 + i / 100}\n`;
  });
  return new TextEncoder().encode(`time,symbol,bid,ask\n${rows.join('')}`);
}

test('thousands of symbols: what fits is said, some are found by name and used, and the page stays small', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open();
  const data = lab.section('data');
  await lab.chooseMade('data', [{ name: 'all.csv', bytes: manySymbols() }]);
  await expect(data.getByText(`${counted} symbols from your files, not sampled`)).toBeVisible({ timeout: 60_000 });
  await expect(data.getByRole('alert')).toContainText(
    new RegExp(
      `The grids of ${counted} symbols would have [\\d,]{10,} ticks: they take about [\\d.]+ GB, and this device has room`,
    ),
  );
  await expect(lab.runButton).toBeDisabled();

  await data.getByRole('button', { name: 'Leave out all' }).click();
  await data.getByRole('searchbox', { name: 'Search symbols' }).fill(`sym0001 ${last}`);
  await expect(data.getByRole('checkbox', { name: /^SYM/ })).toHaveCount(11);
  await data.getByRole('button', { name: 'Choose these 11' }).click();
  await data.getByRole('checkbox', { name: /^SYM00013/ }).uncheck();
  await data.getByRole('button', { name: 'Use 10 symbols' }).click();
  await expect(data.getByText(`${counted} symbols from your files, 10 of them in use.`)).toBeVisible();
  await expect(data.getByRole('article')).toHaveCount(10);
  await expect(data.getByRole('alert')).toHaveCount(0);

  // More cards than anybody looks at: only those in sight are there.
  await data.getByRole('searchbox').fill('SYM000');
  await data.getByRole('button', { name: 'Choose these 100' }).click();
  await data.getByRole('button', { name: 'Use 101 symbols' }).click();
  await expect(data.getByText('101 of them in use.')).toBeVisible();
  const cards = data.getByRole('region', { name: 'Symbols in use' });
  await expect(cards.getByRole('heading', { name: 'SYM00000' })).toBeVisible();
  expect(await cards.getByRole('article').count()).toBeLessThan(60);
  await cards.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await expect(cards.getByRole('heading', { name: last })).toBeVisible();
  expect(await page.locator('*').count()).toBeLessThan(4000);
  expect(lab.complaints).toEqual([]);
});

test('a link with a step of 1 ms takes no memory: what fits is said', async ({ page }) => {
  await page.goto('/#lab?stepMs=1');
  const data = page.locator('#data');
  await expect(data.getByRole('alert')).toContainText(/ticks: they take about [\d.]+ GB, and this device has room for/);
  await expect(data.getByRole('article')).toHaveCount(0);
});
