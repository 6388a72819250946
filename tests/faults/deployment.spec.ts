/** Versions of the page that arrived by half, files that cannot be fetched, and a copy that was kept broken: each is said, and there is a way back. */

import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type PlainHost, startPlainHost } from '../e2e/support/plainHost.ts';

const dist = join(import.meta.dirname, '../../dist');
const READY = 'opens without a network from now on';
/** The built file of a source. */
const built = (name: string): string =>
  readdirSync(join(dist, 'assets')).find((each) => each.startsWith(`${name}-`) && each.endsWith('.js'))!;

test.describe('with the copy that is kept for opening it without a network', () => {
  test.use({ serviceWorkers: 'allow' });
  let host: PlainHost;
  let newer: string;

  test.beforeEach(async () => {
    host = await startPlainHost(dist);
    host.answersAll = true;
    newer = mkdtempSync(join(tmpdir(), 'pml-newer-'));
  });
  test.afterEach(async () => {
    await host.close();
    rmSync(newer, { recursive: true });
  });

  test('a new version of which a script has not arrived is not taken, and is once it is whole', async ({ page }) => {
    await page.goto(`${host.base}/#learn`);
    await expect(page.getByText(READY)).toBeVisible();
    const before = await page.evaluate(() => caches.keys());
    cpSync(dist, newer, { recursive: true });
    edit(join(newer, 'index.html'), /<title>.*<\/title>/, '<title>PML Lab, newer</title>');
    edit(join(newer, 'sw.js'), /"version":"\w+"/, '"version":"newer"');
    const hash = createHash('sha256')
      .update(readFileSync(join(newer, 'index.html')))
      .digest('hex');
    edit(join(newer, 'sw.js'), /("path":"index.html","sha256":")\w+/, `$1${hash}`);
    const missing = join('assets', built('LabPage'));
    unlinkSync(join(newer, missing));
    host.folder = newer;

    expect(await updateEnds(page)).toBe('redundant');
    await page.reload();
    await expect(page).toHaveTitle('PML Lab');
    await page.getByRole('link', { name: 'Lab', exact: true }).click();
    await expect(page.locator('#data').getByRole('article').first()).toBeVisible();
    await expect.poll(() => page.evaluate(() => caches.keys())).toEqual(before);

    cpSync(join(dist, missing), join(newer, missing));
    await page.reload();
    await expect(page.getByText('A new version of this page is ready')).toBeVisible();
    await page.getByRole('button', { name: /^Change to it/ }).click();
    await expect(page).toHaveTitle('PML Lab, newer');
  });

  test('a copy in which a page was kept for a script is said to be broken, and replaced without touching what else is kept', async ({
    page,
  }) => {
    await page.goto(`${host.base}/#learn`);
    await expect(page.getByText(READY)).toBeVisible();
    await page.evaluate(async (script) => {
      const [name = ''] = (await caches.keys()).filter((each) => each.startsWith('pml-lab-'));
      const wrong = new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } });
      await (await caches.open(name)).put(`./assets/${script}`, wrong);
      await (await caches.open('pml-samples')).put('./samples/x', new Response('a sample'));
      const folder = await navigator.storage.getDirectory();
      const file = await (await folder.getDirectoryHandle('records', { create: true })).getFileHandle('run', {
        create: true,
      });
      const writable = await file.createWritable();
      await writable.write('a run');
      await writable.close();
    }, built('index'));
    await page.reload();
    await expect(page.getByRole('alert')).toContainText('The page could not be loaded');
    await page.getByRole('button', { name: 'Load the page anew' }).click();
    await expect(page.getByText('Step 1 of 10')).toBeVisible();
    await expect(page.getByText(READY)).toBeVisible();
    const kept = await page.evaluate(async () => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('records');
      const run = await (await (await folder.getFileHandle('run')).getFile()).text();
      return [run, await (await caches.match('./samples/x'))?.text()];
    });
    expect(kept).toEqual(['a run', 'a sample']);
    await page.reload();
    await expect(page.getByText('Step 1 of 10')).toBeVisible();
  });
});

test('a page whose code cannot be fetched says so, leaves the others alone, and opens on another try', async ({
  page,
}) => {
  const blocked = `**/${built('LabPage')}`;
  await page.route(blocked, (route) => route.abort());
  await page.goto('/#lab');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('Lab: The code of this part of the page could not be fetched.');
  await page.getByRole('link', { name: 'Learn', exact: true }).click();
  await expect(page.getByText('Step 1 of 10')).toBeVisible();
  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  await page.unroute(blocked);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(page.locator('#data').getByRole('article').first()).toBeVisible();
  await expect(alert).toHaveCount(0);
});

test('a panel whose code cannot be fetched, or that is answered for with a page, fails alone', async ({ page }) => {
  const [study, saved] = [`**/${built('StudyPanel')}`, `**/${built('ImportBox')}`];
  await page.route(study, (route) => route.abort());
  await page.route(saved, (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<!doctype html>' }));
  await page.goto('/#lab');
  await expect(page.locator('#data').getByRole('article').first()).toBeVisible();
  for (const name of ['Study', 'Saved results']) {
    await expect(page.getByRole('alert').filter({ hasText: `${name}: The code of this part` })).toBeVisible();
  }
  await page.unroute(study);
  await page.getByRole('alert').filter({ hasText: 'Study:' }).getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Study:' })).toHaveCount(0);
  await expect(page.locator('#study')).toBeVisible();
});

test('a script of the page itself that cannot be fetched is said, too', async ({ page }) => {
  const script = `**/${built('index')}`;
  await page.route(script, (route) => route.abort());
  await page.goto('/');
  await expect(page.getByRole('alert')).toContainText('The page could not be loaded');
  await page.unroute(script);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'What do strategies' })).toBeVisible();
});

/** Looks for a new version and waits for what comes of it. */
function updateEnds(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const registration = (await navigator.serviceWorker.getRegistration('./'))!;
    const found = new Promise<string>((resolve) =>
      registration.addEventListener('updatefound', () => {
        const worker = registration.installing!;
        worker.addEventListener('statechange', () => {
          if (worker.state !== 'installing') resolve(worker.state);
        });
      }),
    );
    await registration.update().catch(() => {});
    return found;
  });
}

function edit(file: string, from: RegExp, to: string): void {
  const before = readFileSync(file, 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(file, after);
}
