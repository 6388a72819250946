import { strToU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readQuoteFiles } from '../../../../src/quotes/import.ts';

const file = (name: string, text: string) => ({ name, bytes: strToU8(text) });

describe('pairs of files', () => {
  const bars = (...closes: readonly (readonly [string, number])[]) =>
    `timestamp,open,high,low,close\n${closes.map(([minute, close]) => `2012-02-01 00:${minute}:00+00:00,1,2,1,${close}`).join('\n')}\n`;
  const bids = file('gbpusd-m1-bid-2012.csv', bars(['00', 1.1], ['01', 1.2], ['02', 1.3]));
  const asks = file('gbpusd-m1-ask-2012.csv', bars(['00', 1.2], ['02', 1.4], ['03', 1.5]));

  test.each([
    ['bids first', [bids, asks]],
    ['asks first', [asks, bids]],
  ])('of bids and asks are joined on their stamps, %s', async (_, files) => {
    const { series, reports } = await readQuoteFiles(files);
    expect(series.map(({ symbol }) => symbol)).toEqual(['GBPUSD']);
    expect([...series[0]!.bid]).toEqual([1.1, 1.3]);
    expect([...series[0]!.ask]).toEqual([1.2, 1.4]);
    expect(series[0]!.timeMs[0]).toBe(Date.UTC(2012, 1, 1, 0, 1));
    const bidReport = reports.find((report) => report.file === bids.name)!;
    expect(bidReport).toMatchObject({ rowsRead: 4, rowsKept: 2, barMs: 60_000, pairedWith: asks.name });
    expect(bidReport.findings[0]).toMatchObject({ kind: 'missing', count: 2 });
    expect(reports.find((report) => report.file === asks.name)).toMatchObject({ rowsRead: 3, pairedWith: bids.name });
  });

  test('of bids and asks are told by their columns as well', async () => {
    const { series } = await readQuoteFiles([
      file('x_bid.csv', 'time,bid,bid_size\n1709285400,1,5\n'),
      file('x_ask.csv', 'time,ask\n1709285400,2\n'),
    ]);
    expect([series[0]!.bid[0], series[0]!.ask[0], series[0]!.bidSize![0]]).toEqual([1, 2, 5]);
  });

  test.each([
    [bids, 'This file holds bids only and is not a quote file by itself.'],
    [asks, 'This file holds asks only and is not a quote file by itself.'],
  ])('$name alone is not a quote file, and says so', async (half, message) => {
    const { series, reports } = await readQuoteFiles([half]);
    expect(series).toEqual([]);
    expect(reports[0]).toMatchObject({ rowsRead: 3, problem: { code: 'quotes/one-sided', message, where: half.name } });
  });

  test('of bids and asks with one of them dropped twice use it once, and say so', async () => {
    const { series, reports } = await readQuoteFiles([bids, bids, asks]);
    expect([...series[0]!.bid]).toEqual([1.1, 1.3]);
    expect(reports.map((report) => report.problem?.code)).toEqual([undefined, 'quotes/half-twice', undefined]);
  });

  test('of bids and asks are joined for one symbol only', async () => {
    const { reports } = await readQuoteFiles([
      file('x_bid.csv', 'time,sym,bid\n1709285400,A,1\n1709285400,B,5\n'),
      file('x_ask.csv', 'time,sym,ask\n1709285400,A,2\n1709285400,B,6\n'),
    ]);
    expect(reports.map((report) => report.problem?.code)).toEqual(['quotes/pair-symbols', 'quotes/pair-symbols']);
  });

  const messages = file(
    'AAPL_2012-06-21_34200000_57600000_message_1.csv',
    '34200.017459617,5,0,1,2238200,-1\n34200.189608,1,11885113,21,2238100,1\n34200.2,3,11885113,21,2238100,1\n',
  );
  const book = file(
    'AAPL_2012-06-21_34200000_57600000_orderbook_1.csv',
    '2239500,100,2231800,100\n2239500,100,2238100,21\n2239500,100,-9999999999,0\n',
  );

  test('of LOBSTER are joined row by row; an empty level is a missing price', async () => {
    const { series, reports } = await readQuoteFiles([messages, book]);
    expect(series[0]).toMatchObject({ symbol: 'AAPL' });
    expect([...series[0]!.bid]).toEqual([223.18, 223.81]);
    expect([...series[0]!.ask]).toEqual([223.95, 223.95]);
    expect([...series[0]!.bidSize!]).toEqual([100, 21]);
    expect(series[0]!.timeMs[0]).toBeCloseTo(Date.UTC(2012, 5, 21, 13, 30, 0, 17) + 0.459617, 3);
    expect(reports[1]!.findings[0]).toMatchObject({ kind: 'missing', count: 1 });
  });

  test('of LOBSTER need as many rows on both sides', async () => {
    const short = { ...messages, bytes: messages.bytes.subarray(0, 33) };
    const { reports } = await readQuoteFiles([short, book]);
    expect(reports.map((report) => report.problem?.code)).toEqual(['quotes/pair-length', 'quotes/pair-length']);
  });
});
