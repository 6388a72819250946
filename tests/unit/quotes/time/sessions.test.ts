import { describe, expect, test } from 'vitest';
import type { Calendar } from '../../../../src/core/types.ts';
import { resample } from '../../../../src/quotes/resample.ts';
import { daysPerYear, tradingDays } from '../../../../src/quotes/time/calendar.ts';
import { publishedEarlyClose } from '../../../../src/quotes/time/halfDays.ts';
import { earlyClose } from '../../../../src/quotes/time/sessions.ts';

const NYSE: Calendar = { kind: 'exchange', timeZone: 'America/New_York', open: '09:30', close: '16:00' };
/** 2023-11-24, the day after Thanksgiving, 09:30 in New York. */
const OPEN = Date.UTC(2023, 10, 24, 14, 30);
const HOUR = 3_600_000;
const every = (stepMs: number, fromMs: number, toMs: number) =>
  Float64Array.from({ length: Math.floor((toMs - fromMs) / stepMs) + 1 }, (_, i) => fromMs + i * stepMs);
const usual = { startMs: OPEN, endMs: OPEN + 6.5 * HOUR };

describe('a half day', () => {
  test('ends where quotes become rare, though some trickle in until the evening', () => {
    const timeMs = Float64Array.from([
      ...every(10_000, OPEN - HOUR, OPEN + 3.5 * HOUR),
      ...every(1_200_000, OPEN + 3.6 * HOUR, OPEN + 7 * HOUR),
    ]);
    expect(earlyClose(timeMs, usual)).toBe(OPEN + 3.5 * HOUR);
  });

  test('is none with quotes to the close, with a lull, with few quotes, or without any', () => {
    expect(earlyClose(every(10_000, OPEN, OPEN + 6.5 * HOUR), usual)).toBeUndefined();
    const lull = Float64Array.from([
      ...every(10_000, OPEN, OPEN + 3 * HOUR),
      ...every(10_000, OPEN + 4.5 * HOUR, OPEN + 6.5 * HOUR),
    ]);
    expect(earlyClose(lull, usual)).toBeUndefined();
    const few = every(600_000, OPEN, OPEN + 3.5 * HOUR).map((ms, i) => ms + ((i * 7919) % 5000));
    expect(earlyClose(few, usual)).toBeUndefined();
    expect(earlyClose(new Float64Array(), usual)).toBeUndefined();
  });

  test.each([5, 10, 15])('is seen in bars of %i minutes', (minutes) => {
    const bars = (hours: number) => every(minutes * 60_000, OPEN + minutes * 60_000, OPEN + hours * HOUR);
    expect(earlyClose(bars(3.5), usual)).toBe(OPEN + 3.5 * HOUR);
    expect(earlyClose(bars(6.5), usual)).toBeUndefined();
  });

  test('that is published ends the session however busy the hours after it are', () => {
    const open = Date.UTC(2024, 10, 29, 14, 30);
    const busy = Float64Array.from([
      ...every(10_000, open, open + 3.5 * HOUR),
      ...every(30_000, open + 3.5 * HOUR + 30_000, open + 7.5 * HOUR),
    ]);
    const bounds = { startMs: open, endMs: open + 6.5 * HOUR };
    expect(earlyClose(busy, bounds)).toBeUndefined();
    expect(earlyClose(busy, bounds, publishedEarlyClose(NYSE, '2024-11-29'))).toBe(open + 3.5 * HOUR);
  });

  test('of the US exchanges is known by its date', () => {
    const halves = [
      '2013-07-03',
      '2018-07-03',
      '2023-07-03',
      '2024-07-03',
      '2018-11-23',
      '2023-11-24',
      '2024-11-29',
      '2019-12-24',
      '2024-12-24',
    ];
    for (const day of halves) expect([day, publishedEarlyClose(NYSE, day)]).toEqual([day, expect.any(Number)]);
    const others = ['2020-07-03', '2021-12-24', '2022-07-03', '2024-11-28', '2024-11-22', '2024-12-31', '2023-12-24'];
    for (const day of others) expect([day, publishedEarlyClose(NYSE, day)]).toEqual([day, undefined]);
    const london = { kind: 'exchange', timeZone: 'Europe/London', open: '08:00', close: '16:30' } as const;
    expect(publishedEarlyClose(london, '2024-12-24')).toBeUndefined();
  });

  test('ends the window of an exchange, and of no other market', () => {
    const timeMs = every(10_000, OPEN, OPEN + 3.5 * HOUR);
    const price = new Float64Array(timeMs.length).fill(1);
    const window = { timeZone: 'America/New_York', start: '09:30', end: '16:00' };
    const grid = (calendar: Calendar) =>
      resample(
        { symbol: 'X', source: '', timeMs, bid: price, ask: price, calendar },
        { stepMs: 1_800_000, window, staleAfterMs: null },
      );
    expect(grid(NYSE).timeMs.at(-1)).toBe(OPEN + 3.5 * HOUR);
    expect(grid({ kind: '24/7' }).timeMs.at(-1)).toBe(OPEN + 6.5 * HOUR);
  });

  test('is not looked for in a window that reaches behind the usual close: thin quotes are what it asks for', () => {
    const timeMs = Float64Array.from([
      ...every(10_000, OPEN, OPEN + 6.5 * HOUR),
      ...every(1_200_000, OPEN + 6.6 * HOUR, OPEN + 10 * HOUR),
    ]);
    const price = new Float64Array(timeMs.length).fill(1);
    const window = { timeZone: 'America/New_York', start: '09:30', end: '19:00' };
    const grid = resample(
      { symbol: 'X', source: '', timeMs, bid: price, ask: price, calendar: NYSE },
      { stepMs: 1_800_000, window, staleAfterMs: null },
    );
    expect(grid.timeMs.at(-1)).toBe(OPEN + 9.5 * HOUR);
  });
});

describe('the forex week', () => {
  const forex: Calendar = { kind: 'forex' };

  test('has days from 17:00 to 17:00 in New York, in winter and in summer', () => {
    const days = tradingDays(forex);
    expect(days.dayAt(Date.UTC(2024, 0, 7, 22))).toBe('2024-01-08');
    expect(days.dayAt(Date.UTC(2024, 0, 7, 22) - 1)).toBe('2024-01-07');
    expect(days.dayBounds('2024-07-08')).toEqual({
      startMs: Date.UTC(2024, 6, 7, 21),
      endMs: Date.UTC(2024, 6, 8, 21),
    });
  });

  test('is sampled by its days: Sunday evening is Monday, and Saturday is no day', () => {
    const sunday = Date.UTC(2024, 0, 7, 23);
    const timeMs = Float64Array.from([sunday - 30 * HOUR, sunday, sunday + 5 * HOUR, sunday + 24 * HOUR]);
    const price = new Float64Array(4).fill(1);
    const series = { symbol: 'EURUSD', source: '', timeMs, bid: price, ask: price, calendar: forex };
    expect(resample(series, { stepMs: HOUR, window: null, staleAfterMs: null }).sessionDays).toEqual([
      '2024-01-08',
      '2024-01-09',
    ]);
  });
});

test('a year has as many days as its market trades', () => {
  expect([{ kind: '24/7' } as const, { kind: 'forex' } as const, NYSE].map(daysPerYear)).toEqual([365, 260, 252]);
});
