/** Half days as exchanges publish them: for the US exchanges, which close at 13:00 on a few days of a year. Others are told by their quotes. */

import type { Calendar } from '../../core/types.ts';
import { isWeekend, windowBounds } from './calendar.ts';

const EARLY = '13:00';
const FRIDAY = 5;

/**
 * When an exchange closes early on a day, by its published calendar; `undefined` on other days and where none is known. The US exchanges (NYSE and
 * Nasdaq, holidays and trading hours): on July 3 and December 24 from Monday to Thursday, and the day after Thanksgiving.
 */
export function publishedEarlyClose(calendar: Calendar, day: string): number | undefined {
  const us = calendar.kind === 'exchange' && calendar.timeZone === 'America/New_York' && calendar.close === '16:00';
  return us && isUsHalfDay(day) ? windowBounds(calendar.timeZone, day, calendar.open, EARLY).endMs : undefined;
}

function isUsHalfDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  const weekday = date.getUTCDay();
  const monthDay = day.slice(5);
  // On a Friday the holiday of the Saturday behind it is observed: the exchange is closed all day.
  if (monthDay === '07-03' || monthDay === '12-24') return !isWeekend(day) && weekday !== FRIDAY;
  // Thanksgiving is the fourth Thursday of November, from the 22nd to the 28th.
  return weekday === FRIDAY && monthDay >= '11-23' && monthDay <= '11-29';
}
