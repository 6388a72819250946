/** Coverage by day as the page shows it: days without quotes among the others, and the sentence that sums it up. */

import type { DayCoverage } from '../../../quotes/types.ts';

const DAY_MS = 86_400_000;
/** More bars than this could not be told apart: several days then share one. */
const MOST_BARS = 120;

export interface Coverage {
  /** Quotes of each bar's days, days without any included. */
  readonly bars: readonly number[];
  readonly daysPerBar: number;
  readonly first: string;
  readonly last: string;
  readonly daysWithQuotes: number;
  /** Weekdays without quotes between the first day and the last. */
  readonly missing: readonly string[];
  readonly medianQuotes: number;
  readonly thinnest: DayCoverage;
}

/** `undefined` without a day. */
export function coverageOf(days: readonly DayCoverage[]): Coverage | undefined {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return undefined;
  const byDay = new Map(days.map((each) => [each.day, each]));
  const weekends = days.some(({ day }) => isWeekend(day));
  const calendar: string[] = [];
  for (let timeMs = Date.parse(first.day); timeMs <= Date.parse(last.day); timeMs += DAY_MS) {
    const day = new Date(timeMs).toISOString().slice(0, 10);
    // Where no weekend has quotes, a weekend is no gap.
    if (weekends || !isWeekend(day)) calendar.push(day);
  }
  const daysPerBar = Math.max(1, Math.ceil(calendar.length / MOST_BARS));
  const bars = Array.from({ length: Math.ceil(calendar.length / daysPerBar) }, (_, bar) =>
    calendar
      .slice(bar * daysPerBar, (bar + 1) * daysPerBar)
      .reduce((sum, day) => sum + (byDay.get(day)?.quotes ?? 0), 0),
  );
  const counts = days.map(({ quotes }) => quotes).sort((a, b) => a - b);
  return {
    bars,
    daysPerBar,
    first: first.day,
    last: last.day,
    daysWithQuotes: days.length,
    missing: calendar.filter((day) => !byDay.has(day)),
    medianQuotes: counts[counts.length >> 1] ?? 0,
    thinnest: days.reduce((thin, each) => (each.quotes < thin.quotes ? each : thin)),
  };
}

function isWeekend(day: string): boolean {
  return [0, 6].includes(new Date(day).getUTCDay());
}
