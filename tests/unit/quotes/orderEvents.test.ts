/** Logs of orders and of price levels become the best bid and ask. */

import { describe, expect, test } from 'vitest';
import { readQuoteFiles } from '../../../src/quotes/import.ts';

async function quotesOf(text: string) {
  const { series, reports } = await readQuoteFiles([{ name: 'es.csv', bytes: new TextEncoder().encode(text) }]);
  expect(reports[0]!.problem).toBeUndefined();
  const { timeMs, bid, ask, bidSize, askSize } = series[0]!;
  return Array.from(timeMs, (ms, i) => [ms - 1_700_000_000_000, bid[i], bidSize?.[i], ask[i], askSize?.[i]]);
}

describe('a log of orders', () => {
  test('by their ids: added, changed, partly cancelled, executed, deleted; trades leave the book', async () => {
    const rows = [
      ['A', 'B', 100, 5, 1],
      ['A', 'A', 101, 7, 2],
      ['A', 'B', 100.5, 3, 3],
      ['M', 'B', 100.5, 2, 3],
      ['C', 'A', 101, 4, 2],
      ['T', 'A', 101, 1, 0],
      ['C', 'B', 100.5, 2, 3],
    ];
    const text = `ts_event,action,side,price,size,order_id\n${rows.map((row, i) => `${1_700_000_000 + i},${row.join(',')}`).join('\n')}\n`;
    expect(await quotesOf(text)).toEqual([
      [1000, 100, 5, 101, 7],
      [2000, 100.5, 3, 101, 7],
      [3000, 100.5, 2, 101, 7],
      [4000, 100.5, 2, 101, 3],
      [6000, 100, 5, 101, 3],
    ]);
  });

  test('by price levels: sizes are what is left', async () => {
    const rows = [
      ['new', 'bid', 100, 5],
      ['new', 'ask', 101, 7],
      ['new', 'bid', 100.5, 3],
      ['change', 'bid', 100.5, 1],
      ['delete', 'bid', 100.5, 0],
    ];
    const text = `time,action,side,price,size\n${rows.map((row, i) => `${1_700_000_000 + i},${row.join(',')}`).join('\n')}\n`;
    expect((await quotesOf(text)).map(([ms, ...quote]) => [ms, ...quote])).toEqual([
      [1000, 100, 5, 101, 7],
      [2000, 100.5, 3, 101, 7],
      [3000, 100.5, 1, 101, 7],
      [4000, 100, 5, 101, 7],
    ]);
  });
});
