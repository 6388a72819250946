import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Calendar, QuoteSeries } from '../../../src/core/types.ts';
import { resample } from '../../../src/quotes/resample.ts';
import { DAY_MS } from '../../../src/quotes/time/calendar.ts';

const NYSE: Calendar = { kind: 'exchange', timeZone: 'America/New_York', open: '09:30', close: '16:00' };
const MINUTE = 60_000;

/** A series whose bid is the index of its quote. */
function seriesAt(times: readonly (string | number)[], calendar: Calendar = { kind: '24/7' }): QuoteSeries {
  const timeMs = Float64Array.from(times, (time) => (typeof time === 'number' ? time : Date.parse(time)));
  const bid = timeMs.map((_, i) => i + 1);
  return { symbol: 'TEST', source: 'test', timeMs, bid, ask: bid.map((each) => each + 0.5), calendar };
}

const isoTimes = (timeMs: Float64Array) => [...timeMs].map((each) => new Date(each).toISOString().slice(0, 19));

describe('resample', () => {
  test('equals the plain search for the last quote at every instant of a stretch without a break', () => {
    const stamps = fc.array(fc.integer({ min: 1, max: 3 * DAY_MS }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        stamps,
        fc.constantFrom(MINUTE, 7 * MINUTE, 3_600_000),
        fc.option(fc.integer({ min: 0, max: DAY_MS }), { nil: null }),
        (offsets, stepMs, staleAfterMs) => {
          // A quote in every UTC day keeps the stretch whole.
          const start = Date.UTC(2024, 0, 6);
          const wanted = [...offsets, DAY_MS / 2, 1.5 * DAY_MS, 2.5 * DAY_MS];
          const series = seriesAt([...new Set(wanted.map((each) => start + each))].sort((a, b) => a - b));
          const grid = resample(series, { stepMs, window: null, staleAfterMs });
          const wantTime: number[] = [];
          const wantBid: number[] = [];
          const last = series.timeMs.at(-1)!;
          for (let at = Math.ceil(series.timeMs[0]! / stepMs) * stepMs; at <= last; at += stepMs) {
            // The end of the last day belongs to the day after, which has no quote.
            if (at === start + 3 * DAY_MS) continue;
            const row = series.timeMs.findLastIndex((stamp) => stamp <= at);
            const stale = staleAfterMs !== null && at - series.timeMs[row]! > staleAfterMs;
            wantTime.push(at);
            wantBid.push(stale ? Number.NaN : series.bid[row]!);
          }
          expect([...grid.timeMs]).toEqual(wantTime);
          expect([...grid.bid]).toEqual(wantBid);
          expect([...grid.ask]).toEqual(wantBid.map((bid) => bid + 0.5));
          expect(grid.sessionDays).toHaveLength(grid.sessionStarts.length);
        },
      ),
    );
  });

  test('cuts sessions at UTC midnight where trading never stops, and carries the quote across', () => {
    const series = seriesAt(['2024-01-05T23:50:00Z', '2024-01-06T00:10:00Z']);
    const grid = resample(series, { stepMs: 5 * MINUTE, window: null, staleAfterMs: null });
    expect([...grid.bid]).toEqual([1, 1, 1, 1, 2]);
    expect([...grid.sessionStarts]).toEqual([0, 2]);
    expect(grid.sessionDays).toEqual(['2024-01-05', '2024-01-06']);
  });

  test('samples quoted sizes with their quotes, where there are some', () => {
    const series = seriesAt([MINUTE, 2 * MINUTE, 4 * MINUTE]);
    const sized = { ...series, bidSize: Float64Array.of(5, 6, 7), askSize: Float64Array.of(8, 9, 10) };
    const grid = resample(sized, { stepMs: MINUTE, window: null, staleAfterMs: 0 });
    expect([...grid.bidSize!]).toEqual([5, 6, Number.NaN, 7]);
    expect([...grid.askSize!]).toEqual([8, 9, Number.NaN, 10]);
    expect(resample(series, { stepMs: MINUTE, window: null, staleAfterMs: null })).not.toHaveProperty('bidSize');
  });

  test('carries nothing over days without quotes', () => {
    const series = seriesAt([
      '2024-01-05T20:59:00Z',
      '2024-01-05T21:00:00Z',
      '2024-01-07T21:01:00Z',
      '2024-01-07T21:03:00Z',
    ]);
    const grid = resample(series, { stepMs: MINUTE, window: null, staleAfterMs: null });
    expect([...grid.bid]).toEqual([1, 2, 3, 3, 4]);
    expect(grid.sessionDays).toEqual(['2024-01-05', '2024-01-07']);
  });

  const window = { timeZone: 'America/New_York', start: '09:30', end: '09:33' };

  test('has both ends of a window, led by a quote from before it, on both sides of a change of the clock', () => {
    const series = seriesAt(['2024-03-08T09:00:00Z', '2024-03-08T14:31:30Z', '2024-03-11T09:00:00Z'], NYSE);
    const grid = resample(series, { stepMs: MINUTE, window, staleAfterMs: null });
    expect([...grid.bid]).toEqual([1, 1, 2, 2, 3, 3, 3, 3]);
    expect(isoTimes(grid.timeMs)[0]).toBe('2024-03-08T14:30:00');
    expect(isoTimes(grid.timeMs)[4]).toBe('2024-03-11T13:30:00');
    expect(grid.sessionDays).toEqual(['2024-03-08', '2024-03-11']);
  });

  test('leaves out instants of a window before the first quote of an exchange’s day', () => {
    const series = seriesAt(['2024-03-07T20:00:00Z', '2024-03-08T14:31:30Z'], NYSE);
    const grid = resample(series, { stepMs: MINUTE, window, staleAfterMs: null });
    expect(isoTimes(grid.timeMs)).toEqual(['2024-03-08T14:32:00', '2024-03-08T14:33:00']);
  });

  test('leaves out weekends of an exchange, and days whose quotes come after the window', () => {
    const series = seriesAt(['2024-03-08T20:00:00Z', '2024-03-09T14:00:00Z', '2024-03-11T13:00:00Z'], NYSE);
    const grid = resample(series, { stepMs: MINUTE, window, staleAfterMs: null });
    expect(grid.sessionDays).toEqual(['2024-03-11']);
  });

  test('gives NaN from a quote older than the limit and keeps one exactly as old', () => {
    const series = seriesAt(['2024-03-08T14:30:00Z', '2024-03-08T14:33:00Z'], NYSE);
    const grid = resample(series, { stepMs: MINUTE, window, staleAfterMs: MINUTE });
    expect([...grid.bid]).toEqual([1, 1, Number.NaN, 2]);
  });

  test('takes the whole local day, first to last quote, on an exchange without a window', () => {
    const series = seriesAt(['2024-03-08T09:00:00Z', '2024-03-08T09:02:30Z', '2024-03-11T22:00:00Z'], NYSE);
    const grid = resample(series, { stepMs: MINUTE, window: null, staleAfterMs: null });
    expect([...grid.bid]).toEqual([1, 1, 1, 3]);
    expect([...grid.sessionStarts]).toEqual([0, 3]);
  });

  test('gives one session of daily ticks for a step of a day', () => {
    const times = ['2024-03-07T20:00:00Z', '2024-03-08T14:31:30Z', '2024-03-08T22:00:00Z', '2024-03-11T13:31:00Z'];
    const at = (calendar: Calendar, daily: typeof window | null) =>
      resample(seriesAt(times, calendar), { stepMs: DAY_MS, window: daily, staleAfterMs: null });
    const closes = at(NYSE, { timeZone: 'America/New_York', start: '09:30', end: '16:00' });
    expect(isoTimes(closes.timeMs)).toEqual(['2024-03-07T21:00:00', '2024-03-08T21:00:00', '2024-03-11T20:00:00']);
    expect([...closes.bid]).toEqual([1, 2, 4]);
    expect([...closes.sessionStarts]).toEqual([0]);
    expect(closes.sessionDays).toEqual(['2024-03-07']);
    const days = at({ kind: '24/7' }, null);
    expect(isoTimes(days.timeMs)).toEqual(['2024-03-08T00:00:00', '2024-03-09T00:00:00', '2024-03-12T00:00:00']);
    expect([...days.bid]).toEqual([1, 3, 4]);
  });

  test('counts a quote at midnight, a daily bar’s end, to the day it closes', () => {
    const series = seriesAt(['2024-03-08T00:00:00Z', '2024-03-09T00:00:00Z']);
    const grid = resample(series, { stepMs: DAY_MS, window: null, staleAfterMs: null });
    expect(isoTimes(grid.timeMs)).toEqual(['2024-03-08T00:00:00', '2024-03-09T00:00:00']);
    expect([...grid.bid]).toEqual([1, 2]);
    expect(grid.sessionDays).toEqual(['2024-03-07']);
  });

  test('gives an empty grid for an empty series', () => {
    const grid = resample(seriesAt([]), { stepMs: 1000, window: null, staleAfterMs: null });
    expect(grid.timeMs).toHaveLength(0);
    expect(grid.sessionDays).toEqual([]);
  });

  test('refuses steps, windows and limits that make no sense', () => {
    const series = seriesAt(['2024-03-08T00:00:01Z']);
    const settings = { stepMs: 1000, window: null, staleAfterMs: null };
    expect(() => resample(series, { ...settings, stepMs: 0 })).toThrow('grid step');
    expect(() => resample(series, { ...settings, stepMs: 2 * DAY_MS })).toThrow('grid step');
    expect(() => resample(series, { ...settings, staleAfterMs: -1 })).toThrow('staleness');
    expect(() => resample(series, { ...settings, window: { timeZone: 'UTC', start: '16:00', end: '09:30' } })).toThrow(
      'before it starts',
    );
  });
});
