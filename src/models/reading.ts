/** What a model reads at a tick of a grid, and how what it says becomes a mid: the transformed mids, or a window of features. */

import type { Grid } from '../core/types.ts';
import { meanPredictedMid, transformContext } from './contexts.ts';
import type { FeatureReading, ModelShape } from './family.ts';
import { featureWindow, scoredMid } from './features.ts';
import type { ForecastSettings } from './types.ts';

/** The columns of a grid, and its mids [T]. */
export interface GridColumns extends Pick<Grid, 'bid' | 'ask' | 'bidSize' | 'askSize'> {
  readonly mids: Float64Array;
}

/** Writes the context that ends at a tick into `out` [L, C] and gives the mid that forecasts [steps] of it predict. */
export type ContextReader = (grid: GridColumns, tick: number, out: Float64Array) => (predicted: Float64Array) => number;

/**
 * Models of mids read them through the input transform, and predict the mean of the first ticks. Models of features read those
 * whatever the transform, and predict one mid.
 */
export function readerFor(
  { reads }: Pick<ModelShape, 'reads'>,
  { inputTransform, horizonTicks }: Pick<ForecastSettings, 'inputTransform' | 'horizonTicks'>,
): ContextReader {
  if (reads) return featureReader(reads);
  return ({ mids }, tick, out) => {
    const context = transformContext(mids, tick, inputTransform, out);
    return (predicted) => {
      const steps = Math.min(horizonTicks ?? predicted.length, predicted.length);
      return meanPredictedMid(predicted, steps, inputTransform, context);
    };
  };
}

function featureReader({ features, targetTicks }: FeatureReading): ContextReader {
  const names = features ?? [];
  return (grid, tick, out) => {
    const window = featureWindow(grid, tick, out.length / names.length, names);
    out.set(window.values);
    return ([score]) => scoredMid(score!, targetTicks, window);
  };
}
