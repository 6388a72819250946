/** Lead and lag at several resolutions (Fig. 2), with intervals from drawing blocks of days anew, all assets together. */

import { averageOverAssets, leadLagCorrelations } from '../../../analysis/leadLag.ts';
import { RandomStream } from '../../../core/random.ts';
import type { Grid } from '../../../core/types.ts';
import { neededContext } from '../../../forecasts/neededContext.ts';
import { bootstrapInterval } from '../../../risk/resampling/bootstrapInterval.ts';
import { drawPeriods, emptyDraw } from '../../../risk/resampling/dayResampling.ts';
import { settingsAt } from '../../machine/settingsAt.ts';
import type { FigureContext } from '../context.ts';
import { type Estimate, orNull } from '../estimate.ts';
import { seriesOf } from '../surprises.ts';
import type { LeadLagFigure } from './result.ts';
import type { LeadLagSpec } from './spec.ts';

const REPLICATES = 999;
const CONFIDENCE = 0.95;
/** Below so many days an interval would draw the same few again and again. */
const FEWEST_DAYS = 5;

export async function leadLagFigure(
  { study, gather, signal }: FigureContext,
  spec: LeadLagSpec,
): Promise<LeadLagFigure> {
  const lags = Array.from({ length: 2 * spec.lagTicks + 1 }, (_, i) => i - spec.lagTicks);
  const curves: LeadLagFigure['curves'][number][] = [];
  for (const { data, stepMs, strideTicks } of spec.resolutions) {
    const grids = study.gridsOf(data, stepMs);
    for (const model of spec.models) {
      const settings = settingsAt(study.manifest, stepMs, strideTicks);
      const context = neededContext(study.cardOf(model), settings);
      for (const fineTune of spec.fineTune ? [null, spec.fineTune] : [null]) {
        signal?.throwIfAborted();
        const { forecasts, untunedWeeks } = await gather({ data, stepMs, strideTicks, model, fineTune });
        const series = grids.map((grid, a) => ({
          ...seriesOf(grid, forecasts[a]!, context, strideTicks),
          days: daysOf(grid),
        }));
        const values = averageOverAssets(series.map((each) => leadLagCorrelations(each, lags)));
        curves.push({
          model,
          data,
          stepMs,
          correlations: withIntervals(values, series, lags, settings.seed),
          forecasts: series.reduce((sum, each) => sum + each.count, 0),
          days: new Set(series.flatMap((each) => each.days)).size,
          tuned: fineTune && { weeksAsItWas: untunedWeeks.length },
        });
      }
    }
  }
  return { kind: 'lead-lag', lags, curves };
}

/** [T] the day of each tick: its session's, or the UTC day where one session holds many. */
function daysOf({ timeMs, sessionStarts, sessionDays }: Grid): string[] {
  if (sessionDays.length === 1) return Array.from(timeMs, (time) => new Date(time).toISOString().slice(0, 10));
  const days: string[] = [];
  sessionDays.forEach((day, s) => {
    for (let t = sessionStarts[s]!; t < (sessionStarts[s + 1] ?? timeMs.length); t++) days.push(day);
  });
  return days;
}

type DatedSeries = ReturnType<typeof seriesOf> & { readonly days: readonly string[] };

/** n, Σx, Σy, Σxx, Σxy, Σyy */
const WIDTH = 6;

function withIntervals(
  values: readonly number[],
  series: readonly DatedSeries[],
  lags: readonly number[],
  seed: number,
): Estimate[] {
  const days = [...new Set(series.flatMap((each) => each.days))].sort();
  const place = new Map(days.map((day, d) => [day, d]));
  const block = Math.max(1, Math.round(Math.cbrt(days.length)));
  const tables = lags.map((lag) => series.map((each) => dayMoments(each, lag, place)));
  const replicates = lags.map(() => new Float64Array(REPLICATES));
  const leave = lags.map((_, l) =>
    Float64Array.from(days, (_day, left) =>
      meanCorrelation(tables[l]!, (add) => {
        for (let d = 0; d < days.length; d++) if (d !== left) add(d, 1);
      }),
    ),
  );
  const draw = emptyDraw(days.length);
  for (let b = 0; b < REPLICATES; b++) {
    drawPeriods(new RandomStream(seed, 'bootstrap/lead-lag', b), 'circular', days.length, block, draw);
    lags.forEach((_, l) => {
      replicates[l]![b] = meanCorrelation(tables[l]!, (add) => {
        for (let j = 0; j < draw.count; j++) add(draw.days[j]!, draw.weights[j]!);
      });
    });
  }
  return values.map((value, l) => {
    const units = Math.max(2, days.length / block);
    const interval = bootstrapInterval(value, replicates[l]!, leave[l]!, units, CONFIDENCE, 'studentT');
    return days.length < FEWEST_DAYS || interval.kind === 'none'
      ? { value: orNull(value), low: null, high: null }
      : { value: orNull(value), low: interval.low, high: interval.high };
  });
}

/** [days, WIDTH] sums over the pairs whose surprise falls on the day; both sides less their means, so that nothing cancels. */
function dayMoments(series: DatedSeries, lag: number, place: ReadonlyMap<string, number>): Float64Array {
  const { mid, predictedMid, sessionStarts, days } = series;
  const pairs: (readonly [number, number, number])[] = [];
  let [meanX, meanY] = [0, 0];
  for (let s = 0; s < sessionStarts.length; s++) {
    const [start, end] = [sessionStarts[s]!, sessionStarts[s + 1] ?? mid.length];
    for (let t = Math.max(start, start + 1 - lag); t < Math.min(end, end - lag); t++) {
      const [x, y] = [predictedMid[t]! / mid[t]! - 1, Math.log(mid[t + lag]! / mid[t + lag - 1]!)];
      if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
      pairs.push([place.get(days[t]!)!, x, y]);
      meanX += x;
      meanY += y;
    }
  }
  meanX /= pairs.length;
  meanY /= pairs.length;
  const table = new Float64Array(place.size * WIDTH);
  for (const [day, x, y] of pairs) {
    const [dx, dy] = [x - meanX, y - meanY];
    [1, dx, dy, dx * dx, dx * dy, dy * dy].forEach((value, i) => {
      table[day * WIDTH + i] = table[day * WIDTH + i]! + value;
    });
  }
  return table;
}

function meanCorrelation(
  tables: readonly Float64Array[],
  each: (add: (day: number, weight: number) => void) => void,
): number {
  let [sum, count] = [0, 0];
  for (const table of tables) {
    const total = new Float64Array(WIDTH);
    each((day, weight) => {
      for (let i = 0; i < WIDTH; i++) total[i] = total[i]! + weight * table[day * WIDTH + i]!;
    });
    const [n, x, y, xx, xy, yy] = total as unknown as [number, number, number, number, number, number];
    const [vx, vy] = [xx - (x * x) / n, yy - (y * y) / n];
    if (!(n >= 2 && vx > 0 && vy > 0)) continue;
    sum += (xy - (x * y) / n) / Math.sqrt(vx * vy);
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}
