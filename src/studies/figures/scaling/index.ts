/** Scaling (Fig. 3b): where the clouds of a family's sizes lie, and what each size still earns when its answers come later. */

import { checkFigure } from '../checkFigure.ts';
import { defineFigure, ofOneDataSet, ofSeveralModels } from '../defineFigure.ts';
import { schema } from './spec.ts';
import { tablesOfScaling } from './table.ts';

export const scaling = defineFigure(schema, {
  name: 'Scaling of sizes',
  fewestModels: 2,
  ...ofOneDataSet,
  ...ofSeveralModels,
  wanted: ({ data, models, stepsMs, ...own }, settings) =>
    stepsMs.flatMap((stepMs) =>
      models.map((model) => ({
        data,
        stepMs,
        model,
        fineTune: null,
        strideTicks: own.strideTicks ?? settings.strideTicks,
        variants: own.variants ?? settings.variants,
      })),
    ),
  compose: ({ data, models, settings: { stepMs } }) => ({
    kind: 'scaling',
    data,
    models,
    stepsMs: [stepMs],
    strideTicks: null,
    variants: null,
  }),
  compute: async () => (await import('./compute.ts')).scalingFigure,
  check: checkFigure,
  tables: tablesOfScaling,
});
