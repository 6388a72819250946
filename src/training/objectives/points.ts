/** Errors of point forecasts in the units of the windows: of any kind (fine-tuning), squared (TTM), and of every token's next (Timer). */

import type { TimerConfig } from '../../models/families/timer/config.ts';
import type { Architecture } from '../../models/registry.ts';
import { forecastError, type PointLoss, pointError, weightedSquaredError } from '../losses.ts';
import { batchFeeds, scaleWindows } from '../windows.ts';
import type { Objective } from './objective.ts';

export function forecastSquares(architecture: Architecture): Objective {
  return {
    name: 'mean squared error',
    horizon: architecture.shape.horizon,
    batch: {},
    loss: forecastError,
    feeds: (windows) => batchFeeds(architecture, windows),
  };
}

/** @param weights [H] of the steps ahead */
export function forecastErrors(architecture: Architecture, loss: PointLoss, weights: Float32Array): Objective {
  return {
    name: loss.kind,
    horizon: architecture.shape.horizon,
    batch: {},
    loss: (g) => pointError(g, g.outputs.get('forecast')!, loss, weights),
    feeds: (windows) => {
      const { feeds, target, scale } = scaleWindows(architecture, windows);
      return { ...feeds, target, scale: Float32Array.from(scale) };
    },
  };
}

/** As the authors train it: the whole context is scaled at once, and every token predicts the one after it. */
export function tokenSquares(architecture: Architecture, { patchLength, contextLength }: TimerConfig): Objective {
  return {
    name: 'mean squared error of the next token, at every token',
    horizon: patchLength,
    batch: {},
    loss: (g) => {
      const tokens = g.labels.get('head.all_tokens')!;
      return weightedSquaredError(g, g.reshape(tokens, [tokens.shape[0]!, tokens.shape[1]!, 1, contextLength]));
    },
    feeds: (windows) => {
      const { feeds, target: next, scale } = scaleWindows(architecture, windows);
      const target = new Float32Array(windows.count * contextLength);
      for (let n = 0; n < windows.count; n++) {
        const row = target.subarray(n * contextLength, (n + 1) * contextLength);
        row.set(feeds.patches!.subarray(n * contextLength + patchLength, (n + 1) * contextLength));
        row.set(next.subarray(n * patchLength, (n + 1) * patchLength), contextLength - patchLength);
      }
      return { ...feeds, target, weight: Float32Array.from(scale, (one) => one * one) };
    },
  };
}
