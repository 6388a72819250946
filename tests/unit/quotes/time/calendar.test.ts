import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../../src/core/errors.ts';
import { DAY_MS, sessionBounds, WallClock, wallClock, windowBounds } from '../../../../src/quotes/time/calendar.ts';

const HOUR_MS = 3_600_000;
const newYork = wallClock('America/New_York');

describe('WallClock', () => {
  test('moves New York’s offset at the very second of the change in spring and in autumn', () => {
    const spring = Date.UTC(2024, 2, 10, 7);
    expect(newYork.offsetAt(spring - 1)).toBe(-5 * HOUR_MS);
    expect(newYork.offsetAt(spring)).toBe(-4 * HOUR_MS);
    const autumn = Date.UTC(2024, 10, 3, 6);
    expect(newYork.offsetAt(autumn - 1)).toBe(-4 * HOUR_MS);
    expect(newYork.offsetAt(autumn)).toBe(-5 * HOUR_MS);
  });

  test('gives the same wall clock before and after the change different instants', () => {
    expect(newYork.toEpoch(Date.UTC(2008, 2, 7, 9, 30))).toBe(Date.UTC(2008, 2, 7, 14, 30));
    expect(newYork.toEpoch(Date.UTC(2008, 2, 10, 9, 30))).toBe(Date.UTC(2008, 2, 10, 13, 30));
  });

  test('reads a skipped time on from before the change, a doubled one as the first', () => {
    expect(newYork.toEpoch(Date.UTC(2024, 2, 10, 2, 30))).toBe(Date.UTC(2024, 2, 10, 7, 30));
    expect(newYork.toEpoch(Date.UTC(2024, 10, 3, 1, 30))).toBe(Date.UTC(2024, 10, 3, 5, 30));
    expect(newYork.toEpoch(Date.UTC(2024, 10, 3, 2, 0))).toBe(Date.UTC(2024, 10, 3, 7, 0));
  });

  test('knows half-hour offsets and half-hour changes', () => {
    expect(wallClock('Asia/Kolkata').offsetAt(0)).toBe(5.5 * HOUR_MS);
    const lordHowe = wallClock('Australia/Lord_Howe');
    expect(lordHowe.offsetAt(Date.UTC(2024, 0, 1))).toBe(11 * HOUR_MS);
    expect(lordHowe.offsetAt(Date.UTC(2024, 6, 1))).toBe(10.5 * HOUR_MS);
    expect(wallClock('Etc/GMT+5').offsetAt(Date.UTC(2024, 6, 1))).toBe(-5 * HOUR_MS);
  });

  test.each(['America/New_York', 'Europe/London', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'])(
    'comes back to the same wall time in %s wherever the clock shows it',
    (zone) => {
      const clock = new WallClock(zone);
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (seconds) => {
          const epochMs = seconds * 1000;
          const wallMs = clock.toWall(epochMs);
          expect(clock.toWall(clock.toEpoch(wallMs))).toBe(wallMs);
        }),
      );
    },
  );

  test('has days of 23 and 25 hours', () => {
    const length = (day: string) => newYork.dayBounds(day).endMs - newYork.dayBounds(day).startMs;
    expect(length('2024-03-10')).toBe(23 * HOUR_MS);
    expect(length('2024-11-03')).toBe(25 * HOUR_MS);
    expect(length('2024-06-03')).toBe(DAY_MS);
    expect(newYork.dayAt(Date.UTC(2024, 0, 2, 4, 59))).toBe('2024-01-01');
  });

  test('names what is no zone, no day and no time of day', () => {
    expect(() => wallClock('Mars/Olympus')).toThrow(UserError);
    expect(() => newYork.dayBounds('2024-02-30')).toThrow('not a calendar day');
    expect(() => windowBounds('UTC', '2024-02-01', '9:30', '16:00')).toThrow('not a time of day');
    expect(() => windowBounds('UTC', '2024-02-01', '09:30', '24:30')).toThrow('not a time of day');
  });
});

describe('sessionBounds', () => {
  const nyse = { kind: 'exchange', timeZone: 'America/New_York', open: '09:30', close: '16:00' } as const;

  test('is open to close on weekdays, on both sides of a change of the clock', () => {
    const hours = (day: string) => {
      const bounds = sessionBounds(nyse, day)!;
      return [new Date(bounds.startMs).toISOString().slice(11, 16), new Date(bounds.endMs).toISOString().slice(11, 16)];
    };
    expect(hours('2024-03-08')).toEqual(['14:30', '21:00']);
    expect(hours('2024-03-11')).toEqual(['13:30', '20:00']);
  });

  test('has no session on weekends, and every UTC day where trading never stops', () => {
    expect(sessionBounds(nyse, '2024-03-09')).toBeNull();
    const saturday = Date.UTC(2024, 2, 9);
    expect(sessionBounds({ kind: '24/7' }, '2024-03-09')).toEqual({ startMs: saturday, endMs: saturday + DAY_MS });
  });
});
