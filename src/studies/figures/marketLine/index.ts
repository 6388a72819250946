/** The plane and the table of several models (Fig. 3a, Table 2). */

import { defineFigure, ofOneDataSet, ofSeveralModels } from '../defineFigure.ts';
import { schema } from './spec.ts';
import { tablesOfMarketLine } from './table.ts';

export const marketLine = defineFigure(schema, {
  name: 'Risk-return plane and table',
  fewestModels: 1,
  ...ofOneDataSet,
  ...ofSeveralModels,
  wanted: ({ data, models }, { stepMs, strideTicks, variants }) =>
    models.map((model) => ({ data, model, stepMs, strideTicks, variants, fineTune: null })),
  compose: ({ data, models }) => ({ kind: 'market-line', data, models }),
  compute: async () => (await import('./compute.ts')).marketLineFigure,
  // Returns are checked where they arise, and fits say by a NaN that an R² is not determined.
  check: () => {},
  tables: tablesOfMarketLine,
});
