/** The main ways through the built page in Debian's Firefox, which Playwright cannot drive: Explore, a run on WASM, its history after a reload, Learn. */

import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFirefox } from '../../scripts/firefox.ts';
import { freePort } from '../../scripts/freePort.ts';

const root = join(import.meta.dirname, '../..');
let server: PreviewServer;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  const executablePath = findFirefox();
  if (!executablePath) throw new Error('There is no Firefox: install firefox-esr, or point FIREFOX_PATH at one.');
  server = await preview({ root, logLevel: 'silent', preview: { port: await freePort(), strictPort: true } });
  browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true, protocol: 'webDriverBiDi' });
  page = await browser.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const open = (hash: string) => page.goto(`${server.resolvedUrls!.local[0]}${hash}`);
/** Waits until the page shows a text that matches. */
const shows = (pattern: RegExp) =>
  page.waitForFunction(
    (source) => new RegExp(source).test(document.body.innerText),
    { timeout: 60_000 },
    pattern.source,
  );

test('Explore opens on finished results', async () => {
  await open('#explore');
  await shows(/What do strategies on each model earn/);
  await page.locator('[aria-label^="Risk-return plane"]').wait();
});

test('a run on WASM ends, and stands in the history after a reload', async () => {
  await open('#lab');
  await shows(/Runs on WASM/);
  for (const [label, value] of [
    ['Variants K', '2'],
    ['Forecast stride', '300'],
    ['Configurations C', '5'],
  ] as const) {
    const field = await page.waitForSelector(`::-p-xpath(//input[@id=//label[normalize-space()="${label}"]/@for])`);
    await field!.evaluate((input) => (input as HTMLInputElement).select());
    await field!.type(value);
  }
  await page.locator('::-p-xpath(//button[normalize-space()="Run" and not(@disabled)])').click();
  await shows(/Finished in/);
  await page.reload();
  await shows(/Earlier runs/);
  await page.locator('::-p-text(Earlier runs)').click();
  await shows(/ttm-nano/);
});

test('Learn opens at its first step', async () => {
  await open('#learn');
  await shows(/Step 1 of 10/);
});

test('nothing was complained about', () => {
  expect(complaints).toEqual([]);
});
