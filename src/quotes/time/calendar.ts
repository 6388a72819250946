/**
 * Wall clocks and trading days: IANA zone time to epoch time and back (through Intl, so daylight saving is the platform's),
 * and the bounds of days, windows and sessions. Knows no holidays: a day without quotes is left out where quotes are sampled.
 *
 * A *wall time* is a clock reading written as milliseconds since 1970-01-01 00:00 on that same clock: what `Date.UTC` gives
 * for the fields one reads off the wall.
 */

import { fail } from '../../core/errors.ts';
import type { Calendar } from '../../core/types.ts';

export const DAY_MS = 86_400_000;

/** Quotes lie within these centuries: a stamp outside was misread. */
export const EARLIEST_MS = Date.UTC(1900, 0, 1);
export const LATEST_MS = Date.UTC(2200, 0, 1);

/** A span of one local day, in milliseconds since the Unix epoch. */
export interface Bounds {
  readonly startMs: number;
  /** Included for windows and sessions, excluded for whole days. */
  readonly endMs: number;
}

/** One zone's clock. Offsets are cached per UTC day, so a million conversions of neighbouring times cost little. */
export class WallClock {
  private readonly format: Intl.DateTimeFormat | undefined;
  private readonly days = new Map<number, OffsetDay>();
  private lastDay = Number.NaN;
  private last: OffsetDay = { before: 0, changeMs: Number.POSITIVE_INFINITY, after: 0 };

  /** `timeZone` is an IANA name. @throws UserError `quotes/time-zone` for a name the platform does not know. */
  constructor(readonly timeZone: string) {
    if (timeZone === 'UTC') return;
    try {
      this.format = new Intl.DateTimeFormat('en-US', {
        timeZone,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch {
      fail('quotes/time-zone', `“${timeZone}” is not a time zone.`, {
        hint: 'Use an IANA name such as America/New_York, Europe/London or UTC.',
      });
    }
  }

  /** Wall time minus UTC at an instant, in milliseconds; NaN outside the years 1900 to 2199. */
  offsetAt(epochMs: number): number {
    if (this.format === undefined) return 0;
    if (!(epochMs >= EARLIEST_MS - DAY_MS && epochMs <= LATEST_MS + DAY_MS)) return Number.NaN;
    const day = Math.floor(epochMs / DAY_MS);
    if (day !== this.lastDay) {
      let found = this.days.get(day);
      if (found === undefined) {
        found = this.measureDay(day);
        this.days.set(day, found);
      }
      this.lastDay = day;
      this.last = found;
    }
    return epochMs < this.last.changeMs ? this.last.before : this.last.after;
  }

  toWall(epochMs: number): number {
    return epochMs + this.offsetAt(epochMs);
  }

  /**
   * The instant a wall time names. A reading the clock skips (spring) counts on from the offset before the change;
   * a reading it shows twice (autumn) means the first time.
   */
  toEpoch(wallMs: number): number {
    if (this.format === undefined) return wallMs;
    const before = this.offsetAt(wallMs - DAY_MS);
    const after = this.offsetAt(wallMs + DAY_MS);
    if (before === after) return wallMs - before;
    const early = wallMs - Math.max(before, after);
    if (this.offsetAt(early) === wallMs - early) return early;
    const late = wallMs - Math.min(before, after);
    if (this.offsetAt(late) === wallMs - late) return late;
    return wallMs - before;
  }

  /** The calendar day at an instant, `YYYY-MM-DD`. */
  dayAt(epochMs: number): string {
    return dayName(this.toWall(epochMs));
  }

  /** The instants `[00:00, 24:00)` of a calendar day. Its length is not always 24 hours. */
  dayBounds(day: string): Bounds {
    const wallMs = parseDay(day);
    return { startMs: this.toEpoch(wallMs), endMs: this.toEpoch(wallMs + DAY_MS) };
  }

  /** Zones change their offset at most once within a UTC day; the instant of the change is found by bisection. */
  private measureDay(day: number): OffsetDay {
    const start = day * DAY_MS;
    const before = this.measure(start);
    const after = this.measure(start + DAY_MS - 1000);
    if (before === after) return { before, changeMs: Number.POSITIVE_INFINITY, after };
    let unchanged = 0;
    let changed = DAY_MS / 1000 - 1;
    while (changed - unchanged > 1) {
      const middle = (unchanged + changed) >> 1;
      if (this.measure(start + middle * 1000) === before) unchanged = middle;
      else changed = middle;
    }
    return { before, changeMs: start + changed * 1000, after };
  }

  private measure(epochMs: number): number {
    const fields: Record<string, number> = {};
    for (const part of (this.format as Intl.DateTimeFormat).formatToParts(epochMs))
      fields[part.type] = Number(part.value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(epochMs / 1000) * 1000;
  }
}

interface OffsetDay {
  readonly before: number;
  /** First instant with the offset `after`; infinity where the day has one offset only. */
  readonly changeMs: number;
  readonly after: number;
}

const clocks = new Map<string, WallClock>();

/** The shared clock of a zone. @throws UserError `quotes/time-zone`. */
export function wallClock(timeZone: string): WallClock {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = new WallClock(timeZone);
    clocks.set(timeZone, clock);
  }
  return clock;
}

/** The wall time of midnight of `YYYY-MM-DD`. @throws UserError `quotes/day`. */
export function parseDay(day: string): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  const wallMs = match ? Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) : Number.NaN;
  if (Number.isNaN(wallMs) || dayName(wallMs) !== day) {
    fail('quotes/day', `“${day}” is not a calendar day.`, { hint: 'Write it as YYYY-MM-DD.' });
  }
  return wallMs;
}

/** The `YYYY-MM-DD` of a wall time. */
export function dayName(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 10);
}

/** Milliseconds since midnight of `HH:MM`, up to `24:00`. @throws UserError `quotes/time-of-day`. */
export function parseTimeOfDay(time: string): number {
  const match = /^(\d{2}):(\d{2})$/.exec(time);
  const minutes = match ? Number(match[1]) * 60 + Number(match[2]) : Number.NaN;
  if (!(minutes <= 1440) || Number(match?.[2]) > 59) {
    fail('quotes/time-of-day', `“${time}” is not a time of day.`, { hint: 'Write it as HH:MM, for instance 09:30.' });
  }
  return minutes * 60_000;
}

/** The instants of `start` and `end` (`HH:MM`, both included) on a calendar day of a zone. */
export function windowBounds(timeZone: string, day: string, start: string, end: string): Bounds {
  const clock = wallClock(timeZone);
  const midnight = parseDay(day);
  return {
    startMs: clock.toEpoch(midnight + parseTimeOfDay(start)),
    endMs: clock.toEpoch(midnight + parseTimeOfDay(end)),
  };
}

/** True for Saturday and Sunday. */
export function isWeekend(day: string): boolean {
  const weekday = new Date(parseDay(day)).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/** The days of a market: which one an instant belongs to, and the instants `[start, end)` of one. */
export interface DayClock {
  dayAt(epochMs: number): string;
  dayBounds(day: string): Bounds;
}

const NEW_YORK = 'America/New_York';
/** A day of the forex market ends at 17:00 in New York, so it begins this long before its midnight. */
const FOREX_EVENING_MS = 7 * 3_600_000;

/** Hours in which US shares are quoted, on New York's clock: the regular session, and with pre-market and after-hours trading. */
export const US_HOURS = [
  { name: 'Regular hours', start: '09:30', end: '16:00' },
  { name: 'Extended hours', start: '04:00', end: '20:00' },
] as const;

/** A calendar's own days: of its zone, of UTC where trading never stops, and from 17:00 to 17:00 in New York for forex. */
export function tradingDays(calendar: Calendar): DayClock {
  if (calendar.kind !== 'forex') return wallClock(calendarZone(calendar));
  const clock = wallClock(NEW_YORK);
  return {
    dayAt: (epochMs) => dayName(clock.toWall(epochMs) + FOREX_EVENING_MS),
    dayBounds: (day) => {
      const startWallMs = parseDay(day) - FOREX_EVENING_MS;
      return { startMs: clock.toEpoch(startWallMs), endMs: clock.toEpoch(startWallMs + DAY_MS) };
    },
  };
}

/** Trading days in a year, for annualised figures: 365 where trading never stops, 260 weekdays for forex, 252 for an exchange with holidays. */
export function daysPerYear(calendar: Calendar): number {
  return { '24/7': 365, forex: 260, exchange: 252 }[calendar.kind];
}

/** The zone in which a calendar's times are read. */
function calendarZone(calendar: Calendar): string {
  if (calendar.kind === 'forex') return NEW_YORK;
  return calendar.kind === 'exchange' ? calendar.timeZone : 'UTC';
}

/**
 * The trading session of a day: open to close, both included, or the whole UTC day with its end excluded where trading never stops.
 * `null` where the calendar has no session that day (weekends).
 */
export function sessionBounds(calendar: Calendar, day: string): Bounds | null {
  if (calendar.kind === '24/7') return wallClock('UTC').dayBounds(day);
  if (calendar.kind === 'forex') return isWeekend(day) ? null : tradingDays(calendar).dayBounds(day);
  return isWeekend(day) ? null : windowBounds(calendar.timeZone, day, calendar.open, calendar.close);
}
