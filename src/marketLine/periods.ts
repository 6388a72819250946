/**
 * Return periods: what a mean, a standard deviation and a market line are taken over. Days unless there are too few of them;
 * then hours, so that a single day of quotes can carry a study too.
 */

import type { Grid } from '../core/types.ts';

export type ReturnPeriod = 'day' | 'session' | 'hour';

/** Settings that decide what a return is of and how a year is counted. */
export interface PeriodSettings {
  readonly returnPeriod: ReturnPeriod | 'auto';
  /** Trading days a year. */
  readonly periodsPerYear: number;
  /** A year, in per cent. */
  readonly riskFreePercent: number;
}

/** What decides a grid's periods. */
export type Timed = Pick<Grid, 'timeMs' | 'sessionStarts' | 'sessionDays'>;

/** One asset's periods. */
export interface Periods {
  /** [P] ascending: `2024-03-28`, `2024-03-28 #2` (second session of the day) or `2024-03-28 14:00Z`. Of two assets the same name is the same period. */
  readonly names: readonly string[];
  /** [P] index of each period's first tick */
  readonly starts: Int32Array;
}

/** Fewer days than this are counted by hours. */
export const LEAST_DAYS = 5;

const HOUR_MS = 3_600_000;

/** What a return is of, and how many such periods make a year. */
export interface Year {
  readonly period: ReturnPeriod;
  readonly periodsPerYear: number;
  readonly riskFreePercent: number;
}

/** As set; on `auto` hours where there are fewer than `LEAST_DAYS` days. Hours and sessions count as often a year as they occur in these days. */
export function yearOf(settings: PeriodSettings, assets: readonly Timed[]): Year {
  const { returnPeriod, periodsPerYear: daysPerYear, riskFreePercent } = settings;
  const days = unionOf(assets.map(({ sessionDays }) => sessionDays)).length;
  const period = returnPeriod !== 'auto' ? returnPeriod : days < LEAST_DAYS ? 'hour' : 'day';
  if (period === 'day') return { period, periodsPerYear: daysPerYear, riskFreePercent };
  const periods = unionOf(assets.map((asset) => periodsOf(asset, period).names)).length;
  return { period, periodsPerYear: (daysPerYear * periods) / Math.max(1, days), riskFreePercent };
}

/**
 * Cuts a grid into periods. A day is the session's calendar day, whatever its hours or the clock change; an hour is one of the UTC
 * clock, so a session's first and last hour can be shorter than the others. A close on the full hour ends the hour before.
 */
export function periodsOf({ timeMs, sessionStarts, sessionDays }: Timed, period: ReturnPeriod): Periods {
  const names: string[] = [];
  const starts: number[] = [];
  const counts = new Map<string, number>();
  sessionDays.forEach((day, s) => {
    const start = sessionStarts[s]!;
    const endExclusive = sessionStarts[s + 1] ?? timeMs.length;
    const count = (counts.get(day) ?? 0) + 1;
    counts.set(day, count);
    if (period === 'hour') {
      for (const tick of hourStarts(timeMs, start, endExclusive)) add(hourName(timeMs[tick]!), tick);
    } else {
      add(period === 'day' || count === 1 ? day : `${day} #${count}`, start);
    }
  });
  return { names, starts: Int32Array.from(starts) };

  /** Sessions of one day follow each other, so a period that goes on is the last one. */
  function add(name: string, tick: number): void {
    if (names.at(-1) === name) return;
    names.push(name);
    starts.push(tick);
  }
}

/** First ticks of the UTC hours within [start, endExclusive); looks at few of the ticks. */
function hourStarts(timeMs: Float64Array, start: number, endExclusive: number): number[] {
  const found: number[] = [];
  for (let tick = start; tick < endExclusive; ) {
    // A return is earned up to its tick: a session's last one, on the full hour, ends the hour before.
    if (tick === endExclusive - 1 && tick > start && timeMs[tick]! % HOUR_MS === 0) break;
    found.push(tick);
    const nextHourMs = (Math.floor(timeMs[tick]! / HOUR_MS) + 1) * HOUR_MS;
    let [low, high] = [tick + 1, endExclusive];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (timeMs[middle]! < nextHourMs) low = middle + 1;
      else high = middle;
    }
    tick = low;
  }
  return found;
}

function hourName(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 13).replace('T', ' ')}:00Z`;
}

/** All names, ascending, each once. */
export function unionOf(names: readonly (readonly string[])[]): string[] {
  return [...new Set(names.flat())].sort();
}

/** A period in words: bps `each`; 20 `many`. */
export const periodWords: Readonly<Record<ReturnPeriod, { readonly each: string; readonly many: string }>> = {
  day: { each: 'a day', many: 'days' },
  session: { each: 'a session', many: 'sessions' },
  hour: { each: 'an hour', many: 'hours' },
};
