/** The table of lead and lag. */

import type { Table } from '../../../export/csv.ts';
import { tableFrom } from '../defineFigure.ts';
import type { LeadLagFigure } from './result.ts';

export function tablesOfLeadLag(lag: LeadLagFigure): Readonly<Record<string, Table>> {
  const tables: Record<string, Table> = {};
  tables['lead-lag'] = tableFrom([
    ['model', 'data', 'step [ms]', 'fine-tuned', 'lag', 'correlation', 'low 95 %', 'high 95 %'],
    ...lag.curves.flatMap(({ model, data, stepMs, tuned, correlations }) =>
      correlations.map(({ value, low, high }, i) => [
        ...[model, data, stepMs, tuned === null ? 'no' : 'weekly'],
        ...[lag.lags[i]!, value, low, high],
      ]),
    ),
  ]);
  return tables;
}
