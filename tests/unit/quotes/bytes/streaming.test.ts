import { gzipSync, strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { pauses } from '../../../../src/core/yielding.ts';
import { assemble, readQuoteFiles } from '../../../../src/quotes/import.ts';
import { readSource } from '../../../../src/quotes/readFile.ts';
import type { QuotePreview } from '../../../../src/quotes/types.ts';
import { choppedSource } from '../../../support/chopped.ts';
import { dbnFile } from '../dbn.ts';
import { zstdStored } from './zstd.ts';

const rows = Array.from({ length: 40 }, (_, i) => {
  if (i === 7) return '';
  if (i === 9) return 'yesterday,1,2,"S,1"';
  if (i === 20) return `${1_709_285_400 + i},12,11,"S,1"`;
  return `${1_709_285_400 + i},${100 + (i % 7) / 8},${101 + (i % 5) / 4},"S,${1 + (i % 2)}"`;
});
const csv = strToU8(`\ufefftime,bid,ask,symbol\r\n${rows.join('\r\n')}`);
const log = strToU8(
  rows
    .flatMap((_, i) => [
      `${1723161255088176367n + BigInt(i)} {"stream":"x@trade","data":{"e":"trade"}}`,
      `${1723161255088176367n + BigInt(i)} {"stream":"x@bookTicker","data":{"s":"X","b":"${1 + i}","B":"1","a":"${2 + i}","A":"1"}}`,
    ])
    .join('\n'),
);
const record = { id: 7, received: 1_700_000_000_000_000_000n, bid: 1n, ask: 2n, bidSize: 3, askSize: 4 };
const records = Array.from({ length: 9 }, (_, i) => ({ ...record, received: record.received + BigInt(i) }));
const dbn = dbnFile({ version: 3, schema: 1, symbols: { ES: 7 }, records });

describe('wherever a source is cut', () => {
  test.each<[string, string, Uint8Array]>([
    ['CSV with a byte-order mark, quotes, a blank line and bad rows', 'x.csv', csv],
    ['the same in gzip', 'x.csv.gz', gzipSync(csv)],
    [
      'the same in two members of a gzip',
      'x.csv.gz',
      Uint8Array.from([...gzipSync(csv.slice(0, 99)), ...gzipSync(csv.slice(99))]),
    ],
    ['the same in Zstandard', 'x.csv.zst', zstdStored(csv)],
    ['the same in a zip', 'x.zip', zipSync({ 'x.csv': csv, 'y.csv': csv })],
    ['a log of messages', 'x.log', log],
    ['a DBN file', 'x.dbn', dbn],
  ])('%s is read the same', async (_, name, bytes) => {
    const expected = await readQuoteFiles([{ name, bytes }]);
    expect(expected.series.length).toBeGreaterThan(0);
    for (let size = 1; size <= 130; size++) {
      const parts = await readSource(name, choppedSource(bytes, size), {});
      expect(await assemble(parts)).toEqual(expected);
    }
  });
});

test('rows beyond the first estimate make the columns grow, whatever the source tells of its size', async () => {
  // Short lines behind long ones: the samples at the beginning promise a tenth of the rows.
  const long = `time,bid,ask,note\n${`1709285400,1,2,${'x'.repeat(300)}\n`.repeat(250)}`;
  const short = Array.from({ length: 60_000 }, (_, i) => `${1_709_285_401 + i},1,2,\n`).join('');
  const bytes = strToU8(long + short);
  for (const [name, packed] of [
    ['x.csv', bytes],
    ['x.gz', gzipSync(bytes)],
  ] as const) {
    const { series, reports } = await readQuoteFiles([{ name, bytes: packed }]);
    expect(series[0]!.timeMs).toHaveLength(60_001);
    expect(series[0]!.timeMs.at(-1)).toBe((1_709_285_401 + 59_999) * 1000);
    expect(reports[0]!.rowsRead).toBe(60_250);
  }
});

test('examples far down a text name the right line, plain and unpacked on the way', async () => {
  const lines = Array.from({ length: 50_000 }, (_, i) => {
    if (i % 100 === 3) return '';
    return i === 30_000 || i === 49_999 ? `bad ${i}` : `${1_709_285_400 + i},1,2`;
  });
  const bytes = strToU8(`time,bid,ask\n${lines.join('\n')}\n`);
  for (const content of [bytes, gzipSync(bytes), zipSync({ 'x.csv': bytes })]) {
    const { reports } = await readQuoteFiles([{ name: 'x', bytes: content }]);
    expect(reports[0]!.findings.find(({ kind }) => kind === 'unparsable')?.examples).toEqual([
      { row: 30_002, text: 'bad 30000' },
      { row: 50_001, text: 'bad 49999' },
    ]);
  }
});

test('a preview comes before the rest is read, from the rows at the start', async () => {
  const text = `time,bid,ask\n${Array.from({ length: 100_000 }, (_, i) => `${1_709_285_400 + i},${1 + (i % 9)},20\n`).join('')}`;
  const previews: QuotePreview[] = [];
  const seen: number[] = [];
  const parts = await readSource(
    'BTC.csv',
    choppedSource(strToU8(text), 10_000),
    {},
    {
      onPreview: (preview) => {
        previews.push(preview);
        seen.push(bytesBefore);
      },
      onBytes: (done) => {
        bytesBefore = done;
      },
    },
  );
  expect(parts[0]!.report.rowsKept).toBe(100_000);
  expect(seen[0]).toBeLessThan(text.length / 4);
  expect(previews).toHaveLength(1);
  const [preview] = previews as [QuotePreview];
  expect(preview).toMatchObject({
    file: 'BTC.csv',
    symbols: ['BTC'],
    format: 'Delimited text with a header',
    timeZone: 'UTC',
  });
  expect(preview.quotes[0]).toEqual({ timeMs: 1_709_285_400_000, bid: 1, ask: 20 });
  expect(preview.mids.length).toBeGreaterThan(50);
});
let bytesBefore = 0;

test('binary files and packed ones have previews as well', async () => {
  for (const [name, bytes] of [
    ['x.dbn', dbn],
    ['x.csv.gz', gzipSync(csv)],
  ] as const) {
    const previews: QuotePreview[] = [];
    await readQuoteFiles([{ name, bytes }], {}, { onPreview: (preview) => previews.push(preview) });
    expect(previews).toHaveLength(1);
  }
});

describe('cancelling', () => {
  test('stops between two pieces', async () => {
    const controller = new AbortController();
    let reported = 0;
    const reading = readSource(
      'x.csv',
      choppedSource(csv, 50),
      {},
      {
        signal: controller.signal,
        onBytes: (done) => {
          reported = done;
          if (done > 500) controller.abort();
        },
      },
    );
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    expect(reported).toBeLessThan(csv.length - 100);
  });

  test('is heard while rows are checked: a pause lets messages in', async () => {
    const controller = new AbortController();
    const pause = pauses(controller.signal, 5);
    setTimeout(() => controller.abort(), 1);
    const work = async () => {
      for (;;) {
        const untilMs = performance.now() + 2;
        while (performance.now() < untilMs);
        await pause();
      }
    };
    await expect(work()).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('before the start reads nothing', async () => {
    await expect(
      readQuoteFiles([{ name: 'x.csv', bytes: csv }], {}, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a file that changes or disappears while it is read', () => {
  /** What browsers do: reading rejects from some point on. */
  class VanishingFile extends Blob {
    constructor(
      bytes: Uint8Array<ArrayBuffer>,
      private readonly name: string,
      private left: number,
    ) {
      super([bytes]);
    }

    override slice(start?: number, end?: number): Blob {
      if (this.left-- > 0) return super.slice(start, end);
      const { name } = this;
      return Object.assign(new Blob(), { arrayBuffer: async () => Promise.reject(new DOMException('no', name)) });
    }
  }

  test.each(['NotReadableError', 'NotFoundError'])('%s becomes a sentence and harms no other file', async (name) => {
    const good = { name: 'good.csv', bytes: strToU8('time,bid,ask\n1709285400,5,6\n') };
    for (let left = 0; left < 4; left++) {
      const gone = { name: 'gone.csv', bytes: new VanishingFile(new Uint8Array(csv), name, left) };
      const { series, reports } = await readQuoteFiles([gone, good]);
      expect(reports[0]!.problem).toEqual({
        code: 'quotes/file-changed',
        message: 'The file changed or disappeared while it was read.',
        hint: 'Drop it again once nothing writes to it.',
        where: 'gone.csv',
      });
      expect(series.map(({ symbol }) => symbol)).toEqual(['GOOD']);
    }
  });

  test('a file that has become shorter is noticed', async () => {
    const shrunk = new Blob([new Uint8Array(csv)]);
    Object.defineProperty(shrunk, 'size', { value: csv.length + 10 });
    const { reports } = await readQuoteFiles([{ name: 'x.csv', bytes: shrunk }]);
    expect(reports[0]!.problem?.code).toBe('quotes/file-changed');
  });
});
