/** A grid's forecasts in the parts by which runs and studies make, keep and find them: the sessions of a day. */

import type { Grid } from '../core/types.ts';
import { countForecastTicks } from '../models/schedule.ts';
import type { ForecastSettings } from '../models/types.ts';
import { tickRange } from './sessionParts.ts';

/** Consecutive sessions of one grid. */
export interface SessionRange {
  readonly firstSession: number;
  readonly endSessionExclusive: number;
}

/** Sessions of one day; of all days where masks are drawn anew for every forecast, since they are counted over the whole grid. */
export interface DayPart extends SessionRange {
  /** The last, where there are several. */
  readonly day: string;
  /** Forward passes, all variants and the deterministic model together; 0 where no session is as long as a context. */
  readonly passes: number;
}

/** Each request to a model takes about so long, or a day: the last batch of a request is rarely full, and what is stopped within one is lost. */
export const REQUEST_SECONDS = 2;

/** @param contextTicks `neededContext` of the model that forecasts */
export function dayPartsOf(
  { sessionDays, sessionStarts, timeMs }: Pick<Grid, 'sessionDays' | 'sessionStarts' | 'timeMs'>,
  contextTicks: number,
  { freshMasks, variants, strideTicks }: Pick<ForecastSettings, 'freshMasks' | 'variants' | 'strideTicks'>,
): DayPart[] {
  const firsts = freshMasks
    ? [0]
    : [...sessionDays.keys()].filter((session) => sessionDays[session] !== sessionDays[session - 1]);
  return firsts.map((firstSession, i): DayPart => {
    const range = { firstSession, endSessionExclusive: firsts[i + 1] ?? sessionDays.length };
    const passes = passesIn({ sessionStarts, timeMs }, range, contextTicks, { variants, strideTicks });
    return { day: sessionDays[range.endSessionExclusive - 1]!, ...range, passes };
  });
}

/** Forward passes over some sessions of a grid, all variants and the deterministic model together. */
export function passesIn(
  { sessionStarts, timeMs }: Pick<Grid, 'sessionStarts' | 'timeMs'>,
  { firstSession, endSessionExclusive }: SessionRange,
  contextTicks: number,
  { variants, strideTicks }: Pick<ForecastSettings, 'variants' | 'strideTicks'>,
): number {
  const [start, end] = tickRange({ sessionStarts, timeMs }, firstSession, endSessionExclusive);
  const starts = sessionStarts.slice(firstSession, endSessionExclusive).map((tick) => tick - start);
  return countForecastTicks(starts, end - start, contextTicks, strideTicks) * (variants + 1);
}

/** Whether one range begins where another ends: the two can then be forecast in one request. */
export function follows(range: SessionRange, before: SessionRange | undefined): boolean {
  return before?.endSessionExclusive === range.firstSession;
}
