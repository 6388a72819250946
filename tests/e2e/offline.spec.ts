/** After the first visit the page works without a network, on hosts with and without isolation headers, and a new version asks first. */

import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { LabPage } from './support/page.ts';
import { type PlainHost, startPlainHost } from './support/plainHost.ts';

test.use({ serviceWorkers: 'allow' });

const dist = join(import.meta.dirname, '../../dist');
let host: PlainHost;
let copy: string;

test.beforeEach(async () => {
  copy = mkdtempSync(join(tmpdir(), 'pml-host-'));
  cpSync(dist, copy, { recursive: true });
  host = await startPlainHost(copy);
});

test.afterEach(async () => {
  await host.close();
  rmSync(copy, { recursive: true });
});

test('a host without headers serves the page; from the second opening on it has threads, and it runs when the host is gone', async ({
  page,
}) => {
  const lab = new LabPage(page);
  const open = async (): Promise<void> => {
    await page.goto(`${host.base}/#lab`);
    await expect(lab.section('data').getByRole('article').first()).toBeVisible();
    await expect(lab.section('model').getByText(/^Runs on /)).toBeVisible();
  };
  await open();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await expect(page.getByText('opens without a network from now on')).toBeVisible();
  // What executes the model is kept once it has been used.
  await expect
    .poll(() =>
      page.evaluate(async () => {
        const [name = ''] = await caches.keys();
        const kept = await (await caches.open(name)).keys();
        return kept.some(({ url }) => /ort-wasm.*\.wasm$/.test(url));
      }),
    )
    .toBe(true);

  await host.close();
  await page.goto('about:blank');
  await open();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  // Of a worker too, which takes its policy from there.
  const worker = readdirSync(join(dist, 'assets')).find((name) => /^(.+\.)?worker-/.test(name));
  const policy = await page.evaluate(
    async (name) => (await fetch(`./assets/${name}`)).headers.get('Content-Security-Policy'),
    worker,
  );
  expect(policy).toContain("connect-src 'self' https:");
  await lab.set({ 'Variants K': 2, 'Forecast stride': 300, 'Configurations C': 5 });
  await lab.run();
  await expect(page.getByTestId('line-table')).toBeVisible();
  await page.getByRole('link', { name: 'Learn' }).click();
  await expect(page.getByText('Step 1 of 10')).toBeVisible();
});

test('a new version waits until it is asked to take over, and then is the one that opens', async ({ page }) => {
  await page.goto(`${host.base}/#learn`);
  await expect(page.getByText('opens without a network from now on')).toBeVisible();
  const newer = mkdtempSync(join(tmpdir(), 'pml-newer-'));
  cpSync(dist, newer, { recursive: true });
  const edit = (file: string, from: RegExp, to: string): void => {
    const before = readFileSync(join(newer, file), 'utf8');
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    writeFileSync(join(newer, file), after);
  };
  edit('index.html', /<title>.*<\/title>/, '<title>PML Lab, newer</title>');
  edit('sw.js', /"version":"\w+"/, '"version":"newer"');
  const hash = createHash('sha256')
    .update(readFileSync(join(newer, 'index.html')))
    .digest('hex');
  edit('sw.js', /("path":"index.html","sha256":")\w+/, `$1${hash}`);
  host.folder = newer;
  try {
    await page.reload();
    await expect(page.getByText('A new version of this page is ready')).toBeVisible();
    await expect(page).toHaveTitle('PML Lab');
    await page.getByRole('button', { name: /^Change to it/ }).click();
    await expect(page).toHaveTitle('PML Lab, newer');
    await expect(page.getByText('opens without a network from now on')).toBeVisible();
    expect(await page.evaluate(() => caches.keys())).toEqual(['pml-lab-newer']);
  } finally {
    rmSync(newer, { recursive: true });
  }
});
