/** What a model said at the ticks where it said it. */

import type { Forecasts, Grid } from '../../core/types.ts';
import { forecastTicks } from '../../models/schedule.ts';

/** Mids, and the deterministic model's predictions at the ticks where they were made: one that is held is no news. */
export function seriesOf(grid: Grid, { predictedMid }: Forecasts, context: number, strideTicks: number) {
  const mid = grid.bid.map((bid, t) => (bid + grid.ask[t]!) / 2);
  const ticks = forecastTicks(grid.sessionStarts, mid.length, context, strideTicks);
  const made = new Float64Array(mid.length).fill(Number.NaN);
  for (const tick of ticks) made[tick] = predictedMid[tick]!;
  return { mid, predictedMid: made, sessionStarts: grid.sessionStarts, count: ticks.length };
}
