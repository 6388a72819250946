import { strToU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readQuoteFiles } from '../../../src/quotes/import.ts';
import type { ImportOverrides } from '../../../src/quotes/types.ts';

const file = (name: string, text: string) => ({ name, bytes: strToU8(text) });

/** What a test looks at: symbol, stamps, bids and asks of the first series, and the first report. */
async function readOne(name: string, text: string, overrides?: ImportOverrides) {
  const { series, reports } = await readQuoteFiles([file(name, text)], overrides);
  expect(reports[0]!.problem).toBeUndefined();
  const { symbol, timeMs, bid, ask, bidSize, askSize, calendar } = series[0]!;
  return {
    symbol,
    times: [...timeMs].map((ms) => new Date(ms).toISOString()),
    bid: [...bid],
    ask: [...ask],
    bidSize: bidSize && [...bidSize],
    askSize: askSize && [...askSize],
    calendar,
    report: reports[0]!,
    notes: reports[0]!.notes.join(' '),
  };
}

describe('headerless texts', () => {
  test('of HistData are in EST without daylight saving', async () => {
    const got = await readOne('DAT_ASCII_EURUSD_T_202007.csv', '20200701 170000065,1.121200,1.121720,0\n');
    expect([got.times, got.bid, got.ask]).toEqual([['2020-07-01T22:00:00.065Z'], [1.1212], [1.12172]]);
    expect(got.report).toMatchObject({ format: 'HistData ticks', timeZone: 'Etc/GMT+5' });
  });

  test('of TrueFX name their pair and are in UTC', async () => {
    const got = await readOne('x.csv', 'EUR/USD,20120102 00:00:00.192,1.29447,1.29473\n');
    expect([got.symbol, got.times, got.bid, got.ask]).toEqual([
      'EUR/USD',
      ['2012-01-02T00:00:00.192Z'],
      [1.29447],
      [1.29473],
    ]);
  });

  test('of Kibot ticks are on New York’s clock, month first', async () => {
    const got = await readOne('IVE_tickbidask.txt', '09/28/2009,09:30:00,50.79,50.7,50.79,100\n');
    expect([got.symbol, got.times, got.bid, got.ask]).toEqual(['IVE', ['2009-09-28T13:30:00.000Z'], [50.7], [50.79]]);
    expect(got.calendar).toMatchObject({ kind: 'exchange' });
  });

  test('of Kibot bars give their closes at the bar’s end', async () => {
    const got = await readOne(
      'IVE_bidask1min.txt',
      '09/28/2009,09:30,50.6,50.9,50.5,50.7,50.8,51,50.7,50.79\n09/28/2009,09:31,50.7,50.9,50.6,50.8,50.9,51,50.8,50.88\n',
    );
    expect([got.times[0], got.bid, got.ask]).toEqual(['2009-09-28T13:31:00.000Z', [50.7, 50.8], [50.79, 50.88]]);
    expect(got.report.barMs).toBe(60_000);
  });
});

describe('texts with headers of their own', () => {
  test('of Polygon: the SIP’s nanoseconds, quoted conditions, ask before bid', async () => {
    const got = await readOne(
      'quotes.csv',
      'ticker,ask_exchange,ask_price,ask_size,bid_exchange,bid_price,bid_size,conditions,indicators,participant_timestamp,sequence_number,sip_timestamp,tape,trf_timestamp\n' +
        'A,11,126.9,1,12,126.8,2,"1,81","604",1700000000000000000,7,1700000000000123456,1,0\n',
    );
    expect([got.symbol, got.bid, got.ask, got.bidSize, got.askSize]).toEqual(['A', [126.8], [126.9], [2], [1]]);
    expect(got.report.timeUnit).toContain('nanoseconds');
    expect(got.times).toEqual(['2023-11-14T22:13:20.000Z']);
    expect(got.calendar).toMatchObject({ kind: 'exchange' });
  });

  test.each(['2018-01-03', '20180103', '03JAN2018', '01/03/2018', '03.01.2018'])(
    'of TAQ: the day %s beside the time of day, on New York’s clock',
    async (day) => {
      const got = await readOne(
        'nbbo.csv',
        `DATE,TIME_M,SYM_ROOT,SYM_SUFFIX,BEST_BID,BEST_BIDSIZ,BEST_ASK,BEST_ASKSIZ\n${day},9:30:00.012345678,IBM,,157.3,2,157.34,1\n`,
      );
      expect([got.symbol, got.times, got.bid, got.askSize]).toEqual([
        'IBM',
        ['2018-01-03T14:30:00.012Z'],
        [157.3],
        [1],
      ]);
      expect(got.notes).toContain('NYSE TAQ');
    },
  );

  test('of BitMEX: a D between date and time', async () => {
    const got = await readOne(
      'quote.csv',
      'timestamp,symbol,bidSize,bidPrice,askPrice,askSize\n2019-01-01D00:00:02.535068000,XBTUSD,100,3690.5,3691,200\n',
    );
    expect([got.symbol, got.times, got.bid, got.ask]).toEqual([
      'XBTUSD',
      ['2019-01-01T00:00:02.535Z'],
      [3690.5],
      [3691],
    ]);
  });

  test.each([
    ['20240301 09:30:00 US/Eastern', 'US/Eastern'],
    ['2024-03-01 09:30:00-05:00', 'as written with each time'],
  ])('of Interactive Brokers’ BID_ASK bars: %s', async (stamp, zone) => {
    const got = await readOne(
      'SPY.csv',
      `,date,open,high,low,close,volume,average,barCount\n0,${stamp},508.1,508.3,508,508.2,-1.0,-1.0,-1\n1,${stamp.replace(':30', ':31')},508.2,508.4,508.1,508.3,-1.0,-1.0,-1\n`,
    );
    expect([got.times[0], got.bid, got.ask]).toEqual(['2024-03-01T14:31:00.000Z', [508.1, 508.2], [508.2, 508.3]]);
    expect(got.report).toMatchObject({ format: 'Interactive Brokers BID_ASK bars', timeZone: zone, barMs: 60_000 });
    expect(got.notes).toContain('averaged over the bar');
  });

  test('bars of trades are not taken for quotes', async () => {
    const text = 'date,open,high,low,close,volume,average,barCount\n2024-03-01,1,2,1,2,500,1.5,20\n';
    const { reports } = await readQuoteFiles([file('SPY.csv', text)]);
    expect(reports[0]!.problem?.code).toBe('quotes/columns');
  });
});

describe('JSON', () => {
  test('of Dukascopy in columns: sums of steps without rounding noise', async () => {
    const got = await readOne(
      'ticks-BTC-USD-2023-2-20-12.json',
      '{"timestamp":1676894400000,"multiplier":0.1,"ask":24921.5,"bid":24849.4,"times":[84,114],"asks":[0,1],"bids":[0,-3],"askVolumes":[1.5,2],"bidVolumes":[3,4]}',
    );
    expect(got.symbol).toBe('BTC-USD');
    expect([got.bid, got.ask]).toEqual([
      [24849.4, 24849.1],
      [24921.5, 24921.6],
    ]);
    expect(got.times).toEqual(['2023-02-20T12:00:00.084Z', '2023-02-20T12:00:00.198Z']);
    expect([got.bidSize, got.askSize]).toEqual([
      [3, 4],
      [1.5, 2],
    ]);
  });

  test('of Dukascopy in rows: the ask first', async () => {
    const got = await readOne('eurusd.json', '[\n  [1549238400994, 1.14545, 1.14543, 1, 2.06]\n]');
    expect([got.symbol, got.bid, got.ask, got.bidSize]).toEqual(['EURUSD', [1.14543], [1.14545], [2.06]]);
  });

  test('of Interactive Brokers’ ticks: sides carried forward, other events change nothing', async () => {
    const event = (second: number, price: number, size: number, tickType: number) => ({
      time: `2022-01-07T05:58:0${second}.505592+00:00`,
      price,
      size,
      tickType,
    });
    const events = [event(1, 443.6, 100, 1), event(2, 444, 200, 2), event(3, 443.8, 5, 4), event(4, 443.6, 90, 0)];
    const got = await readOne('spy.json', JSON.stringify(events));
    expect([got.bid, got.ask, got.bidSize]).toEqual([
      [443.6, 443.6, 443.6],
      [444, 444, 444],
      [100, 100, 90],
    ]);
    expect(got.report.findings[0]).toMatchObject({
      kind: 'missing',
      count: 1,
      examples: [{ row: 1, text: '2022-01-07T05:58:01.505Z, bid 443.6, ask none' }],
    });
  });

  test('of a raw WebSocket log: bookTicker lines only, by the time of receipt', async () => {
    const ticker = (u: number, bid: string) =>
      `{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":${u},"s":"BTCUSDT","b":"${bid}","B":"2.5","a":"61800.30","A":"1","T":1723161256313,"E":1723161256358}}`;
    const lines = [
      `1723161255088169167 ${ticker(1, '61800.20')}`,
      '1723161255088176367 {"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"s":"BTCUSDT","p":"1"}}',
      `1723161255088169300 ${ticker(2, '61800.10')}`,
      `1723161255188181667 ${ticker(3, '61800.10').slice(0, 90)}`,
    ];
    const got = await readOne('btcusdt_20240808.log', lines.join('\n'));
    expect(got.symbol).toBe('BTCUSDT');
    // Two stamps 133 ns apart would fall on one double; both quotes are kept, in order.
    expect(got.bid).toEqual([61800.2, 61800.1]);
    expect(got.times[0]).toBe('2024-08-08T23:54:15.088Z');
    expect(got.report.rowsRead).toBe(3);
    expect(got.report.findings[0]).toMatchObject({ kind: 'unparsable', examples: [{ row: 4 }] });
    expect(got.notes).toContain('runs behind');
  });

  test('of a raw WebSocket without stamps of its own: by the exchange’s event time', async () => {
    const got = await readOne(
      'x.jsonl',
      '{"e":"bookTicker","u":1,"s":"ETHUSDT","b":"10","B":"1","a":"11","A":"1","T":1723161256313,"E":1723161256358}\n',
    );
    expect([got.symbol, got.times]).toEqual(['ETHUSDT', ['2024-08-08T23:54:16.358Z']]);
  });
});
