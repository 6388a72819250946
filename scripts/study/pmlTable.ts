/** The PML table (Table 2 of the paper) as text for a terminal, and as CSV. */

import { annualiseSlope } from '../../src/risk/marketLine.ts';
import { toCsv } from '../../src/studies/exports.ts';
import { figureOf, type StudyResults } from '../../src/studies/figures/results.ts';
import { pricedRisks } from '../../src/studies/marketLineFits.ts';

export function pmlTable(results: StudyResults): string {
  const figure = figureOf(results, 'market-line');
  if (!figure) return 'The study has no market line.';
  const rows = figure.clouds.map(({ model, fits, intervals }) => {
    const fit = fits.aleatory;
    const interval = intervals.aleatory.leastSquares;
    if (fit.kind === 'none') return `${model.padEnd(24)} ${fit.problem.message}`;
    const year = (slope: number): string => annualiseSlope(slope, figure.periodsPerYear).toFixed(2);
    const between = interval.kind === 'interval' ? `${year(interval.low)} to ${year(interval.high)}` : 'none';
    const slope = `${fit.annualisedSlope.toFixed(2)} ± ${fit.annualisedSlopeStdErr.toFixed(2)}`;
    return `${model.padEnd(24)} ${slope.padStart(16)}  ${between.padStart(20)}  ${fit.leastSquares.r2.toFixed(2).padStart(6)}  ${String(fit.leastSquares.points).padStart(5)}`;
  });
  const head = `${'model'.padEnd(24)} ${'SR ± s.e., annual'.padStart(16)}  ${'95 % interval'.padStart(20)}  ${'R²'.padStart(6)}  ${'n'.padStart(5)}`;
  return [head, ...rows].join('\n');
}

export function tablesOf(results: StudyResults): Readonly<Record<string, string>> {
  const tables: Record<string, string> = {};
  const line = figureOf(results, 'market-line');
  if (line) {
    tables['pml-table.csv'] = toCsv([
      [
        'model',
        'priced risk',
        'slope [annualised]',
        'slope std. error [annualised]',
        'low 95 %',
        'high 95 %',
        'R2',
        'points',
      ],
      ...line.clouds.flatMap(({ model, fits, intervals }) =>
        pricedRisks.map((priced) => {
          const [fit, interval] = [fits[priced], intervals[priced].leastSquares];
          if (fit.kind === 'none') return [model, priced, null, null, null, null, null, null];
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
          ];
        }),
      ),
    ]);
    tables['configurations.csv'] = toCsv([
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
    tables['lead-lag.csv'] = toCsv([
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
    tables['scaling.csv'] = toCsv([
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
    tables['decay.csv'] = toCsv([
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
    const told = [
      ...decay.courses.map(({ renewal, weekly, halfLifeWeeks }) => ({
        name: renewal as string,
        weekly,
        halfLifeWeeks,
      })),
      ...(decay.planted
        ? [{ name: 'planted', weekly: decay.planted.weekly, halfLifeWeeks: decay.planted.correlationHalfLifeWeeks }]
        : []),
    ];
    tables['decay-weeks.csv'] = toCsv([
      ['model renewed', 'week', 'correlation'],
      ...told.flatMap(({ name, weekly }) => weekly.map(({ week, correlation }) => [name, week, correlation])),
    ]);
    tables['half-lives.csv'] = toCsv([
      ['model renewed', 'half-life [weeks]', 'low 95 %', 'high 95 %'],
      ...told.map(({ name, halfLifeWeeks: { value, low, high } }) => [name, value, low, high]),
    ]);
  }
  const beyond = figureOf(results, 'beyond');
  if (beyond) {
    tables['portfolios.csv'] = toCsv([
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
