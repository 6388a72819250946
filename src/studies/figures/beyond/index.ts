/** Beyond the paper: ensembles over models, the risk they share, portfolios over assets. */

import { checkFigure } from '../checkFigure.ts';
import { defineFigure, ofOneDataSet, ofSeveralModels } from '../defineFigure.ts';
import { schema } from './spec.ts';
import { tablesOfBeyond } from './table.ts';

export const beyond = defineFigure(schema, {
  name: 'Ensembles, shared risk, portfolios',
  fewestModels: 2,
  ...ofOneDataSet,
  ...ofSeveralModels,
  wanted: ({ data, models }, { stepMs, strideTicks, variants }) =>
    models.map((model) => ({ data, model, stepMs, strideTicks, variants, fineTune: null })),
  compose: ({ data, models }) => ({ kind: 'beyond', data, models }),
  compute: async () => (await import('./compute.ts')).beyondFigure,
  check: checkFigure,
  tables: tablesOfBeyond,
});
