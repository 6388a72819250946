/** Tables that nobody told the page about: a person says what their columns are, and is asked only once. */

import { expect, test } from '@playwright/test';
import { LabPage } from './support/page.ts';

/** Times of day, no day, prices × 100, ask before bid, names in no known language. */
function oddTable(shift: number): string {
  const rows = Array.from({ length: 200 }, (_, i) => {
    const mid = 10_000 + shift + Math.round(20 * Math.sin(i / 9));
    const stamp = new Date(34_200_000 + i * 1000).toISOString().slice(11, 19);
    return `${stamp};${mid + 1};${mid - 1};A`;
  });
  return `klok;vraag;bod;beurs\n${rows.join('\n')}\n`;
}

function file(name: string, text: string) {
  return { name, bytes: new TextEncoder().encode(text) };
}

test('a table of unknown names is asked about, previewed, read, and known the next time', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  const data = lab.section('data');
  await lab.chooseMade('data', [file('odd.txt', oddTable(0))]);
  await expect(data.getByRole('alert')).toContainText('odd.txt: This is not a quote file that can be read');
  await data.getByRole('button', { name: 'Say what the columns of odd.txt are' }).click();

  const dialog = page.getByRole('dialog', { name: 'The columns of odd.txt' });
  await expect(dialog.getByRole('alert')).toContainText('no column holds the day');
  // The guess takes the lower price for the bid: the columns are the other way round in this file, and it saw that.
  await expect(dialog.getByLabel('What vraag holds')).toHaveValue('ask');
  await expect(dialog.getByLabel('What bod holds')).toHaveValue('bid');
  await dialog.getByLabel('Day, for times since midnight').fill('2024-03-08');
  await dialog.getByLabel('Time zone').fill('America/New_York');
  await expect(dialog.getByRole('cell', { name: '2024-03-08 14:30:00' })).toBeVisible();
  await dialog.getByLabel('Divide prices by').fill('0');
  await expect(dialog.getByRole('button', { name: 'Use these columns' })).toBeDisabled();
  await dialog.getByLabel('Divide prices by').fill('100');
  await expect(dialog.getByRole('cell', { name: '99.990' }).first()).toBeVisible();
  await dialog.getByLabel('Symbol').fill('ODD');
  await dialog.getByRole('button', { name: 'Use these columns' }).click();

  await expect(dialog).toBeHidden();
  await expect(data.getByRole('heading', { level: 3 })).toHaveText(['ODD']);
  await expect(data.getByText('200 rows: 200 kept')).toBeVisible();
  await expect(data.getByRole('alert')).toHaveCount(0);

  // The next file of the layout needs no question, in a later visit either.
  await lab.open();
  await lab.chooseMade('data', [file('other.txt', oddTable(7))]);
  await expect(data.getByRole('heading', { level: 3 })).toHaveText(['OTHER']);
  await expect(data.getByText('200 rows: 200 kept')).toBeVisible();
  expect(lab.complaints).toEqual([]);
});

test('the question can be left with Escape, and the data in use stay', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  const data = lab.section('data');
  await lab.chooseMade('data', [file('odd.txt', oddTable(0))]);
  const button = data.getByRole('button', { name: 'Say what the columns of odd.txt are' });
  await button.click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(data.getByText('The embedded market')).toBeVisible();
});

test('switches on dirt read the files again, and the health report follows', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  const data = lab.section('data');
  const rows = Array.from({ length: 100 }, (_, i) => {
    const [bid, ask] = i % 10 === 3 ? [101, 100] : [100, 101];
    return `${1_709_285_400 + i},${bid},${ask}`;
  });
  await lab.chooseMade('data', [file('crossed.csv', `time,bid,ask\n${rows.join('\n')}\n`)]);
  await expect(data.getByText('100 rows: 90 kept, 0 of them repaired; 10 dropped.')).toBeVisible();
  const card = data.getByRole('article').filter({ hasText: 'CROSSED' });
  await card.getByText('Health: crossed quotes (bid above ask): 10').click();
  await expect(card.getByText('1 day with quotes, median 90')).toBeVisible();
  await data.getByText('What is done about dirt').click();
  await data.getByLabel('crossed quotes (bid above ask)').selectOption({ label: 'swap bid and ask' });
  await expect(data.getByText('100 rows: 100 kept, 10 of them repaired; 0 dropped.')).toBeVisible();
  await expect(data.getByText('What is done about dirt (1 of')).toBeVisible();
});

test('quotes that were read once are remembered, used without their file, and forgotten on request', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open();
  const data = lab.section('data');
  const rows = Array.from({ length: 500 }, (_, i) => `${1_709_285_400 + i},100,101`);
  await lab.chooseMade('data', [file('mine.csv', `time,bid,ask\n${rows.join('\n')}\n`)]);
  await expect(data.getByRole('heading', { level: 3 })).toHaveText(['MINE']);
  await lab.open();
  await data.getByText('Remembered on this device (1)').click();
  await data.getByRole('button', { name: 'Use mine.csv' }).click();
  await expect(data.getByRole('heading', { level: 3 })).toHaveText(['MINE']);
  await expect(data.getByText('500 rows: 500 kept')).toBeVisible();
  await data.getByRole('button', { name: 'Forget my data …' }).click();
  await data.getByRole('button', { name: 'Delete them all' }).click();
  await expect(data.getByText('Remembered on this device')).toHaveCount(0);
  await lab.open();
  await expect(data.getByText('Remembered on this device')).toHaveCount(0);
});
