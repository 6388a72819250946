/**
 * When a market is open, told by its stamps: many files name neither their exchange nor its hours, and a market taken for one that never
 * closes is sampled through its nights and weekends.
 */

import type { Calendar } from '../../core/types.ts';
import { isWeekend, wallClock } from './calendar.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A pause this long is a night; lunch breaks are shorter. */
const NIGHT_MS = 4 * HOUR_MS;
const FEWEST_SESSIONS = 5;
const FEWEST_WEEKS = 2;
/** Quotes begin and end about when the exchange does, on most days: half days and thin mornings are others. */
const NEAR_MINUTES = 10;
const MOST_DAYS = 0.7;
const SHORTEST_SESSION_MS = HOUR_MS;
const LONGEST_SESSION_MS = 17 * HOUR_MS;
/** From Sunday 17:00 to Friday 17:00 in New York, give or take thin hours. */
const FOREX_WEEK_MS = { least: 96 * HOUR_MS, most: 126 * HOUR_MS };

/** Hours in which quotes come, and the regular hours of that exchange. */
const EXCHANGES: readonly (readonly [timeZone: string, from: string, to: string, open: string, close: string])[] = [
  ['America/New_York', '09:30', '16:00', '09:30', '16:00'],
  ['America/New_York', '04:00', '20:00', '09:30', '16:00'],
  ['America/New_York', '08:00', '18:00', '09:30', '16:00'],
  ['Europe/London', '08:00', '16:30', '08:00', '16:30'],
  ['Europe/Berlin', '09:00', '17:30', '09:00', '17:30'],
  ['Asia/Tokyo', '09:00', '15:00', '09:00', '15:00'],
  ['Asia/Tokyo', '09:00', '15:30', '09:00', '15:30'],
  ['Asia/Hong_Kong', '09:30', '16:00', '09:30', '16:00'],
  ['Asia/Shanghai', '09:30', '15:00', '09:30', '15:00'],
  ['Asia/Taipei', '09:00', '13:30', '09:00', '13:30'],
  ['Asia/Seoul', '09:00', '15:30', '09:00', '15:30'],
  ['Asia/Kolkata', '09:15', '15:30', '09:15', '15:30'],
  ['Australia/Sydney', '10:00', '16:00', '10:00', '16:00'],
];

/** The regular hours of the exchanges that are known, each once. */
export const knownCalendars: readonly Extract<Calendar, { kind: 'exchange' }>[] = [
  ...new Map(
    EXCHANGES.map(([timeZone, , , open, close]) => [
      `${timeZone} ${open} ${close}`,
      { kind: 'exchange' as const, timeZone, open, close },
    ]),
  ).values(),
];

/** For people. */
export function calendarWords(calendar: Calendar): string {
  if (calendar.kind === '24/7') return 'never closes';
  if (calendar.kind === 'forex') return 'closed on weekends (New York time)';
  return `${calendar.open} to ${calendar.close}, ${calendar.timeZone}`;
}

/** `undefined` where the stamps show no hours: too few days, or a market that does not close. @param timeMs ascends */
export function inferCalendar(timeMs: ArrayLike<number>): Calendar | undefined {
  const sessions = sessionsOf(timeMs);
  if (isForex(sessions)) return { kind: 'forex' };
  if (sessions.length < FEWEST_SESSIONS) return undefined;
  const lengths = sessions.map(({ startMs, endMs }) => endMs - startMs).sort((a, b) => a - b);
  if (lengths[lengths.length >> 1]! < SHORTEST_SESSION_MS || lengths.at(-1)! > LONGEST_SESSION_MS) return undefined;
  for (const [timeZone, from, to, open, close] of EXCHANGES) {
    const { starts, ends, weekends } = onClock(sessions, timeZone);
    if (weekends) continue;
    if (shareNear(starts, minutesOf(from)) >= MOST_DAYS && shareNear(ends, minutesOf(to)) >= MOST_DAYS) {
      return { kind: 'exchange', timeZone, open, close };
    }
  }
  return undefined;
}

interface Session {
  readonly startMs: number;
  readonly endMs: number;
}

function sessionsOf(timeMs: ArrayLike<number>): Session[] {
  const sessions: Session[] = [];
  let start = 0;
  for (let i = 1; i <= timeMs.length; i++) {
    if (i < timeMs.length && timeMs[i]! - timeMs[i - 1]! < NIGHT_MS) continue;
    sessions.push({ startMs: timeMs[start]!, endMs: timeMs[i - 1]! });
    start = i;
  }
  return sessions;
}

/** The first and the last week may be cut. */
function isForex(sessions: readonly Session[]): boolean {
  const whole = sessions.slice(1, -1);
  return (
    sessions.length > FEWEST_WEEKS &&
    whole.every(({ startMs, endMs }) => {
      const length = endMs - startMs;
      return length >= FOREX_WEEK_MS.least && length <= FOREX_WEEK_MS.most && new Date(startMs).getUTCDay() === 0;
    })
  );
}

/** Minutes of the day at which sessions start and end, and whether one lies on a weekend. */
function onClock(sessions: readonly Session[], timeZone: string) {
  const clock = wallClock(timeZone);
  const minuteOf = (epochMs: number) => (clock.toWall(epochMs) % (24 * HOUR_MS)) / MINUTE_MS;
  return {
    starts: sessions.map(({ startMs }) => minuteOf(startMs)),
    ends: sessions.map(({ endMs }) => minuteOf(endMs)),
    weekends: sessions.some(({ startMs }) => isWeekend(clock.dayAt(startMs))),
  };
}

function shareNear(minutes: readonly number[], wanted: number): number {
  return minutes.filter((minute) => Math.abs(minute - wanted) <= NEAR_MINUTES).length / minutes.length;
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
