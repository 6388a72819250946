/** End-to-end tests and provoked faults: the built page, served with isolation headers, in a headless Chromium with a software WebGPU adapter. */

import { defineConfig } from '@playwright/test';
import { chromiumFlags, findChromium } from './scripts/chromium.ts';

const port = Number(process.env.PML_PORT ?? 4173);
const executablePath = findChromium();

export default defineConfig({
  projects: [
    { name: 'e2e', testDir: 'tests/e2e' },
    // What is provoked without a page is in `*.test.ts` beside these, and vitest's.
    { name: 'faults', testDir: 'tests/faults', testMatch: '**/*.spec.ts' },
  ],
  // Out of the way of the linter and of git.
  outputDir: 'node_modules/.cache/playwright',
  fullyParallel: false,
  // Pages wait more than they compute: two at once, each file's tests in their order.
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  // Where a machine is busy a page may miss a wait: `npm test` gives it one more try, and says which tests needed it.
  retries: Number(process.env.PML_RETRIES ?? 0),
  timeout: 180_000,
  expect: { timeout: 20_000 },
  use: {
    baseURL: `http://localhost:${port}/`,
    browserName: 'chromium',
    // It would keep all files anew in each test; its own tests allow it.
    serviceWorkers: 'block',
    launchOptions: { args: [...chromiumFlags], ...(executablePath === undefined ? {} : { executablePath }) },
  },
  webServer: {
    command: `npx vite preview --port ${port} --strictPort`,
    url: `http://localhost:${port}/`,
    reuseExistingServer: false,
  },
});
