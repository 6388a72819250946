/** Tiny Time Mixers (IBM), r1, r2 and r2.1. */

import type { Family } from '../../family.ts';
import type { LinearScaling } from '../../scaling.ts';
import { parseTtmConfig, type TtmConfig } from './config.ts';
import { ttmGraph } from './graph.ts';
import { finishTtm, prepareTtm } from './scaling.ts';

export const ttm: Family<TtmConfig, LinearScaling> = {
  id: 'ttm',
  title: 'Tiny Time Mixers',
  paper: 'arXiv:2401.03955',
  causal: 'its mixers look at all patches of a context, later ones too',
  recognises: (json) => json.model_type === 'tinytimemixer',
  parseConfig: parseTtmConfig,
  shape: (config) => ({
    contextLength: config.contextLength,
    horizon: config.keptSteps,
    channels: channelsAreIndependent(config) ? 1 : config.channels,
  }),
  graph: ttmGraph,
  prepare: prepareTtm,
  finish: finishTtm,
};

function channelsAreIndependent(config: TtmConfig): boolean {
  return !config.mixesEncoderChannels && !config.decoder?.mixesChannels && config.keptChannels === null;
}
