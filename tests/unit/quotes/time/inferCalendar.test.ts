import { expect, test } from 'vitest';
import { readQuoteFiles } from '../../../../src/quotes/import.ts';
import { resample } from '../../../../src/quotes/resample.ts';
import { wallClock } from '../../../../src/quotes/time/calendar.ts';
import { inferCalendar } from '../../../../src/quotes/time/inferCalendar.ts';

const DAY = 86_400_000;

/** A quote every `stepMs` of each weekday's hours on a zone's clock. */
function hours(timeZone: string, from: number, to: number, days = 30, stepMs = 60_000): number[] {
  const clock = wallClock(timeZone);
  const stamps: number[] = [];
  for (let day = 0; day < days; day++) {
    const wall = Date.UTC(2024, 2, 1) + day * DAY;
    if ([0, 6].includes(new Date(wall).getUTCDay())) continue;
    for (let t = wall + from * 3.6e6; t <= wall + to * 3.6e6; t += stepMs) stamps.push(clock.toEpoch(t));
  }
  return stamps;
}
const US = { kind: 'exchange', timeZone: 'America/New_York', open: '09:30', close: '16:00' };

test('exchange hours are told by the stamps, over a change of clocks too', () => {
  // The United States change on 10 March, Europe on the 31st.
  expect(inferCalendar(hours('America/New_York', 9.5, 16))).toEqual(US);
  expect(inferCalendar(hours('America/New_York', 4, 20))).toEqual(US);
  expect(inferCalendar(hours('Europe/London', 8, 16.5, 60))).toMatchObject({ timeZone: 'Europe/London' });
  expect(inferCalendar(hours('Asia/Tokyo', 9, 15))).toMatchObject({ timeZone: 'Asia/Tokyo', close: '15:00' });
});

test('a market that does not close, few days, daily quotes and weekends are left alone', () => {
  const always = Array.from({ length: 24 * 40 }, (_, i) => Date.UTC(2024, 2, 1) + i * 3.6e6);
  expect(inferCalendar(always)).toBeUndefined();
  expect(inferCalendar(hours('America/New_York', 9.5, 16, 4))).toBeUndefined();
  expect(inferCalendar(hours('America/New_York', 16, 16, 90))).toBeUndefined();
  const weekends = Array.from({ length: 14 }, (_, day) => hours('UTC', 14.5, 21, 1).map((t) => t + day * DAY)).flat();
  expect(inferCalendar(weekends)).toBeUndefined();
});

test('five days a week around the clock are those of currencies', () => {
  const clock = wallClock('America/New_York');
  const stamps = Array.from({ length: 4 }, (_, week) => {
    const sunday = Date.UTC(2024, 3, 7) + week * 7 * DAY;
    return Array.from({ length: 24 * 5 * 4 + 1 }, (_, i) => clock.toEpoch(sunday + 17 * 3.6e6 + i * 900_000));
  }).flat();
  expect(inferCalendar(stamps)).toEqual({ kind: 'forex' });
});

test('a plain file of US hours is sampled in those hours alone, unless a person says otherwise', async () => {
  const stamps = hours('America/New_York', 9.5, 16, 14);
  const bytes = new TextEncoder().encode(`time,bid,ask\n${stamps.map((t) => `${t},10,10.01`).join('\n')}\n`);
  const sampling = { stepMs: 1000, window: null, staleAfterMs: null };
  const told = await readQuoteFiles([{ name: 'x.csv', bytes }]);
  expect(told.series[0]!.calendar).toEqual(US);
  expect(told.health[0]).toMatchObject({ calendar: US, calendarInferred: true, daysPerYear: 252 });
  expect(resample(told.series[0]!, sampling).timeMs.length).toBe(10 * 23_401);
  const set = await readQuoteFiles([{ name: 'x.csv', bytes }], { calendar: { kind: '24/7' } });
  expect(set.health[0]).toMatchObject({ calendar: { kind: '24/7' }, calendarInferred: false });
  expect(resample(set.series[0]!, sampling).timeMs.length).toBeGreaterThan(20 * 23_401);
});
