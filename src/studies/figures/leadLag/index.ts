/** Lead and lag at several resolutions (Fig. 2). */

import { checkFigure } from '../checkFigure.ts';
import { defineFigure, ofSeveralModels } from '../defineFigure.ts';
import { schema } from './spec.ts';
import { tablesOfLeadLag } from './table.ts';

/** Where it is composed of choices on the page. */
const LAG_TICKS = 10;

export const leadLag = defineFigure(schema, {
  name: 'Lead and lag',
  fewestModels: 1,
  dataOf: ({ resolutions }) => resolutions.map(({ data }) => data),
  ...ofSeveralModels,
  wanted: ({ resolutions, models, fineTune }) =>
    resolutions.flatMap((at) =>
      models.flatMap((model) => {
        const asItIs = { ...at, model, variants: 0, fineTune: null };
        return fineTune ? [asItIs, { ...asItIs, fineTune }] : [asItIs];
      }),
    ),
  compose: ({ data, models, settings: { stepMs, strideTicks }, coarserMs }) => {
    const steps = [stepMs, ...coarserMs.filter((step) => step !== stepMs)];
    const resolutions = steps.map((step) => ({ data, stepMs: step, strideTicks }));
    return { kind: 'lead-lag', models, resolutions, lagTicks: LAG_TICKS, fineTune: null };
  },
  compute: async () => (await import('./compute.ts')).leadLagFigure,
  check: checkFigure,
  tables: tablesOfLeadLag,
});
