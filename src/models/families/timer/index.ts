/** Timer (THUML), from the hub and from the paper's repository. */

import type { Family } from '../../family.ts';
import type { LinearScaling } from '../../scaling.ts';
import { parseTimerConfig, type TimerConfig } from './config.ts';
import { finishTimer, forecastTimer, prepareTimer } from './forecast.ts';
import { timerGraph } from './graph.ts';
import { inferTimerRepository } from './infer.ts';

export const timer: Family<TimerConfig, LinearScaling> = {
  id: 'timer',
  title: 'Timer',
  paper: 'arXiv:2402.02368',
  causal:
    'it scales a context by the mean and deviation of the whole of it, so that a shared window would leak the future',
  recognises: ({ model_type: type }) => type === 'timer' || type === 'timer_repo',
  parseConfig: parseTimerConfig,
  infer: inferTimerRepository,
  unread: [{ names: /(^|\.)position_embedding\.pe$/, why: 'a table of positions that is computed anew' }],
  shape: ({ contextLength, patchLength }) => ({ contextLength, horizon: patchLength, channels: 1 }),
  graph: timerGraph,
  prepare: prepareTimer,
  finish: finishTimer,
  rollOut: forecastTimer,
};
