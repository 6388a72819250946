/** A part of a grid as a grid of its own. */

import type { Grid } from './types.ts';

/** Ticks and sessions, the ends excluded. A session that begins before the first tick goes on as a shorter one. */
export interface GridPart {
  readonly start: number;
  readonly endExclusive: number;
  readonly firstSession: number;
  readonly endSessionExclusive: number;
}

/** Columns are copies: a view would be sent to a worker with everything around it. */
export function cutGrid(grid: Grid, { start, endExclusive, firstSession, endSessionExclusive }: GridPart): Grid {
  const { bidSize, askSize } = grid;
  const cut = (column: Float64Array): Float64Array => column.slice(start, endExclusive);
  return {
    symbol: grid.symbol,
    stepMs: grid.stepMs,
    timeMs: cut(grid.timeMs),
    bid: cut(grid.bid),
    ask: cut(grid.ask),
    ...(bidSize && { bidSize: cut(bidSize) }),
    ...(askSize && { askSize: cut(askSize) }),
    sessionStarts: grid.sessionStarts.slice(firstSession, endSessionExclusive).map((tick) => Math.max(0, tick - start)),
    sessionDays: grid.sessionDays.slice(firstSession, endSessionExclusive),
  };
}
