/** Exports and recordings as their makers write them: each read to the same two quotes, or to what it means. */

import { describe, expect, test } from 'vitest';
import { readQuoteFiles } from '../../../src/quotes/import.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

async function read(name: string, text: string | Uint8Array) {
  const bytes = typeof text === 'string' ? bytesOf(text) : text;
  const { series, reports } = await readQuoteFiles([{ name, bytes }]);
  return {
    problem: reports[0]!.problem?.code,
    questions: reports[0]!.questions?.map(({ kind }) => kind) ?? [],
    series: series.map(({ symbol, timeMs, bid, ask, bidSize, askSize }) => ({
      symbol,
      quotes: Array.from(timeMs, (ms, i) => [new Date(Math.floor(ms)).toISOString(), bid[i], ask[i]]),
      sizes: Array.from(timeMs, (_, i) => [bidSize?.[i], askSize?.[i]]),
    })),
  };
}

/** 2024-05-10 13:30:00.250 and a second later, in UTC. */
const T = Date.UTC(2024, 4, 10, 13, 30, 0, 250);
const QUOTES = [
  ['2024-05-10T13:30:00.250Z', 100.01, 100.03],
  ['2024-05-10T13:30:01.250Z', 100.02, 100.05],
];
const SIZES = [
  [5, 7],
  [6, 8],
];
const [A, B] = [
  { t: T, b: 100.01, B: 5, a: 100.03, A: 7 },
  { t: T + 1000, b: 100.02, B: 6, a: 100.05, A: 8 },
];
const both = (write: (quote: typeof A, i: number) => unknown) => [A, B].map(write);
const lines = (write: (quote: typeof A, i: number) => unknown) =>
  `${both(write)
    .map((message) => (typeof message === 'string' ? message : JSON.stringify(message)))
    .join('\n')}\n`;
const iso = (ms: number) => new Date(ms).toISOString();

describe('messages of exchanges, as recorders write them:', () => {
  test.each<[name: string, symbol: string, text: string]>([
    [
      'Kraken’s spread',
      'XBT/USD',
      lines(({ t, b, B, a, A }) => [341, [`${b}`, `${a}`, `${t / 1000}`, `${B}`, `${A}`], 'spread', 'XBT/USD']),
    ],
    [
      'Kraken’s ticker of version 2',
      'BTC/USD',
      lines(({ t, b, B, a, A }) => ({
        channel: 'ticker',
        type: 'update',
        data: [{ symbol: 'BTC/USD', bid: b, bid_qty: B, ask: a, ask_qty: A, last: 1, timestamp: iso(t) }],
      })),
    ],
    [
      'Coinbase’s ticker',
      'BTC-USD',
      lines(({ t, b, B, a, A }, i) => ({
        type: 'ticker',
        sequence: 9 + i,
        product_id: 'BTC-USD',
        price: '1',
        best_bid: `${b}`,
        best_bid_size: `${B}`,
        best_ask: `${a}`,
        best_ask_size: `${A}`,
        side: 'buy',
        time: iso(t),
      })),
    ],
    [
      'Coinbase’s advanced ticker',
      'BTC-USD',
      lines(({ t, b, B, a, A }) => ({
        channel: 'ticker',
        timestamp: iso(t),
        sequence_num: 0,
        events: [
          {
            type: 'update',
            tickers: [
              {
                type: 'ticker',
                product_id: 'BTC-USD',
                price: '1',
                best_bid: `${b}`,
                best_bid_quantity: `${B}`,
                best_ask: `${a}`,
                best_ask_quantity: `${A}`,
              },
            ],
          },
        ],
      })),
    ],
    [
      'Bybit’s order book of one level',
      'BTCUSDT',
      lines(({ t, b, B, a, A }) => ({
        topic: 'orderbook.1.BTCUSDT',
        type: 'snapshot',
        ts: t,
        data: { s: 'BTCUSDT', b: [[`${b}`, `${B}`]], a: [[`${a}`, `${A}`]], u: 1, seq: 7 },
      })),
    ],
    [
      'OKX’s best bid and offer',
      'BTC-USDT',
      lines(({ t, b, B, a, A }) => ({
        arg: { channel: 'bbo-tbt', instId: 'BTC-USDT' },
        data: [{ asks: [[`${a}`, `${A}`, '0', '2']], bids: [[`${b}`, `${B}`, '0', '2']], ts: `${t}`, seqId: 1 }],
      })),
    ],
    [
      'Bitget’s ticker',
      'BTCUSDT',
      lines(({ t, b, B, a, A }) => ({
        action: 'snapshot',
        arg: { instType: 'SPOT', channel: 'ticker', instId: 'BTCUSDT' },
        data: [
          { instId: 'BTCUSDT', lastPr: '1', bidPr: `${b}`, askPr: `${a}`, bidSz: `${B}`, askSz: `${A}`, ts: `${t}` },
        ],
        ts: t,
      })),
    ],
    [
      'Deribit’s quote',
      'BTC-PERPETUAL',
      lines(({ t, b, B, a, A }) => ({
        jsonrpc: '2.0',
        method: 'subscription',
        params: {
          channel: 'quote.BTC-PERPETUAL',
          data: {
            timestamp: t,
            instrument_name: 'BTC-PERPETUAL',
            best_bid_price: b,
            best_bid_amount: B,
            best_ask_price: a,
            best_ask_amount: A,
          },
        },
      })),
    ],
    [
      'Hyperliquid’s best bid and offer',
      'BTC',
      lines(({ t, b, B, a, A }) => ({
        channel: 'bbo',
        data: {
          coin: 'BTC',
          time: t,
          bbo: [
            { px: `${b}`, sz: `${B}`, n: 1 },
            { px: `${a}`, sz: `${A}`, n: 2 },
          ],
        },
      })),
    ],
    [
      'Hyperliquid’s book, as its archive wraps it',
      'BTC',
      lines(({ t, b, B, a, A }) => ({
        time: iso(t),
        ver_num: 1,
        raw: {
          channel: 'l2Book',
          data: {
            coin: 'BTC',
            time: t,
            levels: [
              [
                { px: `${b}`, sz: `${B}`, n: 1 },
                { px: '1', sz: '1', n: 1 },
              ],
              [{ px: `${a}`, sz: `${A}`, n: 1 }],
            ],
          },
        },
      })),
    ],
    [
      'Binance’s REST book ticker in a list',
      'BTCUSDT',
      JSON.stringify(
        both(({ t, b, B, a, A }) => ({
          symbol: 'BTCUSDT',
          bidPrice: `${b}`,
          bidQty: `${B}`,
          askPrice: `${a}`,
          askQty: `${A}`,
          time: t,
        })),
      ),
    ],
    [
      'a depth snapshot in a recorder’s envelope, with the time of receipt in front',
      'X',
      lines(
        ({ t, b, B, a, A }) =>
          `${t} ${JSON.stringify({
            lastUpdateId: 1,
            bids: [
              [`${b}`, `${B}`],
              ['1', '1'],
            ],
            asks: [[`${a}`, `${A}`]],
          })}`,
      ),
    ],
    [
      'a message kept as a text',
      'BTC-USD',
      lines(({ t, b, B, a, A }) => ({
        received_at: t,
        raw: JSON.stringify({ product_id: 'BTC-USD', bids: [[`${b}`, `${B}`]], asks: [[`${a}`, `${A}`]] }),
      })),
    ],
  ])('%s', async (_, symbol, text) => {
    const got = await read('x.jsonl', text);
    expect(got.problem).toBeUndefined();
    expect(got.series).toEqual([{ symbol, quotes: QUOTES, sizes: SIZES }]);
  });

  test('changes of a book count from its snapshot on, and without one they are refused', async () => {
    const change = (t: number, b: unknown, a: unknown) => ({
      topic: 'orderbook.50.X',
      type: 'delta',
      ts: t,
      data: { s: 'X', b, a },
    });
    const snapshot = {
      ...change(
        T,
        [
          ['100', '1'],
          ['99', '2'],
        ],
        [['101', '3']],
      ),
      type: 'snapshot',
    };
    const log = [
      change(T - 5, [['98', '1']], []),
      snapshot,
      change(T + 1, [['100', '0']], []),
      change(T + 2, [], [['100.5', '4']]),
    ];
    const got = await read('x.jsonl', log.map((message) => JSON.stringify(message)).join('\n'));
    expect(got.series[0]!.quotes.map(([, bid, ask]) => [bid, ask])).toEqual([
      [100, 101],
      [99, 101],
      [99, 100.5],
    ]);
    const without = await read('x.jsonl', `${JSON.stringify(log[0])}\n${JSON.stringify(log[2])}\n`);
    expect(without.problem).toBe('quotes/book-changes');
  });
});

describe('tables of makers:', () => {
  test.each<[name: string, symbol: string, text: string]>([
    [
      'LSEG Tick History',
      'VOD.L',
      `#RIC,Domain,Date-Time,GMT Offset,Type,Bid Price,Bid Size,Ask Price,Ask Size,Price\nVOD.L,Market Price,2024-05-10T13:30:00.250000000Z,+1,Quote,100.01,5,100.03,7,\nVOD.L,Market Price,2024-05-10T13:30:00.300000000Z,+1,Trade,,,,,100.02\nVOD.L,Market Price,2024-05-10T13:30:01.250000000Z,+1,Quote,100.02,6,100.05,8,\n`,
    ],
    [
      'LSEG with local dates and times',
      'VOD.L',
      `#RIC,Date[L],Time[L],GMT Offset,Type,Bid Price,Bid Size,Ask Price,Ask Size\nVOD.L,10-MAY-2024,14:30:00.250,+1,Quote,100.01,5,100.03,7\nVOD.L,10-MAY-2024,14:30:01.250,+1,Quote,100.02,6,100.05,8\n`,
    ],
    [
      'WRDS TAQ',
      'BRK B',
      `DATE,TIME_M,TIME_M_NANO,EX,BID,BIDSIZ,ASK,ASKSIZ,SYM_ROOT,SYM_SUFFIX\n20240510,9:30:00.250000,0,N,100.01,5,100.03,7,BRK,B\n20240510,9:30:01.250000,0,N,100.02,6,100.05,8,BRK,B\n`,
    ],
    [
      'a Bloomberg-like list of ticks',
      'TICKS',
      'Dates,Type,Value,Size\n2024-05-10 13:30:00.250,BID,100.01,5\n2024-05-10 13:30:00.250,ASK,100.03,7\n2024-05-10 13:30:01.250,BID,100.02,6\n2024-05-10 13:30:01.250,ASK,100.05,8\n',
    ],
    [
      'levels called bp1 and ap1',
      'X',
      `t,bp1,bv1,ap1,av1,bp2,ap2\n${T},100.01,5,100.03,7,99,101\n${T + 1000},100.02,6,100.05,8,99,101\n`,
    ],
    [
      'levels called bids[0].price',
      'X',
      `received_at,bids[0].price,bids[0].amount,asks[0].price,asks[0].amount\n${T},100.01,5,100.03,7\n${T + 1000},100.02,6,100.05,8\n`,
    ],
    [
      'seconds beside milliseconds',
      'X',
      `time,ms,bid,bid_size,ask,ask_size\n${Math.floor(T / 1000)},250,100.01,5,100.03,7\n${Math.floor(T / 1000) + 1},250,100.02,6,100.05,8\n`,
    ],
    [
      'dates of SAS',
      'X',
      'datetime,bid,bidsiz,ask,asksiz\n10MAY2024:13:30:00.250,100.01,5,100.03,7\n10MAY2024:13:30:01.250,100.02,6,100.05,8\n',
    ],
    [
      'stamps of fourteen digits and more',
      'X',
      'time,bid,bid_size,ask,ask_size\n20240510133000250,100.01,5,100.03,7\n20240510133001250,100.02,6,100.05,8\n',
    ],
    [
      'Dukascopy in local time',
      'EURUSD',
      'Local time,Ask,Bid,AskVolume,BidVolume\n10.05.2024 15:30:00.250 GMT+0200,100.03,100.01,7,5\n10.05.2024 15:30:01.250 GMT+0200,100.05,100.02,8,6\n',
    ],
  ])('%s', async (_, symbol, text) => {
    const got = await read(symbol === 'X' ? 'x.csv' : `${symbol.toLowerCase()}.csv`, text);
    expect(got.problem).toBeUndefined();
    expect(got.series.map((each) => each.symbol)).toEqual([symbol]);
    expect(got.series[0]!.quotes.filter(([, bid]) => bid !== undefined).slice(-2)).toEqual(QUOTES);
    expect(got.series[0]!.sizes.slice(-2)).toEqual(SIZES);
  });

  test('an option chain is split by expiry, right and strike; ids only where they differ within a name', async () => {
    const header = 'timestamp,symbol,expiration,strike,right,bid,ask,instrument_id';
    const row = (i: number, expiry: string, strike: number, right: string, bid: number) =>
      `${T + i},SPY,${expiry},${strike},${right},${bid},${bid + 0.1},${strike}`;
    const got = await read(
      'spy.csv',
      `${header}\n${[row(0, '2024-06-21', 500, 'C', 20), row(1, '2024-06-21', 500, 'P', 7), row(2, '2024-07-19', 500, 'C', 25)].join('\n')}\n`,
    );
    expect(got.series.map(({ symbol }) => symbol)).toEqual([
      'SPY 2024-06-21 C 500',
      'SPY 2024-06-21 P 500',
      'SPY 2024-07-19 C 500',
    ]);
    const ids = await read(
      'prices.csv',
      `timestamp,market_id,bid,ask\n${T},1,100,101\n${T},2,7,8\n${T + 1},1,101,102\n`,
    );
    expect(ids.series.map(({ symbol, quotes }) => [symbol, quotes.length])).toEqual([
      ['PRICES 1', 2],
      ['PRICES 2', 1],
    ]);
  });

  test('CTP writes evenings under the next trading day', async () => {
    const rows = [
      '20240520,21:00:00',
      '20240520,01:00:00',
      '20240520,09:30:00',
      '20240521,21:00:00',
      '20240521,01:00:00',
    ];
    const text = `InstrumentID,TradingDay,UpdateTime,UpdateMillisec,BidPrice1,AskPrice1\n${rows.map((row) => `rb2410,${row},0,3704,3705`).join('\n')}\n`;
    const got = await read('rb2410.csv', text);
    expect(got.series[0]!.quotes.map(([time]) => time)).toEqual([
      ...['2024-05-17T13:00:00.000Z', '2024-05-17T17:00:00.000Z', '2024-05-20T01:30:00.000Z'],
      ...['2024-05-20T13:00:00.000Z', '2024-05-20T17:00:00.000Z'],
    ]);
  });

  test('buys and sells with prices may be trades, and are asked about', async () => {
    const got = await read('x.csv', `time,price,size,side\n${T},1,2,buy\n${T + 1},1.1,2,sell\n`);
    expect([got.problem, got.questions]).toEqual(['quotes/asked-sides', ['sides']]);
  });

  test('a member of an archive that leaves its class or its dates open is read as the others', async () => {
    const { zipSync } = await import('fflate');
    const bars = (price: (i: number) => string) =>
      bytesOf(
        [1, 2]
          .map((i) => `2024010${i} 00:00,${Array(4).fill(price(i)).join(',')},5,${Array(4).fill(price(i)).join(',')},5`)
          .join('\n'),
      );
    const zip = zipSync({ 'aaa.csv': bars((i) => `${800 + 100 * i}`), 'bbb.csv': bars((i) => `${500_000 + 100 * i}`) });
    const got = await read('us.zip', zip);
    expect(got.series.map(({ symbol, quotes }) => [symbol, quotes[0]![1]])).toEqual([
      ['AAA', 0.09],
      ['BBB', 50.01],
    ]);
    const dates = zipSync({
      'a.csv': bytesOf('time,bid,ask\n04/11/2024 10:00:00,1,2\n'),
      'b.csv': bytesOf('time,bid,ask\n14/11/2024 10:00:00,1,2\n'),
    });
    expect((await read('d.zip', dates)).series.map(({ quotes }) => quotes[0]![0])).toEqual([
      '2024-11-04T10:00:00.000Z',
      '2024-11-14T10:00:00.000Z',
    ]);
  });

  test('an index future without folders is asked about, with both prices', async () => {
    const row = (day: number, price: number) =>
      `202401${day} 00:00,${Array(4).fill(price).join(',')},5,${Array(4)
        .fill(price + 1)
        .join(',')},5`;
    const { reports } = await readQuoteFiles([
      { name: 'hsi.csv', bytes: bytesOf(`${row(10, 23072)}\n${row(11, 23100)}\n`) },
    ]);
    expect(reports[0]!.problem?.code).toBe('quotes/asked-assetClass');
    expect(reports[0]!.questions![0]!.readings.map(({ label }) => label)).toContain('future: 23072 (UTC)');
    const told = await readQuoteFiles([{ name: 'hsi.csv', bytes: bytesOf(`${row(10, 23072)}\n${row(11, 23100)}\n`) }], {
      assetClass: 'future',
    });
    expect(told.series[0]!.bid[0]).toBe(23072);
  });
});
