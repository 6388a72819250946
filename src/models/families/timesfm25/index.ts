/** TimesFM 2.5 (Google Research). */

import type { Family } from '../../family.ts';
import type { LinearScaling } from '../../scaling.ts';
import { causalTimesfm25 } from './causal.ts';
import { parseTimesfm25Config, recognisesTimesfm25, type Timesfm25Config } from './config.ts';
import { finishTimesfm25, forecastTimesfm25, prepareTimesfm25 } from './forecast.ts';
import { timesfm25Graph } from './graph.ts';
import { inferTimesfm25 } from './infer.ts';

export const timesfm25: Family<Timesfm25Config, LinearScaling> = {
  id: 'timesfm-2.5',
  title: 'TimesFM 2.5',
  paper: 'arXiv:2310.10688',
  recognises: recognisesTimesfm25,
  parseConfig: parseTimesfm25Config,
  infer: inferTimesfm25,
  shape: ({ contextLength, horizon }) => ({ contextLength, horizon, channels: 1 }),
  graph: timesfm25Graph,
  prepare: prepareTimesfm25,
  finish: finishTimesfm25,
  causal: causalTimesfm25,
  rollOut: forecastTimesfm25,
};
