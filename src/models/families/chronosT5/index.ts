/** Chronos-T5 (Amazon). */

import type { Family } from '../../family.ts';
import { sharedEmbeddings } from '../../layers/t5Config.ts';
import type { LinearScaling } from '../../scaling.ts';
import { type ChronosConfig, parseChronosConfig } from './config.ts';
import { finishChronos, forecastChronos, prepareChronos } from './forecast.ts';
import { chronosGraph } from './graph.ts';

export const chronosT5: Family<ChronosConfig, LinearScaling> = {
  id: 'chronos-t5',
  title: 'Chronos-T5',
  paper: 'arXiv:2403.07815',
  causal: 'its encoder looks at the whole context in both directions',
  recognises: ({ architectures, chronos_config: chronos, chronos_pipeline_class: pipeline }) =>
    typeof chronos === 'object' &&
    pipeline !== 'ChronosBoltPipeline' &&
    Array.isArray(architectures) &&
    architectures.includes('T5ForConditionalGeneration'),
  parseConfig: parseChronosConfig,
  tied: ({ tiesHead }) => [[...sharedEmbeddings, ...(tiesHead ? ['lm_head.weight'] : [])]],
  shape: ({ contextLength }) => ({ contextLength, horizon: 1, channels: 1 }),
  graph: chronosGraph,
  prepare: prepareChronos,
  finish: finishChronos,
  rollOut: forecastChronos,
};
