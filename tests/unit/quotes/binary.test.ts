import {
  CompressionType,
  float64,
  list,
  setCompressionCodec,
  TimeUnit,
  tableFromArrays,
  tableToIPC,
  timestamp,
} from '@uwdata/flechette';
import { gzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../../src/quotes/bytes/byteSource.ts';
import { decodeLz4Frame } from '../../../src/quotes/bytes/lz4Frame.ts';
import { shownCell } from '../../../src/quotes/formats/columnCells.ts';
import { type ColumnSource, readColumnTable } from '../../../src/quotes/formats/columnTable.ts';
import { nautilusTable } from '../../../src/quotes/formats/nautilus.ts';
import { readQuoteFiles } from '../../../src/quotes/import.ts';
import { dbnFile } from './dbn.ts';

const T = 1_700_000_000_000_000_000n;
const NO_PRICE = 2n ** 63n - 1n;

describe('Databento DBN', () => {
  const records = [
    { id: 7, received: T, bid: 100_250_000_000n, ask: 100_500_000_000n, bidSize: 3, askSize: 4 },
    { id: 9, received: T + 100n, bid: 5_000_000_000n, ask: NO_PRICE, bidSize: 1, askSize: 0 },
    { id: 9, received: T + 200n, bid: 5_000_000_000n, ask: 5_250_000_000n, bidSize: 1, askSize: 2 },
    { id: 8, received: T + 300n, bid: 1n, ask: 2n, bidSize: 1, askSize: 2 },
  ];

  test.each([1, 2, 3] as const)(
    'version %i: instruments by their names, undefined prices as missing',
    async (version) => {
      const bytes = dbnFile({ version, schema: 1, symbols: { ESM4: 7, NQM4: 9 }, records });
      const { series, reports } = await readQuoteFiles([{ name: 'x.dbn', bytes }]);
      expect(series.map((each) => [each.symbol, [...each.bid], [...each.ask], [...each.askSize!]])).toEqual([
        ['ESM4', [100.25], [100.5], [4]],
        ['INSTRUMENT 8', [1e-9], [2e-9], [2]],
        ['NQM4', [5], [5.25], [2]],
      ]);
      expect(reports[0]).toMatchObject({ format: 'Databento DBN', rowsRead: 4 });
      expect(reports[0]!.findings[0]).toMatchObject({ kind: 'missing', count: 1 });
      expect(reports[0]!.notes[0]).toContain(`version ${version}, schema mbp-1, dataset TEST`);
    },
  );

  test('stamps are those of the event where the receipt’s are absent', async () => {
    const bytes = dbnFile({
      version: 3,
      schema: 18,
      symbols: { ES: 7 },
      records: [{ ...records[0]!, received: 2n ** 64n - 1n, event: T + 5_000_000n }],
    });
    const { series } = await readQuoteFiles([{ name: 'x.dbn', bytes }]);
    expect(series[0]!.timeMs[0]).toBe(1_700_000_000_005);
  });

  test.each([
    ['trades', dbnFile({ version: 3, schema: 4, symbols: { ES: 7 }, records: [] }), 'quotes/dbn-schema'],
    ['a version to come', dbnFile({ version: 9, schema: 1, symbols: {}, records }), 'quotes/dbn-version'],
    ['half a record', dbnFile({ version: 3, schema: 1, symbols: {}, records }).slice(0, -9), 'quotes/dbn-damaged'],
    [
      'half its metadata',
      dbnFile({ version: 3, schema: 1, symbols: { ES: 7 }, records }).slice(0, 150),
      'quotes/dbn-damaged',
    ],
  ])('with %s is refused', async (_, bytes, code) => {
    const { reports } = await readQuoteFiles([{ name: 'x.dbn', bytes }]);
    expect(reports[0]!.problem?.code).toBe(code);
  });
});

describe('Arrow', () => {
  const table = tableFromArrays(
    {
      ts: [1_700_000_000_000, 1_700_000_000_000, 1_700_000_000_001],
      symbol: ['B', 'A', 'B'],
      ask_price: [2.5, 3.5, null],
      bid_price: [2.25, 3.25, 2.25],
      bids_qty: [[5, 6], [7], []],
    },
    { types: { ts: timestamp(TimeUnit.MICROSECOND, 'UTC'), ask_price: float64(), bids_qty: list(float64()) } },
  );

  test.each(['file', 'stream'] as const)('as a %s: stamps, symbols, lists and missing values', async (format) => {
    const bytes = tableToIPC(table, { format })!;
    const { series, reports } = await readQuoteFiles([{ name: 'x.arrow', bytes }]);
    expect(reports[0]!.problem).toBeUndefined();
    expect(series.map((each) => [each.symbol, [...each.bid], [...each.ask], [...each.bidSize!]])).toEqual([
      ['A', [3.25], [3.5], [7]],
      ['B', [2.25], [2.5], [5]],
    ]);
    expect(series[1]!.timeMs[0]).toBe(1_700_000_000_000);
    expect(reports[0]!.findings[0]).toMatchObject({ kind: 'missing', count: 1 });
  });

  test('cut short is refused', async () => {
    const bytes = tableToIPC(table, { format: 'file' })!.slice(0, -20);
    const { reports } = await readQuoteFiles([{ name: 'x.arrow', bytes }]);
    expect(reports[0]!.problem).toMatchObject({ code: 'quotes/arrow-damaged' });
    expect(reports[0]!.problem!.message).toBe('The Arrow file is truncated or damaged (its end is missing).');
  });

  test('compressed with LZ4 is read', async () => {
    const flat = tableFromArrays({
      time: new Float64Array(100).fill(1.7e12),
      bid: Array(100).fill(1),
      ask: Array(100).fill(2),
    });
    setCompressionCodec(CompressionType.LZ4_FRAME, { encode: repeatedBytes, decode: decodeLz4Frame });
    const bytes = tableToIPC(flat, { format: 'file', codec: CompressionType.LZ4_FRAME })!;
    const { series, reports } = await readQuoteFiles([{ name: 'x.feather', bytes }]);
    expect(reports[0]).toMatchObject({ rowsRead: 100, rowsKept: 1 });
    expect([series[0]!.bid[0], series[0]!.ask[0]]).toEqual([1, 2]);
  });
});

/** An LZ4 frame of one sequence for bytes that repeat after eight; the bytes themselves where they are too few. */
function repeatedBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 40) return bytes;
  const match = bytes.length - 8 - 5 - 4;
  const longer = [...Array(Math.floor((match - 15) / 255)).fill(255), (match - 15) % 255];
  const block = [0x8f, ...bytes.subarray(0, 8), 8, 0, ...longer, 0x50, ...bytes.subarray(-5)];
  return Uint8Array.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0, block.length, 0, 0, 0, ...block, 0, 0, 0, 0]);
}

describe('LZ4 frames', () => {
  test.each([
    ['no magic', [1, 2, 3, 4, 5, 6, 7]],
    ['a block longer than the frame', [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0, 99, 0, 0, 0, 1]],
    ['a match before the beginning', [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0, 4, 0, 0, 0, 0x10, 65, 9, 0, 0, 0, 0, 0]],
    ['no end', [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0]],
  ])('with %s are damaged', (_, bytes) => {
    expect(() => decodeLz4Frame(Uint8Array.from(bytes))).toThrow(RangeError);
  });

  test('keep stored blocks as they are', () => {
    const frame = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0, 2, 0, 0, 0x80, 65, 66, 0, 0, 0, 0];
    expect([...decodeLz4Frame(Uint8Array.from(frame))]).toEqual([65, 66]);
  });
});

describe('columns of tables', () => {
  const names = { fileName: 'x.parquet', memberName: 'x.parquet', folders: [] };
  const rowsOf = (columns: Record<string, unknown[]>) =>
    Object.values(columns)[0]!.map((_, row) => Object.values(columns).map((values) => values[row]));
  const source = (columns: Record<string, unknown[]>): ColumnSource => ({
    kind: 'test',
    names: Object.keys(columns),
    types: [],
    rows: Object.values(columns)[0]!.length,
    first: rowsOf(columns).map((row) => row.map((value) => shownCell(value, {}))),
    read: async (wanted, sink) => {
      for (const at of wanted) sink(at, Object.values(columns)[at]!, 0);
    },
  });

  test.each([
    ['dates', new Date(1_700_000_000_000)],
    ['text', '2023-11-14T22:13:20Z'],
    ['seconds', 1_700_000_000],
    ['integer microseconds', 1_700_000_000_000_000n],
  ])('times may be %s', async (_, time) => {
    const table = await readColumnTable(names, {}, source({ t: [time], b: [1n], a: ['2'] }), {
      time: 0,
      bid: 1,
      ask: 2,
    });
    expect([table.rows.timeMs[0], table.rows.bid[0], table.rows.ask[0]]).toEqual([1_700_000_000_000, 1, 2]);
  });

  test.each([8, 16])(
    'NautilusTrader’s integers of %i bytes are divided as documented, and doubts are told',
    async (width) => {
      const raw = (price: number) => {
        const integer = BigInt(Math.round(price * 1000)) * 10n ** BigInt((width === 8 ? 9 : 16) - 3);
        return Uint8Array.from({ length: width }, (_, i) => Number((integer >> BigInt(8 * i)) & 255n));
      };
      const columns = {
        bid_price: [raw(112.12), raw(-0.001)],
        ask_price: [raw(112.172), raw(112.175)],
        ts_event: [T + 65n, T + 447n],
      };
      const schema = {
        version: 2,
        schema: [],
        num_rows: 2n,
        row_groups: [],
        metadata_length: 0,
      };
      const file = { ...names, source: memorySource(new Uint8Array()) };
      const roles = { time: 2, bid: 0, ask: 1 };
      const table = await nautilusTable(file, {}, source(columns), roles, rowsOf(columns), width, schema);
      expect([...table.rows.bid]).toEqual([112.12, -0.001]);
      expect(table.rows.timeMs[1]).toBeGreaterThan(table.rows.timeMs[0]!);
      expect(table.notes.join(' ')).toContain('Milliseconds may have been stored as nanoseconds');
    },
  );
});

test('a binary file inside a gzip is told by its content as well', async () => {
  const bytes = gzipSync(dbnFile({ version: 3, schema: 4, symbols: {}, records: [] }));
  const { reports } = await readQuoteFiles([{ name: 'x.gz', bytes }]);
  expect(reports[0]!.problem?.code).toBe('quotes/dbn-schema');
});
