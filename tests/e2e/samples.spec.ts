/** Public samples in the built page, fetched from a server on this machine in place of GitHub. */

import { expect, test } from '@playwright/test';
import { samples } from '../../src/quotes/samples.ts';
import { sharedPresent } from '../support/shared.ts';
import { LabPage } from './support/page.ts';
import { SampleServer } from './support/sampleServer.ts';

test.skip(!sharedPresent, 'the reference folder is absent');

let server: SampleServer;

test.beforeEach(async () => {
  server = await SampleServer.start();
});
test.afterEach(() => server.close());

async function openSamples(lab: LabPage) {
  await lab.open(`?samples=${server.address}`);
  const data = lab.section('data');
  await data.getByText('Try a public sample').click();
  await data.getByRole('button', { name: `Use ${server.address}` }).click();
  return data;
}

test('every sample is what it is said to be and opens with one click', async ({ page }) => {
  const lab = new LabPage(page);
  for (const { title, files } of samples) {
    const data = await openSamples(lab);
    if (title.includes('1 day')) await data.getByRole('radio', { name: '1 day' }).check();
    await data.getByRole('button', { name: `Use ${title}`, exact: true }).click();
    await expect(data.getByText(`${files.length} file${files.length === 1 ? '' : 's'} read.`)).toBeVisible();
    await expect(data.getByRole('article').first()).toContainText(/sessions? · [\d,]+ ticks/);
    await expect(data.getByRole('alert')).toHaveCount(0);
  }
  expect(lab.complaints).toEqual([]);
});

test('a sample is fetched once: the second time it comes out of the browser’s cache', async ({ page }) => {
  const lab = new LabPage(page);
  const data = await openSamples(lab);
  await data.getByRole('button', { name: 'Use SPY, 1 s' }).click();
  await expect(data.getByRole('heading', { level: 3 })).toHaveText(['SPY']);
  const { requests } = server;
  expect(requests).toBe(4);
  await openSamples(lab);
  await data.getByRole('button', { name: 'Use SPY, 1 s' }).click();
  await expect(data.getByRole('heading', { level: 3 })).toHaveText(['SPY']);
  expect(server.requests).toBe(requests);
});

const mishaps: readonly [string, SampleServer['mischief'], RegExp][] = [
  ['is not there', (_, response) => Boolean(response.writeHead(404).end()), /answered 404 instead of the sample/],
  ['asks for patience', (_, response) => Boolean(response.writeHead(429).end()), /answered 429.*Wait a minute/],
  [
    'answers with a page of its own',
    (_, response) => Boolean(response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in</html>')),
    /sent \(19 bytes\) is not the sample \(235174 bytes\)/,
  ],
  [
    'sends as much of something else',
    (_, response) => Boolean(response.end(Buffer.alloc(235_174))),
    /sent \(235174 bytes\) is not the sample \(235174 bytes\)/,
  ],
  [
    'breaks off',
    (_, response) => {
      response.writeHead(200, { 'content-length': 235_174 }).write(Buffer.alloc(1000));
      setTimeout(() => response.destroy(), 200);
      return true;
    },
    /broke off after 1000 of 235174 bytes/,
  ],
];
for (const [what, mischief, message] of mishaps) {
  test(`a server that ${what} is reported, and the data in use stay`, async ({ page }) => {
    const lab = new LabPage(page);
    const data = await openSamples(lab);
    server.mischief = mischief;
    await data.getByRole('button', { name: 'Use SPY, 1 s' }).click();
    await expect(data.getByRole('alert')).toContainText(message);
    await expect(data.getByText('The embedded market')).toBeVisible();
    server.mischief = () => false;
    await data.getByRole('button', { name: 'Use SPY, 1 s' }).click();
    await expect(data.getByRole('heading', { level: 3 })).toHaveText(['SPY']);
  });
}

test('a slow download shows how far it is and can be cancelled', async ({ page }) => {
  const lab = new LabPage(page);
  const data = await openSamples(lab);
  server.mischief = (_, response) => {
    response.writeHead(200, { 'content-length': 235_174 }).write(Buffer.alloc(50_000));
    return true;
  };
  await data.getByRole('button', { name: 'Use SPY, 1 s' }).click();
  await expect(data.getByText('50 kB of 1.05 MB')).toBeVisible();
  await data.getByRole('button', { name: 'Cancel' }).click();
  await expect(data.getByRole('button', { name: 'Use SPY, 1 s' })).toBeEnabled();
  await expect(data.getByRole('alert')).toHaveCount(0);
});
