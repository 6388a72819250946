/** Formats whose parsers are loaded on demand: read by the built page as in node. */

import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { sharedPresent, sharedRoot } from '../support/shared.ts';
import { LabPage } from './support/page.ts';

test.skip(!sharedPresent, 'the reference folder is absent');

const files = [
  'nautilus/binance/btcusdt-quotes.parquet',
  'binance-lob-parquet/lobdeep_btc_spot_2026-02-16_04.parquet',
  'nautilus/databento/futures_mbp-1_2024-07-01T23-58_2024-07-02T00-02.dbn.zst',
  'dukascopy/ticks-BTC-USD-2023-2-20-12.json',
  'hftbacktest/spot/btcusdt_20240808.gz',
].map((path) => join(sharedRoot, 'quotes', path));

test('Parquet, DBN, JSON and websocket logs dropped together are all read', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.choose('data', files);
  const data = lab.section('data');
  await expect(data.getByText('5 files read.')).toBeVisible({ timeout: 60_000 });
  await data.getByText('Report on 5 files').click();
  for (const kept of ['of 451 rows', 'of 2,559 rows', 'of 2,288 rows', 'of 8,523 rows', 'of 28,040 rows']) {
    await expect(data.getByText(kept)).toBeVisible();
  }
  expect(lab.complaints).toEqual([]);
});

test('a file of bids and a file of asks are joined, and the report says so', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  const halves = ['bid', 'ask'].map((side) => join(sharedRoot, 'quotes/nautilus/fxcm', `gbpusd-m1-${side}-2012.csv`));
  await lab.choose('data', halves);
  const data = lab.section('data');
  await expect(data.getByText('2 files read.')).toBeVisible();
  await data.getByText('Report on 2 files').click();
  await expect(data.getByText('29,770 of 30,117 rows kept')).toBeVisible();
  await expect(data.getByText('30,117 rows, joined with gbpusd-m1-bid-2012.csv and counted there')).toBeVisible();
  expect(lab.complaints).toEqual([]);
});
