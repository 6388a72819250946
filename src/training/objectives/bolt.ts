/** Chronos-Bolt's loss: the quantile error of all levels at all steps, in the units of the windows. */

import type { BoltConfig } from '../../models/families/chronosBolt/config.ts';
import type { Architecture } from '../../models/registry.ts';
import { quantileError } from '../losses.ts';
import { scaleWindows } from '../windows.ts';
import type { Objective } from './objective.ts';

export function boltQuantiles(architecture: Architecture, { horizon, quantiles }: BoltConfig): Objective {
  return {
    name: `quantile error at ${quantiles.join(', ')}`,
    horizon,
    batch: {},
    loss: (g) => {
      const head = g.labels.get('head')!;
      const [variants, rows] = head.shape as [number, number];
      const table = g.reshape(head, [variants, rows, quantiles.length, horizon]);
      const target = g.input('target', [1, rows, 1, horizon]);
      const weight = g.input('weight', [1, rows, 1, 1]);
      return g.mul(g.reduceMean(g.mul(quantileError(g, table, target, quantiles), weight)), g.scalar(2));
    },
    feeds: (windows) => {
      const { feeds, target, scale } = scaleWindows(architecture, windows);
      return { ...feeds, target, weight: Float32Array.from(scale) };
    },
  };
}
