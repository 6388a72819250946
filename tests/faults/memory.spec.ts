/** What runs leave behind in the page's memory: nothing that grows with their number, but the records that are listed. */

import { expect, test } from '@playwright/test';
import { median } from '../../src/risk/moments/statistics.ts';
import { LabPage } from '../e2e/support/page.ts';
import { full, often } from './support/full.ts';

const WARM_UP = 3;
const RUNS = often(4, 400);

test('the memory of the page is flat after it has warmed up, run after run', async ({ page }) => {
  test.setTimeout(full ? 2 * 3_600_000 : 180_000);
  const lab = new LabPage(page);
  await lab.open();
  await lab.executeOn('WASM');
  await lab.set({ 'Variants K': 2, 'Forecast stride': 300, 'Configurations C': 12 });
  const browser = await page.context().newCDPSession(page);
  /** Promises that can still be reached. */
  const alivePromises = async (): Promise<number> => {
    await browser.send('HeapProfiler.collectGarbage');
    const { result } = await browser.send('Runtime.evaluate', { expression: 'Promise.prototype' });
    const { objects } = await browser.send('Runtime.queryObjects', { prototypeObjectId: result.objectId ?? '' });
    const counted = await browser.send('Runtime.callFunctionOn', {
      ...{ objectId: objects.objectId ?? '', returnByValue: true },
      functionDeclaration: 'function () { return this.length; }',
    });
    await browser.send('Runtime.releaseObject', { objectId: objects.objectId ?? '' });
    return Number(counted.result.value);
  };
  const heapBytes = async (): Promise<number> => (await browser.send('Runtime.getHeapUsage')).usedSize;
  for (let i = 0; i < WARM_UP; i++) await lab.run();
  const bytesBefore = await heapBytes();
  const alive = [await alivePromises()];
  for (let i = 0; i < RUNS; i++) {
    await lab.run();
    alive.push(await alivePromises());
  }
  // Each run made some fifty promises that were never let go. The median, since what happens to be under way at one count is not in all of them.
  const added = alive.slice(1).map((count, i) => count - (alive[i] ?? 0));
  expect(median(added), `promises added by each run: ${added.join(', ')}`).toBeLessThan(5);
  // Code that the browser compiles, and its own lists, come first; then only a record of each run is added.
  if (full) expect(((await heapBytes()) - bytesBefore) / RUNS).toBeLessThan(12_000);
});
