/** Files as people have them, dropped by a person: contracts of an archive, files named kind first, blank sides, another script, local time. */

import { expect, test } from '@playwright/test';
import { sharedBytes, sharedPresent } from '../support/shared.ts';
import { LabPage } from './support/page.ts';

const file = (name: string) => ({ name, bytes: sharedBytes(`reports/quotes/${name}`) });

test.skip(!sharedPresent, 'the reference folder is absent');

test('files that were misread or refused are read, and what they leave open is asked', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  const data = lab.section('data');
  await lab.chooseMade('data', [
    ...['xyz_2024_quote_american.zip', 'prices_LINK.csv', 'prices_AVAX.csv', '600999_gbk.csv'].map(file),
    ...['XAUUSD_202411041000_202411041001.csv', 'slash.csv'].map(file),
  ]);
  await expect(data.getByRole('heading', { level: 3 })).toHaveText([
    ...['600999', 'AVAX', 'LINK', 'XAUUSD'],
    ...['XYZ 20240419 CALL 50', 'XYZ 20240419 CALL 55', 'XYZ 20240419 PUT 50'],
  ]);
  await expect(data.getByText('36 rows: 36 kept')).toBeVisible();

  // A question that nothing answers is asked; its answer is used at once.
  const dates = data.getByRole('group', { name: 'slash.csv' });
  await expect(dates.getByRole('alert')).toContainText('“04/11/2024” may be day first or month first');
  await dates.getByRole('button', { name: 'day first: 4 November 2024' }).click();
  await expect(data.getByRole('heading', { level: 3, name: 'SLASH' })).toBeVisible();
  await expect(data.getByRole('alert')).toHaveCount(0);
  // One that was answered meanwhile says how, and can be answered otherwise.
  const zone = data.getByRole('group', { name: 'XAUUSD_202411041000_202411041001.csv' });
  await expect(zone.getByRole('button', { name: 'times of UTC (as read)' })).toBeVisible();
  await zone.getByRole('button', { name: 'times of Europe/Athens' }).click();
  await expect(zone).toHaveCount(0);

  // The zone of stamps in local time, said in the dialog, where the first rows stand.
  await lab.chooseMade('data', [file('local_time.parquet')]);
  await expect(data.getByRole('group', { name: 'local_time.parquet' })).toContainText('does not name');
  await data.getByText('Report on').click();
  await data.getByRole('button', { name: 'Say what the columns of local_time.parquet are' }).click();
  const dialog = page.getByRole('dialog', { name: 'The columns of local_time.parquet' });
  await expect(dialog.getByRole('cell', { name: '2024-05-13T09:00:00.000' })).toBeVisible();
  await expect(dialog.getByLabel('What bid_price_1 holds')).toHaveValue('bid');
  await dialog.getByLabel('Time zone').fill('Asia/Taipei');
  await expect(dialog.getByRole('cell', { name: '2024-05-13 01:00:00' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Use these columns' }).click();
  await expect(dialog).toBeHidden();
  await expect(data.getByRole('group', { name: 'local_time.parquet' })).toHaveCount(0);
  expect(lab.complaints).toEqual([]);
});
