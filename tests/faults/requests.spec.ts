/** What the page asks of which server: nothing but its own files, until somebody clicks. */

import { expect, test } from '@playwright/test';

test('no page asks another server for anything before a click', async ({ page, baseURL }) => {
  const asked = new Set<string>();
  // Of the context, so that those of workers count too.
  page.context().on('request', (request) => asked.add(new URL(request.url()).origin));
  for (const [hash, heading] of [
    ['#explore', 'Explore'],
    ['#lab', 'Model'],
    ['#learn', 'Step 1 of 10'],
  ] as const) {
    await page.goto(`/${hash}`);
    await expect(page.getByText(heading, { exact: false }).first()).toBeVisible();
    await page.waitForLoadState('networkidle');
  }
  expect([...asked].filter((origin) => origin.startsWith('http'))).toEqual([new URL(baseURL!).origin]);
});
