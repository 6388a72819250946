/** Training losses, as graphs. */

import type { Graph } from '../models/graph/builder.ts';
import type { Tensor } from '../models/graph/ir.ts';

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
