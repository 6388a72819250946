/** Tables of the market line: the lines of Table 2, and every configuration. */

import type { Table } from '../../../export/csv.ts';
import { pricedRisks } from '../../../marketLine/marketLineFits.ts';
import { tableFrom } from '../defineFigure.ts';
import type { MarketLineFigure } from './result.ts';

export function tablesOfMarketLine(line: MarketLineFigure): Readonly<Record<string, Table>> {
  const tables: Record<string, Table> = {};
  tables['pml-table'] = tableFrom([
    [
      'model',
      'priced risk',
      'slope [annualised]',
      'slope std. error [annualised]',
      'low 95 %',
      'high 95 %',
      'R2',
      'points',
      'forecasts not finite',
    ],
    ...line.clouds.flatMap(({ model, fits, intervals, notFinite }) =>
      pricedRisks.map((priced) => {
        const [fit, interval] = [fits[priced], intervals[priced].leastSquares];
        const left = sumOf(notFinite?.byVariant ?? []);
        if (fit.kind === 'none') return [model, priced, null, null, null, null, null, null, left];
        const annual = Math.sqrt(line.periodsPerYear);
        const bounds = interval.kind === 'interval' ? [annual * interval.low, annual * interval.high] : [null, null];
        return [
          model,
          priced,
          fit.annualisedSlope,
          fit.annualisedSlopeStdErr,
          ...bounds,
          fit.leastSquares.r2,
          fit.leastSquares.points,
          left,
        ];
      }),
    ),
  ]);
  tables.configurations = tableFrom([
    [
      'model',
      'configuration',
      'mean [bps]',
      'gross [bps]',
      'sigma aleatory [bps]',
      'sigma epistemic [bps]',
      'sigma total [bps]',
      'Sharpe ratio [annualised]',
      'trades',
      'traded',
    ],
    ...line.clouds.flatMap(({ model, points }) =>
      points.map((point) => [
        model,
        point.index,
        point.meanBps,
        point.grossBps,
        point.sigmaBps.aleatory,
        point.sigmaBps.epistemic,
        point.sigmaBps.total,
        point.sharpe,
        point.tradesPerPeriod,
        point.traded,
      ]),
    ),
  ]);
  return tables;
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
