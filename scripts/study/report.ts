/** Pictures of every figure, and one HTML file that holds them with the tables and the manifest and needs nothing else. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright';
import { figurePanels } from '../../src/app/explore/panels.ts';
import type { Cell, Table } from '../../src/export/csv.ts';
import { reportHtml } from '../../src/export/report.ts';
import { figureOf, type StudyResults } from '../../src/studies/figures/results.ts';
import { tablesOf } from '../../src/studies/figures/tables.ts';
import { compactJson } from './compact.ts';
import { pmlTable } from './pmlTable.ts';

interface Picture {
  readonly name: string;
  readonly png: Buffer;
  readonly caption: string;
  /** What it shows and what not to conclude; at the last picture of what is said about. */
  readonly text: string | undefined;
}

/** Opens the Explore page on these results, saves every plot as a reader would, and writes `report.html` and the PNGs. */
export async function writeReport(
  browser: Browser,
  address: string,
  results: StudyResults,
  out: string,
): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 1000 }, colorScheme: 'light' });
  await page.route('**/studies/embedded.json', (route) =>
    route.fulfill({ contentType: 'application/json', body: compactJson(results) }),
  );
  const pictures: Picture[] = [];
  for (const { address: view, kind } of figurePanels) {
    if (!figureOf(results, kind)) continue;
    await page.goto(new URL(`#explore/${view}`, address).href);
    const card = page.locator('.explore .card');
    await card.locator('.reading').first().waitFor();
    // Plots and what is said about them, in the order of the page. The last view has tables alone.
    const buttons = await card.getByRole('button', { name: /^Save as PNG: / }).all();
    const texts = await textsAfter(buttons);
    for (const [i, button] of buttons.entries()) {
      const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
      pictures.push({
        name: `${view}${i === 0 ? '' : `-${i + 1}`}.png`,
        png: readFileSync(await download.path()),
        caption: ((await button.getAttribute('aria-label')) ?? '').replace('Save as PNG: ', ''),
        text: texts[i],
      });
    }
  }
  await page.close();
  for (const { name, png } of pictures) writeFileSync(join(out, name), png);
  writeFileSync(join(out, 'report.html'), html(results, pictures));
}

/** Of each plot, the words on how to read it that come before the next one. */
async function textsAfter(buttons: readonly Locator[]): Promise<(string | undefined)[]> {
  const texts: (string | undefined)[] = [];
  for (const [i, button] of buttons.entries()) {
    const next = buttons[i + 1];
    const found = await button.evaluate(
      (section, after) => {
        const readings = [...document.querySelectorAll('.explore .card .reading')].filter((reading) => {
          const follows = section.compareDocumentPosition(reading) & Node.DOCUMENT_POSITION_FOLLOWING;
          return follows && !(after && after.compareDocumentPosition(reading) & Node.DOCUMENT_POSITION_FOLLOWING);
        });
        return readings.map(({ textContent }) => textContent?.trim().replace(/\s+/g, ' ')).join(' ');
      },
      next ? await next.elementHandle() : null,
    );
    texts.push(found || undefined);
  }
  return texts;
}

/** Longer ones are files beside the report. */
const MOST_ROWS = 36;

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
    figures: pictures.map(({ png, caption, text }) => ({
      caption,
      pngBase64: png.toString('base64'),
      // IHDR; the page draws two pixels to one of its own.
      widthPx: png.readUInt32BE(16) / 2,
      ...(text !== undefined && { text }),
    })),
    tables: Object.entries(tablesOf(results)).flatMap(([name, table]) =>
      table.rows.length <= MOST_ROWS ? [{ caption: `${name}.csv`, table: rounded(table) }] : [],
    ),
    manifest,
  });
}

/** Numbers as they are read; the files hold all digits. */
function rounded({ header, rows }: Table): Table {
  const short = (cell: Cell): Cell =>
    typeof cell === 'number' && !Number.isInteger(cell) ? Number(cell.toPrecision(4)) : cell;
  return { header, rows: rows.map((row) => row.map(short)) };
}
