/** A grid thinned to what a small chart can show. */

import type { Grid } from '../../core/types.ts';

export interface Preview {
  /** Mid prices at evenly spaced ticks. */
  readonly mids: readonly number[];
  /** Index into `mids` of each session's first point. */
  readonly sessionStarts: readonly number[];
  /** Median of ask − bid over mid at the same ticks, in basis points. */
  readonly medianSpreadBps: number;
}

export function previewOf(grid: Grid, points = 400): Preview {
  const every = Math.max(1, Math.ceil(grid.bid.length / points));
  const mids: number[] = [];
  const sessionStarts: number[] = [];
  const spreads: number[] = [];
  let session = 0;
  for (let tick = 0; tick < grid.bid.length; tick += every) {
    while ((grid.sessionStarts[session] ?? Number.POSITIVE_INFINITY) <= tick) {
      session++;
      if (sessionStarts.at(-1) !== mids.length) sessionStarts.push(mids.length);
    }
    const bid = grid.bid[tick] ?? Number.NaN;
    const ask = grid.ask[tick] ?? Number.NaN;
    mids.push((bid + ask) / 2);
    spreads.push((1e4 * (ask - bid)) / ((bid + ask) / 2));
  }
  spreads.sort((a, b) => a - b);
  return { mids, sessionStarts, medianSpreadBps: spreads[spreads.length >> 1] ?? Number.NaN };
}
