/** Grids in parts of a calendar week: a week's forecasts are one job, since no context reaches over a session's start. */

import { cutGrid } from '../core/cutGrid.ts';
import type { Grid } from '../core/types.ts';

/** Sessions of one week of a grid. */
export interface WeekPart {
  /** The week's Monday, `YYYY-MM-DD`. */
  readonly week: string;
  readonly firstSession: number;
  readonly endSessionExclusive: number;
}

const DAY_MS = 86_400_000;

/** The Monday on or before a day, `YYYY-MM-DD`. */
export function mondayOf(day: string): string {
  const timeMs = Date.parse(`${day}T00:00:00Z`);
  const sinceMonday = (new Date(timeMs).getUTCDay() + 6) % 7;
  return new Date(timeMs - sinceMonday * DAY_MS).toISOString().slice(0, 10);
}

/** Consecutive runs of sessions of the same week. */
export function weeksOf({ sessionDays }: Pick<Grid, 'sessionDays'>): WeekPart[] {
  const parts: WeekPart[] = [];
  sessionDays.forEach((day, session) => {
    const week = mondayOf(day);
    const last = parts.at(-1);
    if (last?.week === week) parts[parts.length - 1] = { ...last, endSessionExclusive: session + 1 };
    else parts.push({ week, firstSession: session, endSessionExclusive: session + 1 });
  });
  return parts;
}

/** The grid of some sessions alone. */
export function sliceSessions(grid: Grid, firstSession: number, endSessionExclusive: number): Grid {
  const [start, endExclusive] = tickRange(grid, firstSession, endSessionExclusive);
  return cutGrid(grid, { start, endExclusive, firstSession, endSessionExclusive });
}

/** [start, end) ticks of some sessions. */
export function tickRange(
  { sessionStarts, timeMs }: Pick<Grid, 'sessionStarts' | 'timeMs'>,
  firstSession: number,
  endSessionExclusive: number,
): [number, number] {
  return [sessionStarts[firstSession] ?? timeMs.length, sessionStarts[endSessionExclusive] ?? timeMs.length];
}
