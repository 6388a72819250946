/**
 * What the baselines are trained on: windows of a grid's features, and the score each should have given. The same features and the same
 * score as a forecast on that grid reads and means.
 */

import type { Grid } from '../core/types.ts';
import { contextIsWhole, midsOf } from '../models/contexts.ts';
import type { FeatureReading, ModelShape } from '../models/family.ts';
import { featureWindow } from '../models/features.ts';
import { joinValues } from '../models/series.ts';

/** Ticks of a grid; a window belongs to a range if all it reads and all it is judged by lies within. */
export interface TickRange {
  readonly first: number;
  readonly endExclusive: number;
}

/** Windows and scores, of one grid or several. */
export interface BaselineWindows {
  readonly count: number;
  /** [N, L, F] */
  readonly values: Float64Array;
  /** [N] log returns over the target's ticks, in units of their standard deviation in the context. */
  readonly scores: Float64Array;
}

/** Scores beyond this many standard deviations count as so many: jumps must not rule the fit. */
const LARGEST_SCORE = 5;

/**
 * The windows of a range, one every `strideTicks` from the range's first: within one session, without gaps, and with contexts that move.
 * @throws RangeError for a model that does not say which features it reads
 */
export function baselineWindows(grid: Grid, shape: ModelShape, range: TickRange, strideTicks = 1): BaselineWindows {
  const { features, targetTicks } = readingOf(shape);
  const { contextLength } = shape;
  const mids = midsOf(grid);
  const span = contextLength + targetTicks;
  const windows: Float64Array[] = [];
  const scores: number[] = [];
  for (let s = 0; s < grid.sessionStarts.length; s++) {
    const start = Math.max(grid.sessionStarts[s]!, range.first);
    const endExclusive = Math.min(grid.sessionStarts[s + 1] ?? mids.length, range.endExclusive);
    for (let first = start; first + span <= endExclusive; first += strideTicks) {
      const tick = first + contextLength - 1;
      if (!contextIsWhole(mids, tick + targetTicks, span)) continue;
      const { values, lastLogMid, deviation } = featureWindow(grid, tick, contextLength, features);
      if (deviation === 0) continue;
      const score = (Math.log(mids[tick + targetTicks]!) - lastLogMid) / (deviation * Math.sqrt(targetTicks));
      windows.push(values);
      scores.push(Math.max(-LARGEST_SCORE, Math.min(LARGEST_SCORE, score)));
    }
  }
  return { count: scores.length, values: joinValues(windows), scores: Float64Array.from(scores) };
}

/** Windows of several grids or ranges, one after the other. */
export function joinWindows(parts: readonly BaselineWindows[]): BaselineWindows {
  return {
    count: parts.reduce((sum, { count }) => sum + count, 0),
    values: joinValues(parts.map(({ values }) => values)),
    scores: joinValues(parts.map(({ scores }) => scores)),
  };
}

/** The windows at some places, in their order. */
export function pickWindows({ values, scores }: BaselineWindows, places: ArrayLike<number>): BaselineWindows {
  const width = values.length / Math.max(1, scores.length);
  const picked = Array.from(places);
  return {
    count: picked.length,
    values: joinValues(picked.map((place) => values.subarray(place * width, (place + 1) * width))),
    scores: Float64Array.from(picked, (place) => scores[place]!),
  };
}

function readingOf({
  reads,
}: ModelShape): FeatureReading & { readonly features: NonNullable<FeatureReading['features']> } {
  if (!reads?.features) throw new RangeError('the model does not say which features it reads');
  return { ...reads, features: reads.features };
}
