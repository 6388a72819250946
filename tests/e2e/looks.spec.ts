/**
 * How the main views look, coarsely: a picture without text, averaged over blocks, against the one on file. It notices a plot that is gone, a
 * column that has slid under another or colours that are lost; fonts and another browser's edges change it little.
 *
 * `PML_NEW_LOOKS=1 npx playwright test tests/e2e/looks.spec.ts` writes the files anew: look at the page before.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';

const views = [
  { name: 'explore', hash: '#explore', ready: '.plane-frame svg' },
  { name: 'lead-lag', hash: '#explore/lead-lag', ready: 'figure svg' },
  { name: 'scaling', hash: '#explore/scaling', ready: 'figure svg' },
  { name: 'decay', hash: '#explore/decay', ready: 'figure svg' },
  { name: 'beyond', hash: '#explore/beyond', ready: 'table' },
  { name: 'lab', hash: '#lab', ready: '#data article' },
  { name: 'learn', hash: '#learn', ready: '.sketch svg' },
] as const;

const screens = [
  { name: 'wide-light', width: 1280, height: 900, colorScheme: 'light' },
  { name: 'narrow-dark', width: 360, height: 800, colorScheme: 'dark' },
] as const;

const COLUMNS = 32;
/** Of two pictures of the same view, over blocks: 1 is the same, 0 has nothing to do with it. */
const LEAST_CORRELATION = 0.8;
/** Of mean brightness, of 255: a page in the wrong colours. */
const MOST_BRIGHTNESS = 25;

const fileOf = (screen: string) => join(import.meta.dirname, 'looks', `${screen}.json`);

for (const { name: screen, width, height, colorScheme } of screens) {
  test(`the main views look as they did, ${screen}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const looks: Record<string, number[]> = {};
    for (const { name, hash, ready } of views) {
      await page.goto('about:blank');
      await page.goto(`/${hash}`);
      await page.locator(ready).first().waitFor();
      await page.addStyleTag({ content: '* { color: transparent !important } svg text { opacity: 0 }' });
      await page.waitForTimeout(400);
      looks[name] = await blocksOf(page);
    }
    if (process.env.PML_NEW_LOOKS) writeFileSync(fileOf(screen), `${JSON.stringify(looks)}\n`);
    const before = JSON.parse(readFileSync(fileOf(screen), 'utf8')) as Record<string, number[]>;
    expect(Object.keys(looks)).toEqual(Object.keys(before));
    for (const [name, now] of Object.entries(looks)) {
      const then = before[name] ?? [];
      expect(now.length, name).toBe(then.length);
      expect(Math.abs(mean(now) - mean(then)), `brightness of ${name}`).toBeLessThan(MOST_BRIGHTNESS);
      expect(correlation(now, then), `picture of ${name}`).toBeGreaterThan(LEAST_CORRELATION);
    }
  });
}

/** Brightness of square blocks of what is in sight, row by row. */
async function blocksOf(page: Page): Promise<number[]> {
  const base64 = (await page.screenshot()).toString('base64');
  return page.evaluate(
    async ({ data, columns }) => {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes]));
      const rows = Math.round((columns * image.height) / image.width);
      const context = new OffscreenCanvas(columns, rows).getContext('2d');
      if (!context) throw new Error('no canvas');
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, 0, 0, columns, rows);
      const { data: pixels } = context.getImageData(0, 0, columns, rows);
      return Array.from({ length: columns * rows }, (_, i) =>
        Math.round(0.299 * (pixels[4 * i] ?? 0) + 0.587 * (pixels[4 * i + 1] ?? 0) + 0.114 * (pixels[4 * i + 2] ?? 0)),
      );
    },
    { data: base64, columns: COLUMNS },
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function correlation(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [mean(one), mean(other)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number): number =>
    x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] ?? my) - my), 0);
  return product(one, a, other, b) / Math.sqrt(product(one, a, one, a) * product(other, b, other, b));
}
