/** Reading files in workers as the page does: previews, progress, cancelling, crashes, and what the browser remembers. */

import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { QuoteCache } from '../../src/quotes/cache/quoteCache.ts';
import { browserStorage } from '../../src/quotes/cache/storage.ts';
import type { QuotePreview, ReadProgress } from '../../src/quotes/types.ts';
import { QuoteReaderPool } from '../../workers/quoteReader/client.ts';
import { QuotesEngine } from '../../workers/quotes/client.ts';

const START = 1_709_285_400_000;
const never = new AbortController().signal;

/** A CSV of a symbol with this many rows, one every millisecond. */
function csv(symbol: string, rows: number, startMs = START): { name: string; file: File } {
  const blocks: string[] = ['time,bid,ask\n'];
  for (let row = 0; row < rows; row += 1000) {
    let text = '';
    for (let i = row; i < Math.min(rows, row + 1000); i++)
      text += `${startMs + i},${100 + (i % 100) / 8},${120 + (i % 7)}\n`;
    blocks.push(text);
  }
  return { name: `${symbol}.csv`, file: new File(blocks, `${symbol}.csv`, { lastModified: 1 }) };
}

const engineOf = (workers: number, spawn?: (number: number) => Worker) =>
  new QuotesEngine(new QuoteReaderPool(workers, spawn));
const sampling = { stepMs: 1000, window: null, staleAfterMs: null };

async function forgetAll(): Promise<void> {
  const storage = await browserStorage();
  if (storage) await new QuoteCache(storage).forgetAll();
}
beforeEach(forgetAll);
afterEach(forgetAll);

describe('several files', () => {
  const half = (name: string, text: string) => ({ name, file: new File([text], name, { lastModified: 1 }) });
  const zip = zipSync({ 'd.csv': new TextEncoder().encode('time,bid,ask\n1709285400,1,2\n') });
  const files = [
    csv('b', 3000),
    csv('a', 20_000),
    { ...csv('a', 500, START + 60_000), name: 'more/a.csv' },
    half('c_ask.csv', 'time,ask\n1709285400,2\n'),
    half('bad.csv', 'Dear reader'),
    half('c_bid.csv', 'time,bid\n1709285400,1\n'),
    { name: 'd.zip', file: new File([new Uint8Array(zip)], 'd.zip') },
  ];

  test('give the same series, reports and grids whatever the number of workers', async () => {
    const results = [];
    for (const workers of [1, 2, 4]) {
      const engine = engineOf(workers);
      const { kept, held, ...read } = await engine.readFiles(files, never, { remember: false });
      expect(await kept).toEqual([]);
      results.push({ read, grids: await engine.sample(held!, sampling, never) });
    }
    expect(results[0]!.read.series.map(({ symbol, rows }) => [symbol, rows])).toEqual([
      ['A', 20_500],
      ['B', 3000],
      ['C', 1],
      ['D', 1],
    ]);
    expect(results[0]!.read.reports.map(({ file, problem }) => [file, problem?.code])).toEqual(
      files.map(({ name }) => [name, name === 'bad.csv' ? 'quotes/format' : undefined]),
    );
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  test('lose only the one whose worker crashes', async () => {
    let spawned = 0;
    const spawn = () => {
      const worker = new Worker(new URL('../../workers/quoteReader/worker.ts', import.meta.url), { type: 'module' });
      // The first worker falls over while it reads its first file.
      if (spawned++ === 0)
        setTimeout(() => worker.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' })), 300);
      return worker;
    };
    const large = csv('large', 3_000_000);
    const { reports, series } = await engineOf(2, spawn).readFiles([large, csv('a', 10), csv('b', 20)], never, {
      remember: false,
    });
    expect(reports[0]!.problem).toMatchObject({
      code: 'worker/failed',
      message: 'The worker for reading quotes failed: out of memory',
      where: 'large.csv',
    });
    expect(series.map(({ symbol }) => symbol)).toEqual(['A', 'B']);
  });

  test('lose only the one whose reader does not answer, which is called damaged', async () => {
    let spawned = 0;
    const endless = URL.createObjectURL(new Blob(['for (;;) {}'], { type: 'text/javascript' }));
    const spawn = () =>
      spawned++ === 0
        ? new Worker(endless)
        : new Worker(new URL('../../workers/quoteReader/worker.ts', import.meta.url), { type: 'module' });
    const engine = new QuotesEngine(new QuoteReaderPool(1, spawn, 3_000));
    const { reports, series } = await engine.readFiles([csv('a', 20), csv('b', 10)], never, { remember: false });
    expect(reports[0]!.problem).toMatchObject({
      code: 'quotes/unreadable',
      message: 'The file could not be read within 3 s: it is damaged, or made to be.',
    });
    expect(series.map(({ symbol }) => symbol)).toEqual(['B']);
  });
});

describe('a large file', () => {
  test('is previewed within a second, reports how far it is, and is cancelled within 200 ms', async () => {
    const engine = engineOf(1);
    const large = csv('large', 4_000_000);
    // The worker's code is loaded.
    const before = await engine.readFiles([csv('a', 10)], never, { remember: false });
    const controller = new AbortController();
    const startMs = performance.now();
    let previewedAfterMs = Number.NaN;
    let preview: QuotePreview | undefined;
    const progress: ReadProgress[] = [];
    const reading = engine.readFiles([large], controller.signal, {
      remember: false,
      onPreview: (each) => {
        preview = each;
        previewedAfterMs = performance.now() - startMs;
      },
      onProgress: (each) => {
        progress.push(each);
        if (each.bytesDone > large.file.size / 10) controller.abort();
      },
    });
    const abortedMs = new Promise<number>((resolve) => {
      controller.signal.addEventListener('abort', () => resolve(performance.now()));
    });
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - (await abortedMs)).toBeLessThan(200);
    expect(previewedAfterMs).toBeLessThan(1000);
    expect(preview).toMatchObject({
      symbols: ['LARGE'],
      quotes: [{ timeMs: START, bid: 100, ask: 120 }, {}, {}, {}, {}, {}, {}, {}],
    });
    expect(preview!.mids.length).toBeGreaterThan(20);
    expect(progress.every(({ bytesTotal, filesTotal }) => bytesTotal === large.file.size && filesTotal === 1)).toBe(
      true,
    );
    expect(progress.at(-1)!.bytesDone).toBeLessThan(large.file.size);
    // What was read before is still there, and the engine goes on.
    expect((await engine.sample(before.held!, sampling, never))[0]!.symbol).toBe('A');
    expect((await engine.readFiles([csv('b', 10)], never, { remember: false })).series[0]!.symbol).toBe('B');
  });
});

describe('the browser remembers', () => {
  test('what was read: again it opens without being parsed, by itself as well, until it is forgotten', async () => {
    const file = csv('a', 2_000_000);
    const first = engineOf(1);
    let startMs = performance.now();
    const read = await first.readFiles([file], never);
    const parsedMs = performance.now() - startMs;
    expect(read.remembered).toEqual([]);
    expect(await read.kept).toEqual([]);
    const grids = await first.sample(read.held!, sampling, never);

    const second = engineOf(1);
    await second.readFiles([csv('warm', 1)], never, { remember: false });
    startMs = performance.now();
    const again = await second.readFiles([file], never);
    console.info(`parsed in ${Math.round(parsedMs)} ms, found again in ${Math.round(performance.now() - startMs)} ms`);
    expect(again.remembered).toEqual(['a.csv']);
    expect([again.reports, again.health, again.series]).toEqual([read.reports, read.health, read.series]);
    expect(await second.sample(again.held!, sampling, never)).toEqual(grids);

    const stored = await second.stored();
    expect(stored).toMatchObject([{ file: 'a.csv', symbols: ['A'], rows: 2_000_000 }]);
    const third = engineOf(1);
    const opened = await third.readFiles([], never, {}, [stored[0]!.key]);
    expect(opened.series).toEqual(read.series);
    expect(await third.sample(opened.held!, sampling, never)).toEqual(grids);

    await third.forgetAll();
    expect(await third.stored()).toEqual([]);
    const gone = await third.readFiles([], never, {}, [stored[0]!.key]);
    expect(gone.reports[0]!.problem?.code).toBe('quotes/not-stored');
    const anew = await third.readFiles([file], never);
    expect([anew.remembered, await anew.kept]).toEqual([[], []]);
  });

  test('what two tabs write at the same time once, and whole', async () => {
    const file = csv('a', 300_000);
    const engines = [engineOf(1), engineOf(1), engineOf(1)];
    const reads = await Promise.all(engines.map((engine) => engine.readFiles([file], never)));
    expect(await Promise.all(reads.map(({ kept }) => kept))).toEqual([[], [], []]);
    const names = await (await browserStorage())!.names();
    expect(names.filter((name) => name.endsWith('.quotes'))).toHaveLength(1);
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    const again = await engineOf(1).readFiles([file], never);
    expect([again.remembered, again.series]).toEqual([['a.csv'], reads[0]!.series]);
  });

  test('nothing that was damaged on the disk: it is noticed and read anew', async () => {
    const file = csv('a', 10_000);
    const engine = engineOf(1);
    await (await engine.readFiles([file], never)).kept;
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('quotes');
    for await (const name of folder.keys()) {
      if (!name.endsWith('.quotes')) continue;
      const handle = await folder.getFileHandle(name);
      const size = (await handle.getFile()).size;
      const writable = await handle.createWritable({ keepExistingData: true });
      await writable.write({ type: 'write', position: size - 4000, data: new Uint8Array([1, 2, 3]) });
      await writable.close();
    }
    const again = await engine.readFiles([file], never);
    expect([again.remembered, again.series[0]!.rows]).toEqual([[], 10_000]);
    await again.kept;
    expect((await engine.readFiles([file], never)).remembered).toEqual(['a.csv']);
  });
});
