import fc from 'fast-check';
import { gzipSync, strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readQuoteFiles } from '../../../src/quotes/import.ts';
import type { FileReport, FindingKind, ImportOverrides } from '../../../src/quotes/types.ts';

const file = (name: string, text: string) => ({ name, bytes: strToU8(text) });
const read = (name: string, text: string, overrides?: ImportOverrides) => readQuoteFiles([file(name, text)], overrides);
const count = (report: FileReport, kind: FindingKind) => report.findings.find((each) => each.kind === kind)?.count ?? 0;
const zip = (name: string, members: Record<string, string>) => ({
  name,
  bytes: zipSync(Object.fromEntries(Object.entries(members).map(([member, text]) => [member, strToU8(text)]))),
});

const SECOND_BARS = [
  '34200000,1672700,1672700,1672700,1672700,100,1680000,1680000,1674100,1674100,600',
  '34201000,1672700,1672700,1671500,1671500,100,1674100,1674100,1672600,1672600,200',
].join('\n');

describe('QuantConnect LEAN files', () => {
  test('take date, symbol and resolution from the member’s name and move bars to their end on New York’s clock', async () => {
    const { series, reports } = await readQuoteFiles([
      zip('20131007_quote.zip', { '20131007_spy_second_quote.csv': SECOND_BARS }),
    ]);
    expect(series).toHaveLength(1);
    expect(series[0]!.symbol).toBe('SPY');
    expect([...series[0]!.timeMs]).toEqual([Date.UTC(2013, 9, 7, 13, 30, 1), Date.UTC(2013, 9, 7, 13, 30, 2)]);
    expect([...series[0]!.bid]).toEqual([167.27, 167.15]);
    expect([...series[0]!.ask]).toEqual([167.41, 167.26]);
    expect([...series[0]!.askSize!]).toEqual([600, 200]);
    expect(series[0]!.calendar).toEqual({
      kind: 'exchange',
      timeZone: 'America/New_York',
      open: '09:30',
      close: '16:00',
    });
    expect(reports[0]).toMatchObject({ symbols: ['SPY'], barMs: 1000, timeZone: 'America/New_York', rowsKept: 2 });
    expect(reports[0]!.notes.join(' ')).toContain('taken for a US equity');
  });

  test('stand on the right side of a change of the clock', async () => {
    const minute = '34200000,836200,836200,836200,836200,200,870000,870000,844500,844500,200';
    const { series } = await readQuoteFiles([
      file('20080307_shy_minute_quote.csv', minute),
      file('20080310_shy_minute_quote.csv', minute),
    ]);
    expect([...series[0]!.timeMs]).toEqual([Date.UTC(2008, 2, 7, 14, 31), Date.UTC(2008, 2, 10, 13, 31)]);
  });

  test('are plain prices in UTC where prices have decimals, and in UTC−05 where the folder says FXCM', async () => {
    const ticks = '1787,1.38727,1.38729\n1813,1.38726,1.38729\n';
    const plain = await read('20140501_eurusd_tick_quote.csv', ticks);
    expect(plain.series[0]!.timeMs[0]).toBe(Date.UTC(2014, 4, 1, 0, 0, 1, 787));
    expect(plain.series[0]!.calendar).toEqual({ kind: '24/7' });
    const fxcm = await readQuoteFiles([
      zip('forex/fxcm/tick/eurusd/20140501_quote.zip', { '20140501_eurusd_tick_quote.csv': ticks }),
    ]);
    expect(fxcm.series[0]!.timeMs[0]).toBe(Date.UTC(2014, 4, 1, 5, 0, 1, 787));
    expect(fxcm.reports[0]!.timeZone).toBe('Etc/GMT+5');
  });

  test('keep the expiries of a futures chain apart', async () => {
    const row = '0,1676,1676,1676,1676,86,1677,1677,1677,1677,97';
    const { series } = await readQuoteFiles([
      zip('20131007_quote.zip', {
        '20131007_es_minute_quote_201312.csv': row,
        '20131007_es_minute_quote_201403.csv': row,
      }),
    ]);
    expect(series.map((each) => each.symbol)).toEqual(['ES 201312', 'ES 201403']);
    expect(series[0]!.bid[0]).toBe(1676);
    expect(series[0]!.timeMs[0]).toBe(Date.UTC(2013, 9, 7, 0, 1));
  });

  test('move daily bars to the end of their day and leave out sizes that are all 0', async () => {
    const { series, reports } = await read('eurusd.csv', '20070101 00:00,1,1,1,1.32095,0,1,1,1,1.32195,0\n');
    expect(series[0]!.symbol).toBe('EURUSD');
    expect(series[0]!.timeMs[0]).toBe(Date.UTC(2007, 0, 2));
    expect(series[0]!.bidSize).toBeUndefined();
    expect(reports[0]!.barMs).toBe(86_400_000);
  });

  test('carry one-sided ticks forward, judge only the last state of a millisecond, and drop flagged rows', async () => {
    const ticks = [
      '34200000,475000,200,0,0,P,1,0',
      '34200000,0,0,475100,3000,P,1,0',
      '34200005,475200,100,0,0,Q,1,0',
      '34200005,0,0,475300,100,Q,1,0',
      '34200007,1,100,0,0,Q,1,1',
      '34200009,475300,100,0,0,Q,1,0',
    ].join('\n');
    const { series, reports } = await read('20131009_aig_Quote_Tick.csv', ticks);
    expect([...series[0]!.bid]).toEqual([47.5, 47.52, 47.53]);
    expect([...series[0]!.ask]).toEqual([47.51, 47.53, 47.53]);
    expect(count(reports[0]!, 'crossed')).toBe(0);
    expect(count(reports[0]!, 'suspicious')).toBe(1);
    expect(count(reports[0]!, 'duplicateStamp')).toBe(2);
    expect(count(reports[0]!, 'locked')).toBe(1);
  });

  test('lose a row that cannot be read, and no other', async () => {
    const { series, reports } = await read('20131007_spy_second_quote.csv', `${SECOND_BARS}\n?,1,1,1,1,1,2,2,2,2,1\n`);
    expect(series[0]!.bid).toHaveLength(2);
    expect(count(reports[0]!, 'unparsable')).toBe(1);
  });

  test('ask for their name where nothing tells the date', async () => {
    const { series, reports } = await read('spy.csv', SECOND_BARS);
    expect(series).toEqual([]);
    expect(reports[0]!.problem).toMatchObject({ code: 'quotes/date', where: 'spy.csv' });
  });
});

describe('delimited text', () => {
  test.each([
    ['ISO 8601', ',', '2024-03-01T09:30:00.250Z'],
    ['ISO without zone, as UTC', ';', '2024-03-01 09:30:00.250'],
    ['epoch seconds', '\t', '1709285400.25'],
    ['epoch milliseconds', '|', '1709285400250'],
    ['epoch microseconds', ',', '1709285400250000'],
    ['epoch nanoseconds', ',', '1709285400250000000'],
    ['quoted fields', ',', '"2024-03-01T10:30:00.250+01:00"'],
  ])('reads %s', async (_, delimiter, stamp) => {
    const text = [
      ['Ask Price', 'Time', 'bid_price', 'Ask Qty'].join(delimiter),
      ['101.5', stamp, '101.25', '7'].join(delimiter),
    ].join('\r\n');
    const { series, reports } = await read('xyz-2024.csv', text);
    expect(reports[0]!.problem).toBeUndefined();
    expect(series[0]).toMatchObject({ symbol: 'XYZ', calendar: { kind: '24/7' } });
    expect([series[0]!.timeMs[0], series[0]!.bid[0], series[0]!.ask[0]]).toEqual([1_709_285_400_250, 101.25, 101.5]);
    expect(series[0]!.askSize![0]).toBe(7);
    expect(series[0]!.bidSize).toBeUndefined();
  });

  test('prefers exchange time and does not swap ask-before-bid columns (Tardis)', async () => {
    const { series } = await read(
      'tardis.csv',
      'exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount\n' +
        'huobi,BTC-USD,1588291201099000,1588291201234268,5494,8629.3,8629.2,806\n',
    );
    expect(series[0]!.symbol).toBe('BTC-USD');
    expect([series[0]!.timeMs[0], series[0]!.bid[0], series[0]!.bidSize![0]]).toEqual([1588291201099, 8629.2, 806]);
  });

  test('keeps symbols of one file apart', async () => {
    const { series, reports } = await read(
      'all.csv',
      'time,sym,bid,ask\n1709285400,B,1,2\n1709285400,A,3,4\n1709285399,A,3,5\n1709285401,B,1,3\n',
    );
    expect(series.map((each) => [each.symbol, ...each.ask])).toEqual([
      ['A', 5, 4],
      ['B', 2, 3],
    ]);
    expect(count(reports[0]!, 'outOfOrder')).toBe(1);
    expect(count(reports[0]!, 'duplicateStamp')).toBe(0);
  });

  test('counts every kind of dirt with the first rows, and says what was done', async () => {
    const rows = [
      'yesterday,10,11',
      '2024-03-01T09:30:00Z,10,11',
      '2024-03-01T09:30:01Z,NaN,11',
      '',
      '2024-03-01T09:30:02Z,10,',
      '2024-03-01T09:30:03Z,10',
      '2024-03-01T09:30:04Z,ten,11',
      '2024-03-01T09:30:05Z,0,11',
      '2024-03-01T09:30:06Z,12,11',
      '2024-03-01T09:30:07Z,11,11',
      '2024-03-01T09:30:07Z,10,12',
      '2024-03-01T09:29:59Z,10,11',
    ];
    const { series, reports } = await read('dirt.csv', `timestamp,bid,ask\n${rows.join('\n')}`);
    const report = reports[0]!;
    expect(report.rowsRead).toBe(11);
    expect(Object.fromEntries(report.findings.map((each) => [each.kind, [each.count, each.action]]))).toMatchObject({
      unparsable: [3, 'dropped'],
      missing: [2, 'dropped'],
      nonPositive: [1, 'dropped'],
      crossed: [1, 'dropped'],
      locked: [1, 'kept'],
      duplicateStamp: [1, 'repaired'],
      outOfOrder: [1, 'repaired'],
    });
    const unparsable = report.findings.find((each) => each.kind === 'unparsable')!;
    expect(unparsable.examples[0]).toEqual({ row: 2, text: 'yesterday,10,11' });
    expect(unparsable.examples[1]!.row).toBe(7);
    expect([...series[0]!.ask]).toEqual([11, 11, 12]);
    expect([report.firstMs, report.lastMs]).toEqual([
      Date.parse('2024-03-01T09:29:59Z'),
      Date.parse('2024-03-01T09:30:07Z'),
    ]);
    expect(
      count(
        (await read('dirt.csv', `timestamp,bid,ask\n${rows.join('\n')}`, { policies: { crossed: 'keep' } }))
          .reports[0]!,
        'crossed',
      ),
    ).toBe(1);
  });

  test('notes gaps and bad prints and keeps them', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => {
      const bid = i === 50 ? 150 : 100 + (i % 3) / 100;
      return `${1_709_285_400 + i + (i > 120 ? 3600 : 0)},${bid},${bid + 0.02}`;
    });
    const { reports, series } = await read('gaps.csv', `time,bid,ask\n${rows.join('\n')}`);
    expect(count(reports[0]!, 'gap')).toBe(1);
    expect(reports[0]).toMatchObject({ medianStepMs: 1000, largestGapMs: 3_601_000 });
    expect(reports[0]!.findings.find((each) => each.kind === 'outlier')).toMatchObject({
      count: 1,
      examples: [{ row: 52, text: '1709285450,150,150.02' }],
    });
    expect(series[0]!.bid).toHaveLength(200);
  });

  test('follows the user on columns, zone, unit and symbol', async () => {
    const { series } = await read('x.csv', '20240301 093000;1.5;9;1.25\n', {
      mapping: { columns: { time: 0, bid: 3, ask: 1 } },
      timeZone: 'America/New_York',
      byFile: { 'x.csv': { symbol: 'MINE' } },
    });
    expect(series[0]!.symbol).toBe('MINE');
    expect([series[0]!.timeMs[0], series[0]!.bid[0], series[0]!.ask[0]]).toEqual([
      Date.UTC(2024, 2, 1, 14, 30),
      1.25,
      1.5,
    ]);
    expect((await read('x.csv', 'time,bid,ask\n100,1,2\n', { timeUnit: 's' })).series[0]!.timeMs[0]).toBe(100_000);
    expect(
      (await read('x.csv', 'time,bid,ask\n2024-01-01,1,2\n', { timeZone: 'Nowhere' })).reports[0]!.problem?.code,
    ).toBe('quotes/time-zone');
  });
});

describe('Binance bookTicker', () => {
  const row = '17184,26800.10,1.5,26800.20,2.5,1684195200123,1684195200130';
  const header = 'update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,event_time';

  test.each([
    ['with header', `${header}\n${row}\n`],
    ['without header', `${row}\n`],
    ['in microseconds', `${row.replaceAll(/(\d{13})/g, '$1000')}\n`],
  ])('is read %s, plain and in a zip', async (_, text) => {
    const name = 'BTCUSDT-bookTicker-2023-05-16';
    for (const dropped of [file(`${name}.csv`, text), zip(`${name}.zip`, { [`${name}.csv`]: text })]) {
      const { series, reports } = await readQuoteFiles([dropped]);
      expect(reports[0]!.format).toBe('Binance bookTicker');
      expect(series[0]).toMatchObject({ symbol: 'BTCUSDT' });
      expect([series[0]!.timeMs[0], series[0]!.bid[0], series[0]!.askSize![0]]).toEqual([1684195200123, 26800.1, 2.5]);
    }
  });
});

describe('several files of one symbol', () => {
  const day = (date: string, bid: number) =>
    file(
      `${date}.csv`,
      `time,sym,bid,ask\n${date}T10:00:00Z,S,${bid},${bid + 1}\n${date}T11:00:00Z,S,${bid},${bid + 1}\n`,
    );
  const days = [day('2024-03-01', 1), day('2024-03-02', 2), day('2024-03-03', 3), day('2024-03-04', 4)];

  test('join to the same series whatever their order', async () => {
    const expected = (await readQuoteFiles(days)).series[0]!;
    expect([...expected.bid]).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(days, { minLength: 4 }), async (shuffled) => {
        expect((await readQuoteFiles(shuffled)).series[0]).toEqual(expected);
      }),
    );
  });

  test('count once when dropped twice, and say so', async () => {
    const { series, reports } = await readQuoteFiles([days[0]!, { ...days[0]!, name: 'copy.csv' }]);
    expect(series[0]!.timeMs).toHaveLength(2);
    expect(reports.map((report) => [report.rowsKept, report.duplicateOf])).toEqual([
      [2, undefined],
      [0, '2024-03-01.csv'],
    ]);
  });

  test('merge where they overlap, and count the stamps both have', async () => {
    const late = file(
      'late.csv',
      'time,sym,bid,ask\n2024-03-01T10:30:00Z,S,1.5,2.5\n2024-03-01T11:00:00Z,S,1.25,2.25\n',
    );
    const { series, reports } = await readQuoteFiles([late, days[0]!]);
    expect([...series[0]!.bid]).toEqual([1, 1.5, 1.25]);
    expect(reports.map((report) => report.overlapping)).toEqual([1, 1]);
  });
});

describe('files that cannot be read', () => {
  const good = file('good.csv', 'time,bid,ask\n1709285400,1,2\n');
  const zipped = zip('z.zip', { 'a.csv': `time,bid,ask\n${'1709285400,1,2\n'.repeat(2000)}` });
  const damaged = { name: 'damaged.zip', bytes: zipped.bytes.slice() };
  damaged.bytes[60]! ^= 255;
  const gz = gzipSync(strToU8('time,bid,ask\n1709285400,1,2\n'.repeat(500)));

  test.each([
    ['an empty file', file('f', ''), 'quotes/empty'],
    ['white space', file('f', '\n \n'), 'quotes/empty'],
    ['a header only', file('f', 'time,bid,ask\n'), 'quotes/empty'],
    ['prose', file('f', 'Dear reader,\nhere are no quotes.\n'), 'quotes/format'],
    ['trades', file('f', 'time,price,volume\n1709285400,1,2\n'), 'quotes/columns'],
    ['binary data', { name: 'f', bytes: new Uint8Array([1, 2, 0, 7, 200]) }, 'quotes/binary'],
    ['a Parquet file of a few bytes', file('f', 'PAR1\0\0\0'), 'quotes/parquet-damaged'],
    ['stamps of another millennium', file('f', 'time,bid,ask\n99990301093000,1,2\n'), 'quotes/none-usable'],
    ['a truncated zip', { name: 'f', bytes: zipped.bytes.subarray(0, 90) }, 'quotes/zip-truncated'],
    ['a damaged zip', damaged, 'quotes/zip-damaged'],
    ['an empty zip', zip('f', {}), 'quotes/zip-empty'],
    ['a truncated gzip', { name: 'f', bytes: gz.subarray(0, gz.length - 20) }, 'quotes/gzip-damaged'],
    ['times of day without a date', file('f', 'time,bid,ask\n34200000,1,2\n'), 'quotes/time-unit'],
    ['words for times', file('f', 'time,bid,ask\nnoon,1,2\n'), 'quotes/time'],
    ['no usable row', file('f', 'time,bid,ask\n1709285400,NaN,2\n'), 'quotes/none-usable'],
  ])('%s is a problem of its own and harms no other file', async (_, bad, code) => {
    const { series, reports } = await readQuoteFiles([bad, good]);
    expect(reports[0]!.problem?.code).toBe(code);
    expect(reports[0]!.problem?.message).toMatch(/^[A-Z].*\.$/);
    expect(reports[0]!.problem?.hint).toBeTruthy();
    expect(series.map((each) => each.symbol)).toEqual(['GOOD']);
  });

  test('never throws for any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('', 'PK', '\x1f\x8b\x08', 'time,bid,ask\n'),
        async (tail, head) => {
          const bytes = new Uint8Array([...strToU8(head, true), ...tail]);
          expect((await readQuoteFiles([{ name: 'any', bytes }])).reports.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a bad member of a zip leaves the good ones', async () => {
    const { series, reports } = await readQuoteFiles([
      zip('z.zip', { 'read.me': 'Hello!', 'a.csv': 'time,bid,ask\n1709285400,1,2\n' }),
    ]);
    expect(reports.map((report) => report.problem?.code)).toEqual(['quotes/format', undefined]);
    expect(series.map((each) => each.symbol)).toEqual(['A']);
  });

  test('gzip of several members is read whole', async () => {
    const bytes = new Uint8Array([
      ...gzipSync(strToU8('time,bid,ask\n1709285400,1,2\n')),
      ...gzipSync(strToU8('1709285401,1,2\n')),
    ]);
    expect((await readQuoteFiles([{ name: 'm.csv.gz', bytes }])).series[0]!.timeMs).toHaveLength(2);
  });
});
