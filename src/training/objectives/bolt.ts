/** Chronos-Bolt's loss: the quantile errors of all levels at all steps, in the units of the windows. */

import type { BoltConfig } from '../../models/families/chronosBolt/config.ts';
import type { Architecture } from '../../models/registry.ts';
import { quantilesError } from '../losses.ts';
import { scaleWindows } from '../windows.ts';
import type { Objective } from './objective.ts';

/** @param weights [H] of the steps ahead; absent: 2 each, as the official code counts them */
export function boltQuantiles(
  architecture: Architecture,
  { horizon, quantiles }: BoltConfig,
  weights: Float32Array = new Float32Array(horizon).fill(2),
): Objective {
  return {
    name: `quantile error at ${quantiles.join(', ')}`,
    horizon,
    batch: {},
    loss: (g) => {
      const head = g.labels.get('head')!;
      const [variants, rows] = head.shape as [number, number];
      const table = g.reshape(head, [variants, rows, quantiles.length, horizon]);
      return quantilesError(g, table, quantiles, weights);
    },
    feeds: (windows) => {
      const { feeds, target, scale } = scaleWindows(architecture, windows);
      return { ...feeds, target, scale: Float32Array.from(scale) };
    },
  };
}
