/** Moirai 1.0-R and 1.1-R (Salesforce). */

import type { Family } from '../../family.ts';
import type { LinearScaling } from '../../scaling.ts';
import { type MoiraiConfig, parseMoiraiConfig } from './config.ts';
import { finishMoirai, forecastMoirai, prepareMoirai } from './forecast.ts';
import { moiraiGraph } from './graph.ts';

export const moirai: Family<MoiraiConfig, LinearScaling> = {
  id: 'moirai',
  title: 'Moirai',
  paper: 'arXiv:2402.02592',
  causal: 'its encoder looks at the whole context in both directions',
  recognises: (json) => 'patch_sizes' in json && 'distr_output' in json,
  parseConfig: parseMoiraiConfig,
  shape: ({ contextLength, patchLength }) => ({ contextLength, horizon: patchLength, channels: 1 }),
  graph: (g, config, batch) => {
    moiraiGraph(g, config, batch);
  },
  prepare: prepareMoirai,
  finish: finishMoirai,
  rollOut: forecastMoirai,
};
