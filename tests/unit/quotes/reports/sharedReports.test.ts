/**
 * Every file that people could not read, or that was misread, with what is right about it. Files are found by listing their folder, so that
 * one that is added needs a line here.
 */

import { describe, expect, test } from 'vitest';
import { readQuoteFiles } from '../../../../src/quotes/import.ts';
import type { ImportOverrides, Question } from '../../../../src/quotes/types.ts';
import { sharedBytes, sharedFiles, sharedPresent } from '../../../support/shared.ts';

const FOLDER = 'reports/quotes';

interface Right {
  /** By symbol: the first and the last quote, and how many there are. */
  readonly quotes?: Readonly<Record<string, { count: number; first: Row; last: Row }>>;
  /** Code of the problem where the file is to be refused or asked about. */
  readonly problem?: string;
  readonly asks?: Question['kind'];
  /** What has to be said. */
  readonly says?: RegExp;
  /** Rows dropped, by what was found. */
  readonly dropped?: Readonly<Record<string, number>>;
  readonly zone?: string;
  readonly overrides?: ImportOverrides;
}
type Row = readonly [time: string, bid: number, ask: number, bidSize?: number, askSize?: number];

const one = (symbol: string, count: number, first: Row, last: Row): NonNullable<Right['quotes']> => ({
  [symbol]: { count, first, last },
});
const EURUSD_JFOREX = one(
  'EURUSD',
  6,
  ['2024-11-04T00:00:00.050Z', 1.08944, 1.0895, 1.2, 0.9],
  ['2024-11-05T02:00:00.550Z', 1.08949, 1.08955, 1.2, 0.9],
);
const EURUSD_JSON = one(
  'EURUSD',
  6,
  ['2025-01-01T10:00:00.000Z', 1.03455, 1.0346],
  ['2025-01-01T10:00:00.250Z', 1.0346, 1.03465],
);
const UTF16 = (symbol: string) =>
  one(
    symbol,
    6,
    ['2024-02-01T00:00:00.000Z', 100.25, 100.5, 10, 20],
    ['2024-02-02T02:00:00.500Z', 105.25, 105.5, 15, 25],
  );
const INDEX = (zone: string) =>
  one(zone, 6, ['2024-04-02T13:30:00.000Z', 100, 100.02], ['2024-04-02T13:30:07.500Z', 100.05, 100.07]);
const TZ_INDEX = one('TZ', 6, ['2024-04-02T17:30:00.000Z', 100, 100.02], ['2024-04-02T17:30:07.500Z', 100.05, 100.07]);
const RB_LAST: Row = ['2024-05-20T01:30:02.500Z', 3810, 3811, 12, 33];

const right: Readonly<Record<string, Right>> = {
  'XAUUSD_202411041000_202411041001.csv': {
    quotes: one(
      'XAUUSD',
      8,
      ['2024-11-04T10:00:00.120Z', 2735.41, 2735.6],
      ['2024-11-04T10:00:05.250Z', 2735.3, 2735.55],
    ),
    says: /carried forward/,
    asks: 'timeZone',
  },
  'rb2410_ctp.csv': {
    quotes: one('rb2410', 4, ['2024-05-20T01:30:00.000Z', 3704, 3705, 210, 180], RB_LAST),
    dropped: { missing: 2 },
    zone: 'Asia/Shanghai',
  },
  'rb2410_named.csv': {
    quotes: one(
      'rb2410',
      4,
      ['2024-05-20T09:30:00.000Z', 3704, 3705, 210, 180],
      ['2024-05-20T09:30:02.500Z', 3810, 3811, 12, 33],
    ),
    dropped: { missing: 2 },
  },
  'rb2410_6days.csv.gz': { dropped: { missing: 4 } },
  'databento_fixed.csv': {
    quotes: one(
      'ESM4',
      2,
      ['2024-05-29T16:26:40.000Z', 5300.25, 5300.5, 10, 12],
      ['2024-05-29T16:26:42.000Z', 5300.5, 5300.75, 8, 9],
    ),
    dropped: { missing: 1 },
  },
  'slash_dayfirst.csv': {
    quotes: one(
      'SLASH',
      3,
      ['2024-11-04T10:00:00.000Z', 1.08944, 1.0895],
      ['2024-11-14T10:00:00.000Z', 1.08946, 1.08952],
    ),
    says: /day first/,
  },
  'slash.csv': { problem: 'quotes/asked-dayOrder', asks: 'dayOrder' },
  'eurusd_jforex.csv': { quotes: EURUSD_JFOREX, zone: 'UTC' },
  'eurusd_jforex_de.csv': { quotes: EURUSD_JFOREX, zone: 'UTC', says: /decimal comma/ },
  'comma_quoted.csv': {
    quotes: one(
      'COMMA',
      4,
      ['2024-11-04T00:00:00.000Z', 1.08944, 1.0895],
      ['2024-11-04T03:00:00.000Z', 1.08947, 1.08953],
    ),
    says: /decimal comma/,
  },
  'semicolon_comma.csv': {
    quotes: one(
      'SEMICOLON',
      3,
      ['2024-11-04T00:00:00.000Z', 1.08944, 1.0895],
      ['2024-11-04T00:00:02.000Z', 1.08946, 1.08952],
    ),
    says: /decimal comma/,
  },
  'thousands.csv': {
    quotes: one(
      'THOUSANDS',
      4,
      ['2024-11-04T00:00:00.000Z', 39944.5, 39945],
      ['2024-11-04T03:00:00.000Z', 39947.5, 39948],
    ),
    says: /thousands separators/,
  },
  '600999_gbk.csv': {
    quotes: one(
      '600999',
      7,
      ['2024-05-10T01:30:00.000Z', 15.22, 15.23, 1200, 1300],
      ['2024-05-10T06:56:57.000Z', 15.27, 15.28, 300, 400],
    ),
    zone: 'Asia/Shanghai',
    says: /GB18030/,
  },
  '600999_cn_utf8.csv': {
    quotes: one(
      '600999',
      2,
      ['2024-05-10T01:30:00.000Z', 15.22, 15.23, 1200, 1300],
      ['2024-05-10T01:30:03.000Z', 15.23, 15.24, 900, 1000],
    ),
    zone: 'Asia/Shanghai',
  },
  'utf16le.csv': { quotes: UTF16('UTF16LE'), says: /UTF-16LE/ },
  'utf16le_nobom.csv': { quotes: UTF16('UTF16LE'), says: /UTF-16LE/ },
  'BTCUSDT-joined.csv': {
    quotes: one(
      'BTCUSDT',
      10,
      ['2024-12-31T23:59:59.000Z', 93500.1, 93500.2, 1.5, 2.5],
      ['2025-01-01T00:00:00.800Z', 93509.1, 93509.2, 1.5, 2.5],
    ),
  },
  'ETHUSDT-bookTicker-2024-06-10.csv': {
    quotes: one(
      'ETHUSDT',
      13,
      ['2024-06-10T06:13:20.000Z', 3500, 3500.01, 5, 4],
      ['2024-06-11T02:13:20.200Z', 3601.5, 3601.51, 6, 7],
    ),
  },
  'unnamed_index.csv': { quotes: INDEX('UNNAMED') },
  'unnamed_index.parquet': { quotes: INDEX('UNNAMED'), asks: 'timeZone' },
  'tz_index.csv': { quotes: TZ_INDEX },
  'tz_index.parquet': { quotes: TZ_INDEX, zone: 'UTC' },
  'excel_serial.csv': {
    quotes: one('EXCEL', 6, ['2024-11-04T13:30:00.000Z', 50, 50.02], ['2024-11-04T13:30:05.000Z', 50.05, 50.07]),
    says: /spreadsheet/,
  },
  'excel_sci.csv': { problem: 'quotes/spreadsheet' },
  'excel_ampm.csv': {
    quotes: one('EXCEL', 5, ['2024-11-04T09:30:00.000Z', 50, 50.02], ['2024-11-04T13:30:05.000Z', 50.05, 50.07]),
    says: /month first/,
    asks: 'dayOrder',
  },
  'negative.csv': {
    quotes: one(
      'NEGATIVE',
      1,
      ['2024-11-04T10:00:00.000Z', 1.08944, 1.0895],
      ['2024-11-04T10:00:00.000Z', 1.08944, 1.0895],
    ),
    dropped: { nonPositive: 2 },
  },
  'nq_quote.zip': {
    quotes: Object.fromEntries(
      (['202403', '202406', '202409'] as const).map((expiry, i) => {
        const [bid, ask] = [
          [17210.25, 17210.5],
          [17402.5, 17402.75],
          [17588, 17588.25],
        ][i]!;
        const [end, endAsk] = [bid! + 16, ask! + 16];
        return [
          `NQ ${expiry}`,
          {
            count: 5,
            first: ['2024-02-06T00:00:00.000Z', bid, ask, 5, 5],
            last: ['2024-02-10T00:00:00.000Z', end, endAsk, 5, 5],
          },
        ];
      }),
    ) as NonNullable<Right['quotes']>,
  },
  'xyz_2024_quote_american.zip': {
    quotes: Object.fromEntries(
      (
        [
          ['CALL 500000', 3.12, 3.2],
          ['CALL 550000', 0.08, 0.11],
          ['PUT 500000', 1.41, 1.46],
        ] as const
      ).map(([name, bid, ask]) => {
        const [right, strike] = name.split(' ');
        const end: Row = ['2024-02-08T05:00:00.000Z', bid, ask, 3, 4];
        return [
          `XYZ 20240419 ${right} ${Number(strike) / 10_000}`,
          { count: 3, first: ['2024-02-06T05:00:00.000Z', bid, ask, 3, 4], last: end },
        ];
      }),
    ),
    zone: 'America/New_York',
  },
  'prices_LINK.csv': {
    quotes: one('LINK', 6, ['2025-01-01T10:00:00.000Z', 21.3, 21.304], ['2025-01-01T10:00:03.500Z', 21.35, 21.354]),
  },
  'prices_AVAX.csv': {
    quotes: one('AVAX', 6, ['2025-01-01T10:00:00.000Z', 36.8, 36.804], ['2025-01-01T10:00:03.500Z', 36.85, 36.854]),
  },
  'one_side_a_row.csv': {
    quotes: one(
      'ONE',
      9,
      ['2025-01-01T10:00:00.088Z', 2.3, 2.311, 10, 11],
      ['2025-01-01T10:00:00.888Z', 2.308, 2.319, 18, 19],
    ),
    dropped: { missing: 1 },
    says: /carried forward/,
  },
  'orderbook_SOLUSDT.csv': {
    quotes: one(
      'SOLUSDT',
      5,
      ['2025-01-01T10:00:00.000Z', 191.2, 191.22, 5, 4],
      ['2025-01-01T10:00:01.000Z', 191.24, 191.26, 5, 4],
    ),
  },
  'eurusd_objects.json': { quotes: EURUSD_JSON },
  'eurusd_rows_without_volume.json': { quotes: EURUSD_JSON },
  'local_time.parquet': {
    asks: 'timeZone',
    overrides: { timeZone: 'Asia/Taipei' },
    quotes: one(
      'LOCAL',
      8,
      ['2024-05-13T01:00:00.000Z', 100, 100.05, 10, 12],
      ['2024-05-13T01:00:35.000Z', 100.35, 100.39999999999999, 10, 12],
    ),
  },
};

const files = sharedFiles(FOLDER, '');

test.runIf(sharedPresent)('every file has a line here', () => {
  expect(files.length).toBeGreaterThan(30);
  expect(files.filter((name) => !(name in right))).toEqual([]);
});

describe.runIf(sharedPresent)('what people tried to read', () => {
  test.for(files)('%s', async (name) => {
    const wanted = right[name] ?? {};
    const file = { name, bytes: sharedBytes(`${FOLDER}/${name}`) };
    if (wanted.asks && wanted.overrides) {
      const { reports } = await readQuoteFiles([file]);
      expect(reports[0]!.questions?.map(({ kind }) => kind)).toContain(wanted.asks);
    }
    const { series, reports } = await readQuoteFiles([file], wanted.overrides);
    const [report] = reports;
    for (const { problem } of reports) expect(problem?.code).toBe(wanted.problem);
    if (wanted.asks && !wanted.overrides) expect(report!.questions?.map(({ kind }) => kind)).toEqual([wanted.asks]);
    else expect(report!.questions ?? []).toEqual([]);
    for (const { rowsRead, rowsKept, rowsDropped, rowsElsewhere } of reports) {
      expect(rowsKept + rowsDropped + rowsElsewhere).toBe(rowsRead);
    }
    if (wanted.quotes) {
      expect(series.map(({ symbol }) => symbol).sort()).toEqual(Object.keys(wanted.quotes).sort());
      for (const { symbol, timeMs, bid, ask, bidSize, askSize } of series) {
        const { count, first, last } = wanted.quotes[symbol]!;
        expect(timeMs).toHaveLength(count);
        const row = (i: number, like: Row) => [
          new Date(Math.round(timeMs[i]!)).toISOString(),
          bid[i],
          ask[i],
          ...(like.length > 3 ? [bidSize?.[i], askSize?.[i]] : []),
        ];
        expect(row(0, first)).toEqual(first);
        expect(row(count - 1, last)).toEqual(last);
      }
    }
    if (wanted.says) expect([...report!.notes, report!.timeUnit].join(' ')).toMatch(wanted.says);
    if (wanted.zone) expect(reports.map(({ timeZone }) => timeZone)).toEqual(reports.map(() => wanted.zone));
    if (wanted.dropped) {
      const dropped = report!.findings.filter((finding) => finding.dropped > 0);
      expect(Object.fromEntries(dropped.map((finding) => [finding.kind, finding.dropped]))).toEqual(wanted.dropped);
    }
  });

  test('two files of prices dropped together stay two symbols', async () => {
    const names = ['prices_LINK.csv', 'prices_AVAX.csv'];
    const { series } = await readQuoteFiles(names.map((name) => ({ name, bytes: sharedBytes(`${FOLDER}/${name}`) })));
    expect(series.map(({ symbol, bid }) => [symbol, bid[0]])).toEqual([
      ['AVAX', 36.8],
      ['LINK', 21.3],
    ]);
  });
});
