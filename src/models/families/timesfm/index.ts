/** TimesFM (Google Research). */

import type { Family } from '../../family.ts';
import type { LinearScaling } from '../../scaling.ts';
import { parseTimesfm1And2Config, recognisesTimesfm1And2, type Timesfm1And2Config } from '../timesfm1and2/config.ts';
import { finishTimesfm1And2, forecastTimesfm1And2, prepareTimesfm1And2 } from '../timesfm1and2/forecast.ts';
import { timesfm1And2Graph } from '../timesfm1and2/graph.ts';
import { parseTimesfm25Config, recognisesTimesfm25, type Timesfm25Config } from '../timesfm25/config.ts';
import { finishTimesfm25, forecastTimesfm25, prepareTimesfm25 } from '../timesfm25/forecast.ts';
import { timesfm25Graph } from '../timesfm25/graph.ts';
import { causalTimesfm1And2, causalTimesfm25 } from './causal.ts';

export const timesfm1: Family<Timesfm1And2Config, LinearScaling> = timesfm1Or2('timesfm-1', 'TimesFM 1.0', true);
export const timesfm2: Family<Timesfm1And2Config, LinearScaling> = timesfm1Or2('timesfm-2', 'TimesFM 2.0', false);

export const timesfm25: Family<Timesfm25Config, LinearScaling> = {
  id: 'timesfm-2.5',
  title: 'TimesFM 2.5',
  paper: 'arXiv:2310.10688',
  recognises: recognisesTimesfm25,
  parseConfig: parseTimesfm25Config,
  shape: ({ contextLength, horizon }) => ({ contextLength, horizon, channels: 1 }),
  graph: timesfm25Graph,
  prepare: prepareTimesfm25,
  finish: finishTimesfm25,
  causal: causalTimesfm25,
  rollOut: forecastTimesfm25,
};

function timesfm1Or2(id: string, title: string, positional: boolean): Family<Timesfm1And2Config, LinearScaling> {
  return {
    id,
    title,
    paper: 'arXiv:2310.10688',
    recognises: (json) => recognisesTimesfm1And2(json, positional),
    parseConfig: parseTimesfm1And2Config,
    shape: ({ contextLength, horizon }) => ({ contextLength, horizon, channels: 1 }),
    graph: timesfm1And2Graph,
    prepare: prepareTimesfm1And2,
    finish: finishTimesfm1And2,
    causal: causalTimesfm1And2,
    rollOut: forecastTimesfm1And2,
  };
}
