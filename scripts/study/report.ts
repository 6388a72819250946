/** Pictures of every figure, and one HTML file that holds them with the tables and the manifest and needs nothing else. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { exploreViews } from '../../src/app/routes.ts';
import { figureOf, type StudyResults } from '../../src/studies/figures/results.ts';
import { reportHtml } from '../../src/studies/report.ts';
import { compactJson } from './compact.ts';
import { pmlTable } from './pmlTable.ts';

const kinds = {
  plane: 'market-line',
  'lead-lag': 'lead-lag',
  scaling: 'scaling',
  decay: 'decay',
  beyond: 'beyond',
} as const;

interface Picture {
  readonly name: string;
  readonly png: Buffer;
  readonly caption: string;
}

/** Opens the Explore page on these results and writes `report.html` and a PNG for each figure. */
export async function writeReport(
  browser: Browser,
  address: string,
  results: StudyResults,
  out: string,
): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: 1100, height: 1000 },
    colorScheme: 'light',
    deviceScaleFactor: 2,
  });
  await page.route('**/studies/embedded.json', (route) =>
    route.fulfill({ contentType: 'application/json', body: compactJson(results) }),
  );
  const pictures: Picture[] = [];
  for (const view of exploreViews) {
    if (!figureOf(results, kinds[view])) continue;
    await page.goto(new URL(`#explore/${view}`, address).href);
    const frames = page.locator('.explore .card svg:not(.marker)');
    // The last view has tables alone.
    await page.locator('.explore .reading').first().waitFor();
    await page.waitForTimeout(400);
    for (const [i, frame] of (await frames.all()).entries()) {
      const box = await frame.boundingBox();
      if (!box || box.width < 200) continue;
      const name = `${view}${i === 0 ? '' : `-${i + 1}`}.png`;
      const figure = frame.locator('xpath=ancestor::*[@aria-label][1]');
      const caption = ((await figure.getAttribute('aria-label')) ?? view).replace(
        / (Arrow keys|Left and right arrow keys).*$/,
        '',
      );
      pictures.push({ name, png: await frame.screenshot(), caption });
    }
  }
  await page.close();
  for (const { name, png } of pictures) writeFileSync(join(out, name), png);
  writeFileSync(join(out, 'report.html'), html(results, pictures));
}

function html(results: StudyResults, pictures: readonly Picture[]): string {
  const { manifest, provider, differences } = results;
  return reportHtml({
    title: manifest.title,
    lead: [
      `Computed by PML Lab ${manifest.appVersion} on ${provider === 'webgpu' ? 'WebGPU' : 'WASM'}. Simulated and past results promise nothing.`,
      'The standard error takes strategies for independent; the interval draws whole days anew.',
    ],
    notes: differences.map(({ where, message }) => `Not as the manifest says: ${where}: ${message}`),
    listing: { title: 'Pretrained Market Line', text: pmlTable(results) },
    figures: pictures.map(({ png, caption }) => ({ caption, pngBase64: png.toString('base64') })),
    tables: [],
    manifest,
  });
}
