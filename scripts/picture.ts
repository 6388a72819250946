/** `npm run picture`: builds the page, opens it in a headless Chromium and keeps the README's picture. */

import { join, resolve } from 'node:path';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { chromiumFlags, ensureChromium } from './chromium.ts';

const root = resolve(import.meta.dirname, '..');
await build({ root, logLevel: 'warn' });
const server = await preview({ root });
const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...chromiumFlags] });
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 1000 }, colorScheme: 'light' });
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}`);
  await page.getByTestId('explore-table').waitFor();
  const path = join(root, 'docs', 'explore.png');
  await page.screenshot({ path });
  console.log(`The picture is in ${path}.`);
} finally {
  await browser.close();
  await server.close();
}
