/** Recording live quotes from a stream that misbehaves, in the built page. */

import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { LabPage } from './support/page.ts';
import { garbling, quoting, StreamServer } from './support/streamServer.ts';

let server: StreamServer;

test.afterEach(() => server.close());

function rowsOf(csv: string): { timeMs: number; symbol: string; bid: number }[] {
  const [, ...lines] = csv.trimEnd().split('\n');
  return lines.map((line) => {
    const [time, symbol = '', bid] = line.split(',');
    return { timeMs: Number(time), symbol, bid: Number(bid) };
  });
}

test('two pairs are recorded through garbage and a lost connection, used as quotes and saved as CSV', async ({
  page,
}) => {
  server = await StreamServer.start([garbling, (socket) => socket.close(1013, 'try again later'), quoting(5)]);
  const lab = new LabPage(page);
  await lab.open(`?stream=${server.address}`);
  const data = lab.section('data');
  await data.getByText('Record live quotes').click();
  await data.getByRole('button', { name: `Use ${server.address}` }).click();
  await data.getByLabel('Pairs').fill('btcusdt, eth/usdt');
  await data.getByRole('button', { name: 'Start recording' }).click();
  const table = page.getByTestId('recording');
  await expect(table.getByRole('row', { name: /BTCUSDT/ })).toContainText('100.');
  await expect(data.getByText(/Not connected: (try again later|it could not be reached)/)).toBeVisible();
  await expect(data.getByText(/connection lost [12] times? · \d+ unreadable messages/)).toBeVisible();
  await expect(data.getByText('Recording.', { exact: true })).toBeVisible();
  await page.waitForTimeout(1500);
  await data.getByRole('button', { name: 'Stop and use' }).click();

  await expect(data.getByRole('heading', { level: 3 })).toHaveText(['BTCUSDT', 'ETHUSDT']);
  const kept = data.getByRole('list', { name: 'Recordings kept on this device' });
  const download = page.waitForEvent('download');
  await kept.getByRole('button', { name: 'Save as CSV' }).click();
  const rows = rowsOf(await readFile(await (await download).path(), 'utf8'));
  for (const symbol of ['BTCUSDT', 'ETHUSDT']) {
    const times = rows.filter((row) => row.symbol === symbol).map(({ timeMs }) => timeMs);
    expect(times.length).toBeGreaterThan(15);
    expect(times.every((timeMs, i) => timeMs % 100 === 0 && (i === 0 || timeMs > times[i - 1]!))).toBe(true);
    expect(Math.max(...times.slice(1).map((timeMs, i) => timeMs - times[i]!))).toBeGreaterThan(1000);
  }
  // The old updates said 1: none of them was taken.
  expect(Math.min(...rows.map(({ bid }) => bid))).toBeGreaterThanOrEqual(100);
  expect(lab.complaints.filter((text) => !text.includes('WebSocket'))).toEqual([]);
});

test('a page closed in mid-recording loses nothing that was recorded', async ({ page }) => {
  server = await StreamServer.start([quoting()]);
  const lab = new LabPage(page);
  await lab.open(`?stream=${server.address}`);
  const data = lab.section('data');
  await data.getByText('Record live quotes').click();
  await data.getByRole('button', { name: `Use ${server.address}` }).click();
  await data.getByLabel('Pairs').fill('BTCUSDT');
  await data.getByRole('button', { name: 'Start recording' }).click();
  await expect(page.getByTestId('recording').getByRole('row', { name: /BTCUSDT/ })).toContainText('100.');
  await page.waitForTimeout(1000);
  await page.reload();
  await expect(data.getByRole('article').first()).toBeVisible();
  await data.getByText('Record live quotes').click();
  const kept = data.getByRole('list', { name: 'Recordings kept on this device' });
  await kept.getByRole('button', { name: 'Use' }).click();
  await expect(data.getByRole('heading', { level: 3 })).toHaveText(['BTCUSDT']);
  await kept.getByRole('button', { name: /^Delete from-127\.0\.0\.1-\d+-BTCUSDT/ }).click();
  await expect(kept).toHaveCount(0);
});

test('what is no pair is refused where it is typed, and a server that is not there is said to be', async ({ page }) => {
  server = await StreamServer.start([quoting()]);
  const { address } = server;
  await server.close();
  const lab = new LabPage(page);
  await lab.open(`?stream=${address}`);
  const data = lab.section('data');
  await data.getByText('Record live quotes').click();
  await data.getByRole('button', { name: `Use ${address}` }).click();
  await data.getByLabel('Pairs').fill('BTC$');
  await data.getByRole('button', { name: 'Start recording' }).click();
  await expect(data.getByRole('alert')).toContainText('“BTC$” is not the name of a pair.');
  await data.getByLabel('Pairs').fill('BTCUSDT');
  await data.getByRole('button', { name: 'Start recording' }).click();
  await expect(data.getByText('Not connected: it could not be reached. Trying again by itself.')).toBeVisible();
  await data.getByRole('button', { name: 'Stop and use' }).click();
  await expect(data.getByRole('button', { name: 'Start recording' })).toBeEnabled();
  await expect(data.getByText('The embedded market')).toBeVisible();
  server = await StreamServer.start([quoting()]);
});
