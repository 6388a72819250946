import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wallClock } from '../../../../src/quotes/time/calendar.ts';
import { namesZone, scanIsoTime } from '../../../../src/quotes/time/isoTime.ts';

function scan(text: string, timeZone = 'UTC'): number {
  const bytes = new TextEncoder().encode(text);
  return scanIsoTime(bytes, 0, bytes.length, wallClock(timeZone));
}

describe('scanIsoTime', () => {
  test('agrees with Date on ISO 8601', () => {
    const years = { min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(years), (date) => {
        expect(scan(date.toISOString())).toBe(date.getTime());
      }),
    );
  });

  test.each([
    ['2013-01-01 22:00:00.295000+00:00', Date.UTC(2013, 0, 1, 22, 0, 0, 295)],
    ['2013-01-01T22:00:00,25+05:30', Date.UTC(2013, 0, 1, 16, 30, 0, 250)],
    ['2013-01-01T22:00-0500', Date.UTC(2013, 0, 2, 3)],
    ['20070101 21:00', Date.UTC(2007, 0, 1, 21)],
    ['20200101 170000065', Date.UTC(2020, 0, 1, 17, 0, 0, 65)],
    ['2024/02/29', Date.UTC(2024, 1, 29)],
    ['2024-02-29 00:00:00 UTC', Date.UTC(2024, 1, 29)],
    ['2024-02-29 00:00:00.0000125Z', Date.UTC(2024, 1, 29) + 0.0125],
  ])('reads %s', (text, expected) => {
    expect(scan(text)).toBe(expected);
  });

  test.each([
    '2023-02-29',
    '2024-13-01',
    '2024-01-01T24:00:00Z',
    '2024-01-01T10:60',
    '2024-01-01T10:00:00X',
    '2024-1-1',
    'hello',
    '',
    '2024-01/02',
  ])('refuses %s', (text) => {
    expect(scan(text)).toBeNaN();
  });

  test('reads times without zone on the clock given', () => {
    expect(scan('2024-07-01 09:30', 'America/New_York')).toBe(Date.UTC(2024, 6, 1, 13, 30));
    expect(namesZone('2024-07-01 09:30')).toBe(false);
    expect(namesZone('2024-07-01')).toBe(false);
    expect(namesZone('2024-07-01 09:30:00+00')).toBe(true);
    expect(namesZone('2024-07-01T09:30Z')).toBe(true);
  });
});
