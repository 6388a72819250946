/** The part of a run that one opened point looks at: one symbol's grid and forecasts, with what its axis says. */

import type { Forecasts, Grid } from '../../../core/types.ts';
import type { RunOutcome } from '../run/run.ts';

export interface PointSlice {
  readonly grid: Grid;
  readonly forecasts: Forecasts;
  /** Zone in which the symbol's times are shown. */
  readonly timeZone: string;
  /** Where each session starts on the grid, with its day. */
  readonly marks: readonly { readonly index: number; readonly text: string }[];
}

export function sliceOf(outcome: RunOutcome, symbolIndex: number): PointSlice {
  const grid = outcome.grids[symbolIndex];
  const forecasts = outcome.forecasts[symbolIndex];
  if (!grid || !forecasts) throw new RangeError(`no symbol ${symbolIndex}`);
  const calendar = outcome.series.find(({ symbol }) => symbol === grid.symbol)?.calendar;
  return {
    grid,
    forecasts,
    timeZone: calendar?.kind === 'exchange' ? calendar.timeZone : 'UTC',
    marks: grid.sessionDays.map((day, session) => ({ index: grid.sessionStarts[session] ?? 0, text: day.slice(5) })),
  };
}
