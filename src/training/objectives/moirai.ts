/** Moirai's loss: minus the log-likelihood of the patch ahead under its mixture, in the units of the windows. */

import type { MoiraiConfig } from '../../models/families/moirai/config.ts';
import { labelledMixture } from '../../models/families/moirai/mixture.ts';
import type { Architecture } from '../../models/registry.ts';
import { mixtureError } from '../losses.ts';
import { scaleWindows } from '../windows.ts';
import type { Objective } from './objective.ts';

export function moiraiLikelihood(architecture: Architecture, config: MoiraiConfig): Objective {
  return {
    name: 'negative log-likelihood of the mixture',
    horizon: config.patchLength,
    batch: {},
    loss: (g) => mixtureError(g, labelledMixture(g, config)),
    feeds: (windows) => {
      const { feeds, target, scale } = scaleWindows(architecture, windows);
      return { ...feeds, target, logScale: Float32Array.from(scale, Math.log) };
    },
  };
}
