/** TimesFM 1.0 and 2.0 (Google Research): one network, with sinusoids added or not. */

import type { Family } from '../../family.ts';
import type { LinearScaling } from '../../scaling.ts';
import { causalTimesfm1And2 } from './causal.ts';
import { parseTimesfm1And2Config, recognisesTimesfm1And2, type Timesfm1And2Config } from './config.ts';
import { finishTimesfm1And2, forecastTimesfm1And2, prepareTimesfm1And2 } from './forecast.ts';
import { timesfm1And2Graph } from './graph.ts';
import { inferTimesfm1And2 } from './infer.ts';

/** Both generations have the same tensors: the second's `infer` is the first's. */
export const timesfm1 = timesfm1Or2({ id: 'timesfm-1', title: 'TimesFM 1.0', infer: inferTimesfm1And2 }, true);
export const timesfm2 = timesfm1Or2({ id: 'timesfm-2', title: 'TimesFM 2.0' }, false);

type Told = Pick<Family<Timesfm1And2Config, LinearScaling>, 'id' | 'title' | 'infer'>;

function timesfm1Or2(told: Told, positional: boolean): Family<Timesfm1And2Config, LinearScaling> {
  return {
    ...told,
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
