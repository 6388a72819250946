/** The table of portfolios. */

import type { Table } from '../../../export/csv.ts';
import { tableFrom } from '../defineFigure.ts';
import type { BeyondFigure } from './result.ts';

export function tablesOfBeyond(beyond: BeyondFigure): Readonly<Record<string, Table>> {
  const tables: Record<string, Table> = {};
  tables.portfolios = tableFrom([
    ['model', 'weights', 'sigma [bps]', 'mean [bps]', 'Sharpe ratio [annualised]'],
    ...beyond.portfolios.map(({ model, weights, sigmaBps, meanBps, sharpe }) => [
      model,
      weights,
      sigmaBps,
      meanBps,
      sharpe,
    ]),
  ]);
  return tables;
}
