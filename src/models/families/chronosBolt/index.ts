/** Chronos-Bolt (Amazon). */

import type { Family } from '../../family.ts';
import { sharedEmbeddings } from '../../layers/t5Config.ts';
import type { LinearScaling } from '../../scaling.ts';
import { type BoltConfig, parseBoltConfig } from './config.ts';
import { finishBolt, forecastBolt, prepareBolt } from './forecast.ts';
import { boltGraph } from './graph.ts';

export const chronosBolt: Family<BoltConfig, LinearScaling> = {
  id: 'chronos-bolt',
  title: 'Chronos-Bolt',
  paper: 'arXiv:2403.07815',
  causal: 'its encoder looks at the whole context in both directions',
  recognises: ({ architectures, chronos_pipeline_class: pipeline }) =>
    pipeline === 'ChronosBoltPipeline' ||
    (Array.isArray(architectures) && architectures.includes('ChronosBoltModelForForecasting')),
  parseConfig: parseBoltConfig,
  tied: () => [sharedEmbeddings],
  shape: ({ contextLength, horizon }) => ({ contextLength, horizon, channels: 1 }),
  graph: boltGraph,
  prepare: prepareBolt,
  finish: finishBolt,
  rollOut: forecastBolt,
};
