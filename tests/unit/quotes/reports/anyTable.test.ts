/**
 * Any series, written as a table in any layout, encoding and style of times and numbers, reads back as it was or is asked about: never as
 * another one.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readQuoteFiles } from '../../../../src/quotes/import.ts';

interface Quote {
  readonly ms: number;
  readonly bid: number;
  readonly ask: number;
}

const START = Date.UTC(2024, 0, 2, 9);
const DAY = 86_400_000;

/** Whole milliseconds over some days; prices in hundredths. */
const anySeries = fc
  .tuple(
    fc.integer({ min: 0, max: 300 }),
    fc.constantFrom(1, 100, 10_000),
    fc.array(
      fc.tuple(fc.integer({ min: 1, max: 9e6 }), fc.integer({ min: 100, max: 999 }), fc.integer({ min: 1, max: 50 })),
      {
        minLength: 4,
        maxLength: 30,
      },
    ),
  )
  .map(([day, scale, steps]) => {
    let ms = START + day * DAY;
    return steps.map(([step, bid, spread]): Quote => {
      ms += step;
      const hundredths = bid * scale + (step % scale);
      return { ms, bid: hundredths / 100, ask: (hundredths + spread) / 100 };
    });
  });

const iso = (ms: number) => new Date(ms).toISOString();
const pad = (value: number, width = 2) => String(value).padStart(width, '0');
const parts = (ms: number) => {
  const date = new Date(ms);
  const [h, mi, s, f] = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCMilliseconds()];
  return { y: date.getUTCFullYear(), m: date.getUTCMonth() + 1, d: date.getUTCDate(), h, mi, s, f };
};
const clock = (ms: number) => iso(ms).slice(11, 23);
const half = (ms: number) => {
  const { h, mi, s, f } = parts(ms);
  return `${h % 12 || 12}:${pad(mi)}:${pad(s)}.${pad(f, 3)} ${h < 12 ? 'AM' : 'PM'}`;
};
const slashes = (ms: number, dayFirst: boolean) => {
  const { y, m, d } = parts(ms);
  return dayFirst ? `${pad(d)}/${pad(m)}/${y}` : `${pad(m)}/${pad(d)}/${y}`;
};
const digits = (ms: number) => {
  const { h, mi, s, f } = parts(ms);
  return String(Number(`${pad(h)}${pad(mi)}${pad(s)}${pad(f, 3)}`));
};
const day = (ms: number) => iso(ms).slice(0, 10);

/** Columns that tell the time, by name. */
const times: Readonly<Record<string, (ms: number) => Readonly<Record<string, string>>>> = {
  iso: (ms) => ({ time: iso(ms) }),
  naive: (ms) => ({ datetime: iso(ms).slice(0, -1).replace('T', ' ') }),
  offset: (ms) => ({ time: `${iso(ms + 5 * 3_600_000).slice(0, -1)}+05:00` }),
  seconds: (ms) => ({ timestamp: (ms / 1000).toFixed(3) }),
  milliseconds: (ms) => ({ ts: `${ms}` }),
  microseconds: (ms) => ({ ts: `${ms}000` }),
  nanoseconds: (ms) => ({ ts: `${ms}000000` }),
  'units by row': (ms) => ({ ts: ms % 2 ? `${ms}` : `${ms}000` }),
  'day first': (ms) => ({ time: `${slashes(ms, true)} ${clock(ms)}` }),
  'month first': (ms) => ({ time: `${slashes(ms, false)} ${clock(ms)}` }),
  'AM and PM, month first': (ms) => ({ Time: `${slashes(ms, false)} ${half(ms)}` }),
  'AM and PM, day first': (ms) => ({ Time: `${slashes(ms, true)} ${half(ms)}` }),
  points: (ms) => ({ time: `${slashes(ms, true).replaceAll('/', '.')} ${clock(ms)}` }),
  'names of months': (ms) => ({
    time: `${parts(ms).d}-${new Date(ms).toLocaleString('en', { month: 'short', timeZone: 'UTC' })}-${parts(ms).y} ${clock(ms)}`,
  }),
  'digits of all': (ms) => ({ time: iso(ms).replace(/\D/g, '') }),
  'date and time': (ms) => ({ date: day(ms), time: clock(ms) }),
  'slashed date and time': (ms) => ({ date: slashes(ms, true), time: clock(ms) }),
  'date and digits': (ms) => ({ date: day(ms).replaceAll('-', ''), time: digits(ms) }),
  'date and milliseconds since midnight': (ms) => ({ date: day(ms), time: `${ms % DAY}` }),
  'seconds and milliseconds': (ms) => ({ time: `${Math.floor(ms / 1000)}`, millis: `${ms % 1000}` }),
  'date, time and milliseconds': (ms) => ({
    TradingDay: day(ms).replaceAll('-', ''),
    Time: clock(ms).slice(0, 8),
    Millisec: `${ms % 1000}`,
  }),
  'days of a spreadsheet': (ms) => ({ time: ((ms - Date.UTC(1899, 11, 30)) / DAY).toFixed(10) }),
};

const grouped = (text: string, mark: string) => text.replace(/\B(?=(\d{3})+(?!\d))/g, mark);
const numbers: Readonly<Record<string, (value: number) => string>> = {
  plain: (value) => String(value),
  fixed: (value) => value.toFixed(2),
  comma: (value) => value.toFixed(2).replace('.', ','),
  grouped: (value) => {
    const [whole, decimals] = value.toFixed(2).split('.');
    return `${grouped(whole!, ',')}.${decimals}`;
  },
  'grouped by points': (value) => {
    const [whole, decimals] = value.toFixed(2).split('.');
    return `${grouped(whole!, '.')},${decimals}`;
  },
};

const sides = [
  ['bid', 'ask'],
  ['Bid Price', 'Ask Price'],
  ['best_bid', 'best_ask'],
  ['bid_price_0', 'ask_price_0'],
  ['BidPrice1', 'AskPrice1'],
  ['bp1', 'ap1'],
  ['bids[0].price', 'asks[0].price'],
] as const;

const utf16 = (text: string, bigEndian: boolean, mark: boolean) => {
  const bytes = new Uint8Array((text.length + (mark ? 1 : 0)) * 2);
  const view = new DataView(bytes.buffer);
  [...(mark ? '\ufeff' : ''), ...text].forEach((letter, i) => {
    view.setUint16(i * 2, letter.charCodeAt(0), !bigEndian);
  });
  return bytes;
};
const encodings: Readonly<Record<string, (text: string) => Uint8Array>> = {
  'UTF-8': (text) => new TextEncoder().encode(text),
  'UTF-8 with a mark': (text) => new TextEncoder().encode(`\ufeff${text}`),
  'UTF-16 LE': (text) => utf16(text, false, true),
  'UTF-16 BE without a mark': (text) => utf16(text, true, false),
  'UTF-16 LE without a mark': (text) => utf16(text, false, false),
};

const anyLayout = fc.record({
  time: fc.constantFrom(...Object.keys(times)),
  number: fc.constantFrom(...Object.keys(numbers)),
  encoding: fc.constantFrom(...Object.keys(encodings)),
  side: fc.constantFrom(...sides),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  quoted: fc.boolean(),
  askFirst: fc.boolean(),
  rows: fc.constantFrom('text', 'json objects', 'json lines'),
});
type Layout = typeof anyLayout extends fc.Arbitrary<infer L> ? L : never;

function written(series: readonly Quote[], layout: Layout): Uint8Array {
  const write = numbers[layout.rows === 'text' ? layout.number : 'plain']!;
  const rows = series.map(({ ms, bid, ask }) => {
    const prices: [string, string][] = [
      [layout.side[0], write(bid)],
      [layout.side[1], write(ask)],
    ];
    return [...Object.entries(times[layout.time]!(ms)), ...(layout.askFirst ? prices.reverse() : prices)];
  });
  if (layout.rows !== 'text') {
    const objects = rows.map((row) => JSON.stringify(Object.fromEntries(row)));
    return encodings[layout.encoding]!(
      layout.rows === 'json lines' ? `${objects.join('\n')}\n` : `[${objects.join(',')}]`,
    );
  }
  const cell = (text: string) => (layout.quoted || text.includes(layout.delimiter) ? `"${text}"` : text);
  const lines = [rows[0]!.map(([name]) => name), ...rows.map((row) => row.map(([, text]) => text))];
  return encodings[layout.encoding]!(
    lines.map((line) => line.map(cell).join(layout.delimiter) + layout.lineEnd).join(''),
  );
}

test('reads back as it was, or is asked about', async () => {
  let asked = 0;
  let read = 0;
  await fc.assert(
    fc.asyncProperty(anySeries, anyLayout, async (series, layout) => {
      const { series: got, reports } = await readQuoteFiles([{ name: 'x.txt', bytes: written(series, layout) }]);
      const [report] = reports;
      if (report!.problem) {
        expect(report!.problem).toMatchObject({ code: expect.stringMatching(/^quotes\/asked-/) });
        expect(report!.questions!.length).toBeGreaterThan(0);
        asked++;
        return;
      }
      if ((report!.questions ?? []).length > 0) {
        asked++;
        return;
      }
      read++;
      expect(got).toHaveLength(1);
      expect([...got[0]!.timeMs].map(Math.round)).toEqual(series.map(({ ms }) => ms));
      expect([...got[0]!.bid]).toEqual(series.map(({ bid }) => bid));
      expect([...got[0]!.ask]).toEqual(series.map(({ ask }) => ask));
    }),
    { numRuns: 600, seed: 18 },
  );
  // Most leave nothing open.
  expect(read).toBeGreaterThan(5 * asked);
});
