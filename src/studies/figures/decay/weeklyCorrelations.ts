/** Week by week, how far a model's surprise and what followed go together. */

import type { Forecasts } from '../../../core/types.ts';
import { neededContext } from '../../../forecasts/neededContext.ts';
import { mondayOf } from '../../../forecasts/sessionParts.ts';
import type { FigureContext } from '../context.ts';
import { correlationOf } from '../correlation.ts';
import { orNull } from '../estimate.ts';
import { seriesOf } from '../surprises.ts';
import type { WeeklyCorrelation } from './result.ts';

/** Correlations of the surprise with the log return over the horizon, at the ticks where the model forecasts; mean over assets. */
export function weeklyCorrelations(
  { study }: Pick<FigureContext, 'study'>,
  { data, model }: { readonly data: string; readonly model: string },
  forecasts: readonly Forecasts[],
  weeks: readonly { readonly monday: string }[],
): WeeklyCorrelation[] {
  const { settings } = study.manifest;
  const grids = study.gridsOf(data, settings.stepMs);
  const card = study.cardOf(model);
  const horizon = settings.horizonTicks ?? card.horizon;
  const sums = new Float64Array(weeks.length);
  const counts = new Float64Array(weeks.length);
  const place = new Map(weeks.map(({ monday }, w) => [monday, w]));
  grids.forEach((grid, a) => {
    const { mid, predictedMid } = seriesOf(grid, forecasts[a]!, neededContext(card, settings), settings.strideTicks);
    const pairs = weeks.map(() => ({ x: [] as number[], y: [] as number[] }));
    grid.sessionDays.forEach((day, s) => {
      const end = grid.sessionStarts[s + 1] ?? mid.length;
      const own = pairs[place.get(mondayOf(day)) ?? -1];
      if (!own) return;
      for (let t = grid.sessionStarts[s]!; t + horizon < end; t++) {
        if (!Number.isFinite(predictedMid[t]!)) continue;
        own.x.push(predictedMid[t]! / mid[t]! - 1);
        own.y.push(Math.log(mid[t + horizon]! / mid[t]!));
      }
    });
    pairs.forEach(({ x, y }, w) => {
      const correlation = correlationOf(x, y);
      if (correlation === null) return;
      sums[w] = sums[w]! + correlation;
      counts[w] = counts[w]! + 1;
    });
  });
  return weeks.map(({ monday }, w) => ({ week: monday, correlation: orNull(sums[w]! / counts[w]!) }));
}
