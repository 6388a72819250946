/**
 * Scores forecasts against persistence ("the price stays") on log-mid paths: all models read the end of the same contexts and are asked
 * for the same horizon, whatever their own, so that their figures can be laid side by side.
 */

import { RandomStream } from '../core/random.ts';
import type { Grid } from '../core/types.ts';
import type { LoadedModel } from '../models/checkpoint.ts';
import { contextIsWhole, midsOf, normaliseLogMids } from '../models/contexts.ts';
import { drawMasks } from '../models/dropout.ts';
import { openPasses } from '../models/passes.ts';
import type { Runtime } from '../models/runtime/runtime.ts';
import { forecastTicks } from '../models/schedule.ts';
import type { SeriesSource } from './corpus/source.ts';

/** Ticks before and after the moment of a forecast. */
const scoredContext = 128;
export const scoredHorizon = 16;

/** A log-mid path [scoredContext + scoredHorizon] whose context moves. */
export type ScoredPath = Float64Array;

export interface ForecastScore {
  readonly windows: number;
  /** Mean squared error over persistence's, of the whole forecast path: below 1 beats persistence. */
  readonly pathMseRatio: number;
  /** The same for the mean over the horizon, which is what strategies trade on. */
  readonly meanMseRatio: number;
  /** Standard error of `meanMseRatio`, windows taken as independent: those that follow each other share no future. */
  readonly meanMseRatioError: number;
  /** Correlation of predicted and realised mean over the horizon, each less the last value. */
  readonly correlation: number;
}

const BATCH = 64;

/** Paths of a source, drawn with a fixed stream. */
export function drawPaths(source: SeriesSource, count: number): ScoredPath[] {
  const stream = new RandomStream(0, 'held-out windows');
  return Array.from({ length: count }, () => {
    let path: Float64Array;
    do path = source.draw(stream, scoredContext + scoredHorizon);
    while (!moves(path));
    return path;
  });
}

/** At most `most` paths within the sessions of a grid, evenly over all that share no future; those with gaps are left out. */
export function pathsOf(grid: Grid, most: number): ScoredPath[] {
  const mids = midsOf(grid);
  const length = scoredContext + scoredHorizon;
  const ends = forecastTicks(grid.sessionStarts, mids.length, length, scoredHorizon).filter((tick) =>
    contextIsWhole(mids, tick, length),
  );
  const paths = Array.from(ends, (end) => mids.slice(end - length + 1, end + 1).map(Math.log));
  const moving = paths.filter(moves);
  const kept = Math.min(most, moving.length);
  return Array.from({ length: kept }, (_, i) => moving[Math.floor((i * moving.length) / kept)]!);
}

/** Log changes from the last context value to each step of the horizon: [scoredHorizon] for each path. */
type Forecasting = (paths: readonly ScoredPath[]) => Promise<readonly Float64Array[]>;

/** The deterministic model; its contexts are normalised, as studies have them by default. */
export async function scoreModel(
  model: LoadedModel,
  paths: readonly ScoredPath[],
  runtime: Runtime,
): Promise<ForecastScore> {
  const { contextLength: length, sites } = model.card;
  if (length > scoredContext)
    throw new RangeError(`the model reads ${length} ticks, scored contexts have ${scoredContext}`);
  const passes = await openPasses(model, runtime, { variants: 1, contexts: BATCH }, scoredHorizon);
  if (passes.steps < scoredHorizon) throw new RangeError(`the model predicts ${passes.steps} ticks only`);
  const masks = drawMasks(sites, 0, 1, { dropoutRate: 0, seed: 0, dropoutSites: 'all' });
  try {
    return await score(paths, async (batch) => {
      const values = new Float64Array(BATCH * length);
      const units = Array.from({ length: BATCH }, (_, n) => {
        const context = values.subarray(n * length, (n + 1) * length);
        context.set(batch[Math.min(n, batch.length - 1)]!.subarray(scoredContext - length, scoredContext));
        return normaliseLogMids(context).unit;
      });
      const steps = await passes.run({ values, contexts: BATCH, length, channels: 1, stepMs: 1000 }, masks);
      return batch.map((_, n) =>
        steps.slice(n * passes.steps, n * passes.steps + scoredHorizon).map((value) => value * units[n]!),
      );
    });
  } finally {
    await passes.release();
  }
}

/** First-order autoregression of the changes, fitted to each context: Δ̂ after j steps is Δ·(φ + … + φʲ). */
export function scoreAutoregression(paths: readonly ScoredPath[]): Promise<ForecastScore> {
  return score(paths, async (batch) =>
    batch.map((path) => {
      let products = 0;
      let squares = 0;
      for (let t = 2; t < scoredContext; t++) {
        const before = path[t - 1]! - path[t - 2]!;
        products += (path[t]! - path[t - 1]!) * before;
        squares += before * before;
      }
      const phi = squares > 0 ? Math.max(-LARGEST_PHI, Math.min(LARGEST_PHI, products / squares)) : 0;
      let change = path[scoredContext - 1]! - path[scoredContext - 2]!;
      let sum = 0;
      return Float64Array.from({ length: scoredHorizon }, () => {
        change *= phi;
        sum += change;
        return sum;
      });
    }),
  );
}

/** A stationary process. */
const LARGEST_PHI = 0.999;

async function score(paths: readonly ScoredPath[], forecast: Forecasting): Promise<ForecastScore> {
  const path = { model: 0, persistence: 0 };
  const mean = { model: 0, persistence: 0, predicted: 0, product: 0, difference: 0, squaredDifference: 0 };
  for (let first = 0; first < paths.length; first += BATCH) {
    const batch = paths.slice(first, first + BATCH);
    const forecasts = await forecast(batch);
    for (const [n, window] of batch.entries()) {
      const unit = unitOf(window);
      const last = window[scoredContext - 1]!;
      let [predictedSum, realisedSum] = [0, 0];
      for (let h = 0; h < scoredHorizon; h++) {
        const predicted = forecasts[n]![h]! / unit;
        const realised = (window[scoredContext + h]! - last) / unit;
        path.model += (predicted - realised) ** 2;
        path.persistence += realised ** 2;
        predictedSum += predicted;
        realisedSum += realised;
      }
      const difference = (predictedSum - realisedSum) ** 2 - realisedSum ** 2;
      mean.model += (predictedSum - realisedSum) ** 2;
      mean.persistence += realisedSum ** 2;
      mean.predicted += predictedSum ** 2;
      mean.product += predictedSum * realisedSum;
      mean.difference += difference;
      mean.squaredDifference += difference ** 2;
    }
  }
  const windows = paths.length;
  const variance = mean.squaredDifference / windows - (mean.difference / windows) ** 2;
  return {
    windows,
    pathMseRatio: path.model / path.persistence,
    meanMseRatio: mean.model / mean.persistence,
    meanMseRatioError: Math.sqrt(variance * windows) / mean.persistence,
    correlation: mean.product / Math.sqrt(mean.predicted * mean.persistence),
  };
}

/** Log changes below this are dust of halving sums of prices, not moves. */
const DUST = 1e-9;

function moves(path: Float64Array): boolean {
  return unitOf(path) > DUST;
}

/** Standard deviation of a context's one-step changes: what makes quiet and busy contexts count alike. */
function unitOf(path: Float64Array): number {
  const context = path.slice(0, scoredContext);
  return normaliseLogMids(context).unit / Math.sqrt(scoredContext);
}
