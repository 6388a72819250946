/** `npm run picture`: builds the page, runs the default study in a headless Chromium and keeps the README's picture. */

import { join, resolve } from 'node:path';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { chromiumFlags, ensureChromium } from './chromium.ts';

/** The default study takes about a minute on two cores. */
const patienceMs = 15 * 60_000;

const root = resolve(import.meta.dirname, '..');
await build({ root, logLevel: 'warn' });
const server = await preview({ root });
const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...chromiumFlags] });
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 960 }, colorScheme: 'light' });
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}#lab`);
  const run = page.getByRole('button', { name: 'Run', exact: true });
  await run.click({ timeout: patienceMs });
  await page.getByTestId('line-table').waitFor({ timeout: patienceMs });
  await page.locator('#results').evaluate((results) => results.scrollIntoView({ behavior: 'instant' }));
  const path = join(root, 'docs', 'lab.png');
  await page.screenshot({ path });
  console.log(`The picture is in ${path}.`);
} finally {
  await browser.close();
  await server.close();
}
