/** The tables of a study's figures at the precision of the results, by name. */

import type { Cell, Table } from '../../export/csv.ts';
import { pricedRisks } from '../../marketLine/marketLineFits.ts';
import { figureOf, type StudyResults } from './results.ts';

export function tablesOf(results: StudyResults): Readonly<Record<string, Table>> {
  const tables: Record<string, Table> = {};
  const line = figureOf(results, 'market-line');
  if (line) {
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
  }
  const lag = figureOf(results, 'lead-lag');
  if (lag) {
    tables['lead-lag'] = tableFrom([
      ['model', 'data', 'step [ms]', 'fine-tuned', 'lag', 'correlation', 'low 95 %', 'high 95 %'],
      ...lag.curves.flatMap(({ model, data, stepMs, tuned, correlations }) =>
        correlations.map(({ value, low, high }, i) => [
          ...[model, data, stepMs, tuned === null ? 'no' : 'weekly'],
          ...[lag.lags[i]!, value, low, high],
        ]),
      ),
    ]);
  }
  const scaling = figureOf(results, 'scaling');
  if (scaling) {
    tables.scaling = tableFrom([
      [
        'model',
        'step [ms]',
        'parameters',
        'precision',
        'sigma [bps]',
        'mean [bps]',
        ...scaling.delaysTicks.map((delay) => `Sharpe ratio at a delay of ${delay}`),
      ],
      ...scaling.sizes.map((size) => [
        size.model,
        size.stepMs,
        size.parameters,
        size.precision,
        size.centroid?.sigmaBps ?? null,
        size.centroid?.meanBps ?? null,
        ...size.sharpeByDelay,
      ]),
    ]);
  }
  const decay = figureOf(results, 'decay');
  if (decay) {
    tables.decay = tableFrom([
      [
        'model renewed',
        'last week',
        'bound',
        'bound low',
        'bound high',
        'observed',
        'observed low',
        'observed high',
        'gap',
        'gap low',
        'gap high',
        'planted',
      ],
      ...decay.courses.flatMap(({ renewal, windows }) =>
        windows.map(({ week, bound, observed, gap, planted }) => [
          renewal,
          week,
          ...[bound, observed, gap].flatMap(({ value, low, high }) => [value, low, high]),
          planted,
        ]),
      ),
    ]);
    const { planted } = decay;
    const told = [
      ...decay.courses.map(({ renewal, weekly, halfLifeWeeks }) => ({ name: `${renewal}`, weekly, halfLifeWeeks })),
      ...(planted
        ? [{ name: 'planted', weekly: planted.weekly, halfLifeWeeks: planted.correlationHalfLifeWeeks }]
        : []),
    ];
    tables['decay-weeks'] = tableFrom([
      ['model renewed', 'week', 'correlation'],
      ...told.flatMap(({ name, weekly }) => weekly.map(({ week, correlation }) => [name, week, correlation])),
    ]);
    tables['half-lives'] = tableFrom([
      ['model renewed', 'half-life [weeks]', 'low 95 %', 'high 95 %'],
      ...told.map(({ name, halfLifeWeeks: { value, low, high } }) => [name, value, low, high]),
    ]);
  }
  const beyond = figureOf(results, 'beyond');
  if (beyond) {
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
  }
  return tables;
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The first row names the columns. */
function tableFrom([header = [], ...rows]: readonly (readonly Cell[])[]): Table {
  return { header: header.map(String), rows };
}
