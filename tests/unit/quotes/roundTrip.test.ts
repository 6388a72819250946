/** Any series written in any text format reads back as it was; any bytes whatever become a report. */

import fc from 'fast-check';
import { gzipSync, strToU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readQuoteFiles } from '../../../src/quotes/import.ts';
import { zstdStored } from './bytes/zstd.ts';
import { dbnFile } from './dbn.ts';

interface Quote {
  readonly ms: number;
  readonly bid: number;
  readonly ask: number;
}

const START = Date.UTC(2024, 2, 1, 15);

/** Ascending whole milliseconds of one trading day, prices on a grid of hundredths above 10. */
const anySeries: fc.Arbitrary<Quote[]> = fc
  .array(
    fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1000, max: 1e7 }), fc.integer({ min: 1, max: 50 })),
    {
      minLength: 3,
      maxLength: 40,
    },
  )
  .map((steps) => {
    let ms = START;
    return steps.map(([step, bid, spread]) => {
      ms += step;
      return { ms, bid: bid / 100, ask: (bid + spread) / 100 };
    });
  });

const iso = (ms: number) => new Date(ms).toISOString();
const digits = (ms: number) => iso(ms).replace(/\D/g, '');
const lines = (header: string, series: readonly Quote[], row: (quote: Quote, index: number) => string) =>
  `${header}${series.map(row).join('\n')}\n`;
/** Milliseconds after midnight in New York, in winter. */
const wall = (ms: number) => ms - Date.UTC(2024, 2, 1, 5);

interface TextFormat {
  readonly title: string;
  readonly write: (series: readonly Quote[]) => readonly { readonly name: string; readonly text: string }[];
}

const one = (name: string, write: (series: readonly Quote[]) => string) => (series: readonly Quote[]) => [
  { name, text: write(series) },
];

const formats: readonly TextFormat[] = [
  {
    title: 'ISO CSV',
    write: one('x.csv', (s) => lines('timestamp,bid,ask\n', s, ({ ms, bid, ask }) => `${iso(ms)},${bid},${ask}`)),
  },
  ...(['000000', '000', ''] as const).map((zeros, i) => ({
    title: ['nanoseconds', 'microseconds', 'milliseconds'][i]!,
    write: one('x.tsv', (s) => lines('ts\task\tbid\n', s, ({ ms, bid, ask }) => `${ms}${zeros}\t${ask}\t${bid}`)),
  })),
  {
    title: 'Binance bookTicker',
    write: one('x.csv', (s) => lines('', s, ({ ms, bid, ask }, i) => `${i},${bid},1,${ask},2,${ms},${ms + 1}`)),
  },
  {
    title: 'BitMEX',
    write: one('x.csv', (s) =>
      lines('timestamp,symbol,bidSize,bidPrice,askPrice,askSize\n', s, ({ ms, bid, ask }) => {
        return `${iso(ms).replace('T', 'D').replace('Z', '000000')},X,1,${bid},${ask},1`;
      }),
    ),
  },
  {
    title: 'HistData',
    write: one('x.csv', (s) =>
      lines('', s, ({ ms, bid, ask }) => {
        const stamp = digits(ms - 5 * 3_600_000);
        return `${stamp.slice(0, 8)} ${stamp.slice(8)},${bid},${ask},0`;
      }),
    ),
  },
  {
    title: 'TrueFX',
    write: one('x.csv', (s) =>
      lines('', s, ({ ms, bid, ask }) => {
        return `EUR/USD,${iso(ms).slice(0, 10).replaceAll('-', '')} ${iso(ms).slice(11, -1)},${bid},${ask}`;
      }),
    ),
  },
  {
    title: 'TAQ',
    write: one('x.csv', (s) =>
      lines('DATE,TIME_M,BEST_BID,BEST_ASK\n', s, ({ ms, bid, ask }) => {
        return `20240301,${new Date(wall(ms)).toISOString().slice(11, -1)},${bid},${ask}`;
      }),
    ),
  },
  {
    title: 'Kibot ticks',
    write: one('x.txt', (s) =>
      lines('', s, ({ ms, bid, ask }) => {
        return `03/01/2024,${new Date(wall(ms)).toISOString().slice(11, -1)},${bid},${bid},${ask},100`;
      }),
    ),
  },
  {
    title: 'LEAN forex ticks',
    write: one('20240301_x_tick_quote.csv', (s) =>
      lines('', s, ({ ms, bid, ask }) => `${ms - Date.UTC(2024, 2, 1)},${bid.toFixed(2)},${ask.toFixed(2)}`),
    ),
  },
  {
    title: 'LEAN equity ticks',
    write: one('20240301_x_Quote_Tick.csv', (s) =>
      s
        .map(({ ms, bid, ask }) => {
          const [b, a] = [Math.round(bid * 1e4), Math.round(ask * 1e4)];
          return `${wall(ms)},${b},1,0,0,P,1,0\n${wall(ms)},0,0,${a},1,P,1,0\n`;
        })
        .join(''),
    ),
  },
  {
    title: 'LOBSTER',
    write: (s) => [
      {
        name: 'x_2024-03-01_message_1.csv',
        text: lines('', s, ({ ms }) => `${(wall(ms) / 1000).toFixed(3)},1,7,100,10000,1`),
      },
      {
        name: 'x_2024-03-01_orderbook_1.csv',
        text: lines('', s, ({ bid, ask }) => `${Math.round(ask * 1e4)},1,${Math.round(bid * 1e4)},1`),
      },
    ],
  },
  {
    title: 'a file of bids and one of asks',
    write: (s) => [
      { name: 'x_ask.csv', text: lines('time,ask\n', s, ({ ms, ask }) => `${ms},${ask}`) },
      { name: 'x_bid.csv', text: lines('time,bid\n', s, ({ ms, bid }) => `${ms},${bid}`) },
    ],
  },
  {
    title: 'Dukascopy rows',
    write: one('x.json', (s) => JSON.stringify(s.map(({ ms, bid, ask }) => [ms, ask, bid, 1, 2]))),
  },
  {
    title: 'Dukascopy columns',
    write: one('x.json', (s) => {
      const steps = (values: readonly number[]) => values.map((value, i) => (i === 0 ? 0 : value - values[i - 1]!));
      const cents = (side: 'bid' | 'ask') => s.map((quote) => Math.round(quote[side] * 100));
      const [first] = s as [Quote];
      return JSON.stringify({
        ...{ timestamp: first.ms, multiplier: 0.01, ask: first.ask, bid: first.bid },
        ...{ times: steps(s.map(({ ms }) => ms)), asks: steps(cents('ask')), bids: steps(cents('bid')) },
      });
    }),
  },
  {
    title: 'WebSocket log',
    write: one('x.log', (s) =>
      lines('', s, ({ ms, bid, ask }) => {
        return `${ms}000000 {"stream":"x@bookTicker","data":{"u":1,"s":"X","b":"${bid}","B":"1","a":"${ask}","A":"1"}}`;
      }),
    ),
  },
  {
    title: 'Interactive Brokers ticks',
    write: one('x.json', (s) =>
      JSON.stringify(
        s.flatMap(({ ms, bid, ask }) => [
          { time: iso(ms), price: bid, size: 1, tickType: 1 },
          { time: iso(ms), price: ask, size: 1, tickType: 2 },
        ]),
      ),
    ),
  },
];

describe('any series written as', () => {
  test.each(formats)('$title reads back identically, plain, gzip or zstd', async ({ write }) => {
    await fc.assert(
      fc.asyncProperty(anySeries, fc.constantFrom('plain', 'gzip', 'zstd'), async (written, container) => {
        const files = write(written).map(({ name, text }) => {
          const bytes = strToU8(text);
          if (container === 'plain') return { name, bytes };
          return { name, bytes: container === 'gzip' ? gzipSync(bytes) : zstdStored(bytes) };
        });
        const { series, reports } = await readQuoteFiles(files);
        expect(reports.map((report) => report.problem)).toEqual(files.map(() => undefined));
        expect(series).toHaveLength(1);
        const [got] = series as [(typeof series)[number]];
        expect([...got.bid]).toEqual(written.map(({ bid }) => bid));
        expect([...got.ask]).toEqual(written.map(({ ask }) => ask));
        expect([...got.timeMs].map(Math.round)).toEqual(written.map(({ ms }) => ms));
      }),
      { numRuns: 25 },
    );
  });
});

describe('any bytes become a report', () => {
  const csv = 'time,bid,ask\n1709285400,1,2\n1709285401,2,3\n';
  const record = { id: 7, received: 1_700_000_000_000_000_000n, bid: 1n, ask: 2n, bidSize: 3, askSize: 4 };
  const seeds = [
    strToU8(csv),
    gzipSync(strToU8(csv)),
    zstdStored(strToU8(csv)),
    dbnFile({ version: 3, schema: 1, symbols: { ES: 7 }, records: [record, record] }),
    strToU8('ARROW1\0\0\xff\xff\xff\xff\x10\0\0\0ARROW1', true),
    strToU8('\xff\xff\xff\xff\x10\0\0\0', true),
    strToU8('PAR1\x15\0\x15\x10\x15\x10,\x15\x02\x15\x12\0\0\x10\0\0\0PAR1', true),
    ...formats.flatMap(({ write }) =>
      write([1, 2, 3].map((i) => ({ ms: START + i, bid: 10 + i, ask: 11 + i }))).map(({ text }) => strToU8(text)),
    ),
  ];

  test('whatever is changed, cut off or put in front of a file', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
        fc.nat(),
        fc.uint8Array({ maxLength: 30 }),
        async (seed, changes, cut, tail) => {
          const changed = seed.slice(0, cut % 3 === 0 ? cut % (seed.length + 1) : seed.length);
          for (const [at, byte] of changes) if (changed.length > 0) changed[at % changed.length] = byte;
          const bytes = Uint8Array.from([...changed, ...(cut % 2 === 0 ? tail : [])]);
          const { series, reports } = await readQuoteFiles([{ name: 'any', bytes }]);
          expect(reports.length).toBeGreaterThan(0);
          expect(reports.filter(({ problem }) => problem?.code === 'internal')).toEqual([]);
          if (series.length === 0) expect(reports.every(({ problem }) => problem)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
