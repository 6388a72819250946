/** How much JavaScript a page takes before a run is started: little enough for a slow line. */

import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';

/** Compressed, of the page's own thread. */
const BOUND_BYTES = 150_000;
/** What executes models, and what reads quotes, come in threads of their own and do not hold up the page. */
const inWorkers = /\.worker-|\bort[.-]|tensorflow/i;

for (const [route, shown] of [
  ['#explore', 'Risk-return plane'],
  ['#lab', 'Runs on '],
  ['#learn', 'Step 1 of'],
] as const) {
  test(`${route} takes less than ${BOUND_BYTES / 1000} kB of compressed JavaScript, and TensorFlow.js not at all`, async ({
    page,
  }) => {
    const scripts = new Map<string, Promise<Buffer>>();
    page.on('response', (response) => {
      const name = new URL(response.url()).pathname.split('/').at(-1) ?? '';
      if (/\.m?js$/.test(name)) scripts.set(name, response.body());
    });
    await page.goto(`/${route}`);
    await expect(page.getByText(shown).or(page.getByLabel(shown)).first()).toBeAttached();
    await page.waitForLoadState('networkidle');
    // What the workers go on to load is not counted, and its bodies are not to be asked for when the page is gone.
    page.removeAllListeners('response');
    const sizes = await Promise.all(
      [...scripts].map(async ([name, body]) => ({ name, bytes: gzipSync(await body).length })),
    );
    expect(sizes.length).toBeGreaterThan(3);
    const own = sizes.filter(({ name }) => !inWorkers.test(name)).sort((a, b) => b.bytes - a.bytes);
    const total = own.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(total, own.map(({ name, bytes }) => `${bytes} ${name}`).join('\n')).toBeLessThan(BOUND_BYTES);
    expect(sizes.filter(({ name }) => /tensorflow|tfjs/i.test(name))).toEqual([]);
    if (route !== '#lab') expect(sizes.filter(({ name }) => inWorkers.test(name) && !/kept/.test(name))).toEqual([]);
    console.log(`${route}: ${(total / 1000).toFixed(1)} kB of its own`);
  });
}
