/** Decay (Fig. 4): the market line over a rolling window of weeks. */

import { checkFigure } from '../checkFigure.ts';
import { defineFigure, ofOneDataSet } from '../defineFigure.ts';
import { schema } from './spec.ts';
import { tablesOfDecay } from './table.ts';

/** Releases of the paper's figure 4. */
const paperReleases = [
  { name: 'TimesFM 1.0', day: '2024-05-08' },
  { name: 'TimesFM 2.0', day: '2024-12-30' },
];

export const decay = defineFigure(schema, {
  name: 'Decay over the weeks',
  fewestModels: 1,
  ...ofOneDataSet,
  modelsOf: ({ model }) => [model],
  withModels: (spec, [model = spec.model]) => ({ ...spec, model }),
  wanted: ({ data, model, fineTune }, { stepMs, strideTicks, variants }) => {
    const zeroShot = { data, model, stepMs, strideTicks, variants, fineTune: null };
    return fineTune ? [zeroShot, { ...zeroShot, fineTune }] : [zeroShot];
  },
  compose: ({ data, models, windowWeeks }) => ({
    kind: 'decay',
    data,
    model: models[0]!,
    windowWeeks,
    fineTune: null,
    pretrainedUntil: null,
    releases: paperReleases,
  }),
  compute: async () => (await import('./compute.ts')).decayFigure,
  check: checkFigure,
  tables: tablesOfDecay,
});
