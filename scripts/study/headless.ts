/** The browser's part of a study: the built page in a headless Chromium does the jobs, and the results come into a folder. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright';
import { build, preview } from 'vite';
import type { HeadlessAnswer, HeadlessHost, HeadlessRequest } from '../../src/app/headless/protocol.ts';
import type { JobStore } from '../../src/forecasts/jobStore.ts';
import { chromiumFlags, ensureChromium } from '../chromium.ts';

const root = join(import.meta.dirname, '../..');

/** The page, built and served, and a browser on it. */
export async function withPage<T>(use: (address: string, browser: Browser) => Promise<T>): Promise<T> {
  // Apart from `dist`: another build must not take the page away from a study that runs for hours.
  const outDir = mkdtempSync(join(tmpdir(), 'pml-study-'));
  await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  const server = await preview({ root, preview: { port: 0 }, build: { outDir } });
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...chromiumFlags] });
  try {
    return await use(server.resolvedUrls?.local[0] ?? '', browser);
  } finally {
    await browser.close();
    await server.close();
    rmSync(outDir, { recursive: true, force: true });
  }
}

/** @param folder of the manifest: what its paths are below */
export async function runInBrowser(
  browser: Browser,
  address: string,
  request: HeadlessRequest,
  store: JobStore,
  folder: string,
  onProgress: Parameters<HeadlessHost['pmlProgress']>[0] extends infer Progress ? (progress: Progress) => void : never,
): Promise<HeadlessAnswer> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`The page failed: ${error.message}`));
  const host: HeadlessHost = {
    pmlJobKeys: () => store.keys(),
    pmlJobGet: async (key) => base64(await store.get(key)),
    pmlJobPut: (key, text) => store.put(key, new Uint8Array(Buffer.from(text, 'base64'))),
    pmlProgress: async (progress) => onProgress(progress),
    pmlFolder: async (path) => {
      const full = join(folder, path);
      if (!existsSync(full) || !statSync(full).isDirectory()) return [];
      return (
        readdirSync(full, { withFileTypes: true })
          // Links too: a hub's cache is made of them.
          .filter((entry) => statSync(join(full, entry.name)).isFile())
          .map(({ name }) => name)
      );
    },
    pmlFile: async (path) => {
      const full = join(folder, path);
      return existsSync(full) ? base64(readFileSync(full)) : null;
    },
  };
  for (const [name, implementation] of Object.entries(host)) await page.exposeFunction(name, implementation);
  await page.goto(new URL('study.html', address).href);
  await page.waitForFunction(() => 'pmlRun' in window);
  try {
    return await page.evaluate((given) => window.pmlRun(given), request);
  } finally {
    await page.close();
  }
}

function base64(bytes: Uint8Array): string;
function base64(bytes: Uint8Array | undefined): string | null;
function base64(bytes: Uint8Array | undefined): string | null {
  return bytes ? Buffer.from(bytes).toString('base64') : null;
}
