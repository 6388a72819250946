/**
 * A CSV that does not fit into memory twice is read in a tab whose memory stays below its columns plus 300 MB. `PML_LARGE_MB` sets the size
 * (2000 for the figures in docs/quotes.md); the file is written to the temporary folder first.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { writeBookTickerFile } from '../support/bookTickerCsv.ts';
import { LabPage } from './support/page.ts';

const megabytes = Number(process.env.PML_LARGE_MB ?? 200);
/** Time, two prices, two sizes. */
const bytesPerRow = 5 * 8;
const allowanceBytes = 300e6;

test('a large CSV is read within the memory of its columns and a little more', async ({
  playwright,
  launchOptions,
  baseURL,
}) => {
  test.setTimeout(60_000 + megabytes * 600);
  const folder = mkdtempSync(join(tmpdir(), 'pml-large-'));
  try {
    const path = join(folder, 'BTCUSDT-bookTicker-2023-05-16.csv');
    const rows = writeBookTickerFile(path, megabytes * 1e6);
    // A profile on the disk: private windows hold their storage in memory, copies included.
    const context = await playwright.chromium.launchPersistentContext(join(folder, 'profile'), {
      ...launchOptions,
      baseURL: baseURL ?? '',
    });
    const lab = new LabPage(context.pages()[0] ?? (await context.newPage()));
    await lab.open();
    const before = tabMemory();
    const startMs = performance.now();
    await lab.choose('data', [path]);
    const count = new Intl.NumberFormat('en').format(rows);
    await expect(lab.section('data').getByText(`${count} rows: ${count} kept`)).toBeAttached({
      timeout: 60_000 + megabytes * 300,
    });
    const seconds = (performance.now() - startMs) / 1000;
    const after = tabMemory();
    if (!before || !after) return;
    const peakBytes = after.peakBytes - before.residentBytes;
    const columnBytes = rows * bytesPerRow;
    const figures = [peakBytes, columnBytes].map((bytes) => `${Math.round(bytes / 1e6)} MB`);
    console.log(`${megabytes} MB in ${seconds.toFixed(1)} s: peak ${figures[0]}, columns ${figures[1]}`);
    expect(peakBytes).toBeLessThan(columnBytes + allowanceBytes);
    // Otherwise the figure is of another process.
    expect(peakBytes).toBeGreaterThan(columnBytes * 0.9);
    expect(lab.complaints).toEqual([]);
    await context.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Resident memory of the tab's process and its highest so far, workers included; `undefined` where the system does not tell. */
function tabMemory(): { residentBytes: number; peakBytes: number } | undefined {
  const tabs = renderers().map((pid) => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
    return { residentBytes: field('VmRSS'), peakBytes: field('VmHWM') };
  });
  return tabs.sort((a, b) => b.peakBytes - a.peakBytes)[0];
}

/** Renderer processes below this one. */
function renderers(): number[] {
  let pids: number[];
  try {
    pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
  const parents = new Map<number, number>();
  const commands = new Map<number, string>();
  for (const pid of pids) {
    try {
      parents.set(pid, Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]));
      commands.set(pid, readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    } catch {
      // Gone meanwhile.
    }
  }
  const isOurs = (pid: number): boolean => pid === process.pid || (pid > 1 && isOurs(parents.get(pid) ?? 0));
  return pids.filter((pid) => commands.get(pid)?.includes('--type=renderer') && isOurs(pid));
}
