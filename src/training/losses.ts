/** Training losses, as graphs: each declares its inputs (targets, weights) and gives one element. */

import { logLikelihood } from '../models/families/moirai/likelihood.ts';
import type { MoiraiMixture } from '../models/families/moirai/mixture.ts';
import type { Graph } from '../models/graph/builder.ts';
import type { Tensor } from '../models/graph/ir.ts';

/** The weighted squared error of the graph's forecast. */
export function forecastError(g: Graph): Tensor {
  return weightedSquaredError(g, g.outputs.get('forecast')!);
}

/**
 * Mean over all elements of weight · (forecast − target)². Inputs `target` (the forecast's shape, in scaled units, without
 * the variant axis repeated) and `weight` [1, N, C, 1]: scale² gives the squared error in the series' own units.
 */
export function weightedSquaredError(g: Graph, forecast: Tensor): Tensor {
  const [, contexts, channels, steps] = forecast.shape as [number, number, number, number];
  const target = g.input('target', [1, contexts, channels, steps]);
  const weight = g.input('weight', [1, contexts, channels, 1]);
  const error = g.sub(forecast, target);
  return g.reduceMean(g.mul(g.mul(error, error), weight));
}

/**
 * The quantile loss (Koenker & Bassett, 1978) of each element: (target − y)·q above the forecast y, (y − target)·(1 − q) below.
 * `forecast` [..., Q, H] holds one row a level, `target` broadcasts to it.
 */
export function quantileError(g: Graph, forecast: Tensor, target: Tensor, levels: readonly number[]): Tensor {
  const level = g.constant(Float32Array.from(levels), [levels.length, 1]);
  const error = g.sub(target, forecast);
  const above = g.mul(g.relu(error), level);
  return g.add(above, g.mul(g.relu(g.neg(error)), g.sub(g.scalar(1), level)));
}

/**
 * Sum over tokens of weight · −log p(label), logits [V, N, T, K]. Inputs `labels` [1, N, T] (int32) and `weight` [1, N, T]: one over
 * the number of tokens that count, or 0.
 */
export function crossEntropy(g: Graph, logits: Tensor): Tensor {
  const [, contexts, tokens, classes] = logits.shape as [number, number, number, number];
  const labels = g.input('labels', [1, contexts, tokens], 'int32');
  const weight = g.reshape(g.input('weight', [1, contexts, tokens]), [1, contexts, tokens, 1]);
  const chosen = g.reduceSum(g.mul(logits, g.oneHot(labels, classes)), [3]);
  return g.reduceSum(g.mul(g.sub(g.logSumExp(logits), chosen), weight), [0, 1, 2, 3]);
}

/**
 * Mean of −log density of targets under a mixture, in the series' own units. Inputs `target` [1, N, C, H] (scaled) and `logScale`
 * [1, N, C, 1], the logarithm of the scale.
 */
export function mixtureError(g: Graph, mixture: MoiraiMixture): Tensor {
  const [, contexts, channels, steps] = mixture.studentT.loc.shape as [number, number, number, number];
  const target = g.input('target', [1, contexts, channels, steps]);
  const logScale = g.input('logScale', [1, contexts, channels, 1]);
  return g.reduceMean(g.sub(logScale, logLikelihood(g, mixture, target)));
}

/** Errors of point forecasts, element by element. */
export type PointLoss =
  | { readonly kind: 'mse' }
  | { readonly kind: 'mae' }
  /** Quadratic up to `delta`, linear beyond (Huber, 1964). */
  | { readonly kind: 'huber'; readonly delta: number }
  /** The quantile loss at one level. */
  | { readonly kind: 'quantile'; readonly level: number };

/**
 * Mean of a point forecast's errors, [V, N, C, H]. Inputs `target` [1, N, C, H] (scaled) and `scale` [1, N, C, 1], which brings errors to
 * the units they are judged in. `weights` [H] weigh the steps ahead.
 */
export function pointError(g: Graph, forecast: Tensor, loss: PointLoss, weights: Float32Array): Tensor {
  const [, contexts, channels, steps] = forecast.shape as [number, number, number, number];
  const target = g.input('target', [1, contexts, channels, steps]);
  const scale = g.input('scale', [1, contexts, channels, 1]);
  const error = g.mul(g.sub(forecast, target), scale);
  return g.reduceMean(g.mul(elementError(g, error, loss), g.constant(weights, [steps])));
}

/** Mean of the quantile losses of a head [V, N, Q, H] over all its levels; inputs as `pointError`. */
export function quantilesError(g: Graph, table: Tensor, levels: readonly number[], weights: Float32Array): Tensor {
  const [, contexts, , steps] = table.shape as [number, number, number, number];
  const target = g.input('target', [1, contexts, 1, steps]);
  const scale = g.input('scale', [1, contexts, 1, 1]);
  const errors = g.mul(quantileError(g, table, target, levels), scale);
  return g.reduceMean(g.mul(errors, g.constant(weights, [steps])));
}

function elementError(g: Graph, error: Tensor, loss: PointLoss): Tensor {
  const magnitude = (): Tensor => g.add(g.relu(error), g.relu(g.neg(error)));
  switch (loss.kind) {
    case 'mse':
      return g.mul(error, error);
    case 'mae':
      return magnitude();
    case 'huber': {
      const size = magnitude();
      const delta = g.scalar(loss.delta);
      const beyond = g.relu(g.sub(size, delta));
      const within = g.sub(size, beyond);
      return g.add(g.mul(g.scalar(0.5), g.mul(within, within)), g.mul(delta, beyond));
    }
    case 'quantile':
      // error = forecast − target
      return g.add(g.mul(g.relu(g.neg(error)), g.scalar(loss.level)), g.mul(g.relu(error), g.scalar(1 - loss.level)));
  }
}
