/** TimesFM (Google Research). */

import type { Family } from '../../family.ts';
import type { LinearScaling } from '../../scaling.ts';
import { causalFirst, causalSecond } from './causal.ts';
import { type FirstConfig, parseFirstConfig, recognisesFirst } from './firstConfig.ts';
import { finishFirst, forecastFirst, prepareFirst } from './firstForecast.ts';
import { firstGraph } from './firstGraph.ts';
import { parseSecondConfig, recognisesSecond, type SecondConfig } from './secondConfig.ts';
import { finishSecond, forecastSecond, prepareSecond } from './secondForecast.ts';
import { secondGraph } from './secondGraph.ts';

export const timesfm1: Family<FirstConfig, LinearScaling> = firstGeneration('timesfm-1', 'TimesFM 1.0', true);
export const timesfm2: Family<FirstConfig, LinearScaling> = firstGeneration('timesfm-2', 'TimesFM 2.0', false);

export const timesfm25: Family<SecondConfig, LinearScaling> = {
  id: 'timesfm-2.5',
  title: 'TimesFM 2.5',
  paper: 'arXiv:2310.10688',
  recognises: recognisesSecond,
  parseConfig: parseSecondConfig,
  shape: ({ contextLength, horizon }) => ({ contextLength, horizon, channels: 1 }),
  graph: secondGraph,
  prepare: prepareSecond,
  finish: finishSecond,
  causal: causalSecond,
  rollOut: forecastSecond,
};

function firstGeneration(id: string, title: string, positional: boolean): Family<FirstConfig, LinearScaling> {
  return {
    id,
    title,
    paper: 'arXiv:2310.10688',
    recognises: (json) => recognisesFirst(json, positional),
    parseConfig: parseFirstConfig,
    shape: ({ contextLength, horizon }) => ({ contextLength, horizon, channels: 1 }),
    graph: firstGraph,
    prepare: prepareFirst,
    finish: finishFirst,
    causal: causalFirst,
    rollOut: forecastFirst,
  };
}
