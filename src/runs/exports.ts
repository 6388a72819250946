/**
 * A study's results to take away: tables, as CSV (RFC 4180, UTF-8) for spreadsheets and as Parquet (`parquet.ts`) for programs, and one JSON with
 * the manifest and everything else.
 */

import type { RunAnalysis } from '../analysis/runAnalysis.ts';
import type { Cell, Table } from '../export/csv.ts';
import { intervalKinds, type LineIntervals, lineKinds } from '../marketLine/lineIntervals.ts';
import { pricedRisks } from '../marketLine/marketLineFits.ts';
import type { ConfigurationSummary, MarketLineResult } from '../marketLine/marketLineResult.ts';
import type { ReturnPeriod } from '../marketLine/periods.ts';
import type { ModelCard } from '../models/types.ts';
import type { VarianceSplit } from '../risk/decomposition/decomposition.ts';
import type { SlopeIntervalOutcome } from '../risk/resampling/bootstrap.ts';
import type { Interval } from '../risk/resampling/bootstrapInterval.ts';
import type { ConfigurationIntervals } from '../risk/resampling/riskIntervals.ts';
import { completeConfig } from '../strategy/config.ts';
import type { RunManifest } from './runManifest.ts';

interface Column<Row> {
  /** With the unit in brackets; `period` in it stands for what the study's returns are of. */
  readonly header: string;
  readonly value: (row: Row) => Cell;
}

const configurationColumns: readonly Column<ConfigurationSummary>[] = [
  { header: 'configuration', value: (row) => row.index },
  { header: 'mean [bps/period]', value: (row) => row.meanBps },
  { header: 'sigma aleatory [bps/period]', value: (row) => row.sigmaBps.aleatory },
  { header: 'sigma epistemic [bps/period]', value: (row) => row.sigmaBps.epistemic },
  { header: 'sigma total [bps/period]', value: (row) => row.sigmaBps.total },
  ...splitColumns('time-resolved', ({ decomposition }) => decomposition.timeResolved),
  ...splitColumns('time-resolved corrected', ({ decomposition }) => decomposition.unbiasedTimeResolved),
  ...splitColumns('mean-return', ({ decomposition }) => decomposition.meanReturn),
  { header: 'Sharpe ratio [annualised]', value: (row) => row.sharpe },
  { header: 'deterministic mean [bps/period]', value: (row) => row.deterministic.meanBps },
  { header: 'deterministic sigma [bps/period]', value: (row) => row.deterministic.sigmaBps },
  { header: 'gross [bps/period]', value: (row) => row.costsBps.gross },
  { header: 'spread cost [bps/period]', value: (row) => row.costsBps.spread },
  { header: 'slippage cost [bps/period]', value: (row) => row.costsBps.slippage },
  { header: 'fees [bps/period]', value: (row) => row.costsBps.fees },
  { header: 'trades [1/period]', value: (row) => row.tradesPerPeriod },
  { header: 'hit rate', value: (row) => row.activity.hitRate },
  { header: 'holding time [ticks]', value: (row) => row.activity.holdingTicks },
  { header: 'exposure [units]', value: (row) => row.activity.exposure },
  { header: 'turnover [units/period]', value: (row) => row.activity.turnoverPerPeriod },
  { header: 'MC variance exceeds deterministic', value: (row) => row.exceedsDeterministic },
  { header: 'traded', value: (row) => row.traded },
  { header: 'threshold [bps]', value: (row) => row.config.thresholdBps },
  { header: 'stop loss [bps]', value: (row) => row.config.stopLossBps },
  { header: 'take profit [bps]', value: (row) => row.config.takeProfitBps },
  { header: 'max hold [ticks]', value: (row) => row.config.maxHoldTicks },
  { header: 'latency [ticks]', value: (row) => row.config.latencyTicks },
  { header: 'fee [bps/side]', value: (row) => row.config.feeBps },
  { header: 'slippage [bps/side]', value: (row) => row.config.slippageBps },
  { header: 'short selling', value: (row) => row.config.allowShort },
  { header: 'exit on reverse', value: (row) => row.config.exitOnReverse },
  { header: 'flat at session end', value: (row) => row.config.flattenAtSessionEnd },
  { header: 'surprise against', value: (row) => row.config.reference },
  { header: 'slippage [price steps/side]', value: (row) => completeConfig(row.config).slippageTicks },
  { header: 'chance of one step more', value: (row) => completeConfig(row.config).extraTickProbability },
  { header: 'price step', value: (row) => completeConfig(row.config).tickSize },
  { header: 'bet [quote currency]', value: (row) => completeConfig(row.config).betNotional },
  { header: 'position size', value: (row) => completeConfig(row.config).sizing },
  { header: 'size 1 at [bps]', value: (row) => completeConfig(row.config).sizingTargetBps },
  { header: 'volatility window [ticks]', value: (row) => completeConfig(row.config).sizingWindowTicks },
  { header: 'Kelly fraction', value: (row) => completeConfig(row.config).kellyFraction },
  { header: 'largest size [units]', value: (row) => completeConfig(row.config).maxSize },
  { header: 'between forecasts', value: (row) => completeConfig(row.config).heldForecast },
];

/** One row per naive forecast and configuration: what the same rules earn without a model, and with the future known. */
export function naiveTable({ naive, period }: MarketLineResult): Table {
  const header = [
    'forecast',
    'configuration',
    'mean [bps/period]',
    'sigma [bps/period]',
    'Sharpe ratio [annualised]',
    'traded',
  ];
  const rows = naive.flatMap(({ id, points }) =>
    points.map((point): Cell[] => [id, point.index, point.meanBps, point.sigmaBps, point.sharpe, point.traded]),
  );
  return inUnits(period, header, rows);
}

function splitColumns(
  name: string,
  splitOf: (row: ConfigurationSummary) => VarianceSplit,
): readonly Column<ConfigurationSummary>[] {
  return [
    { header: `epistemic variance ${name} [bps2]`, value: (row) => splitOf(row).epistemicVariance * 1e8 },
    { header: `aleatory variance ${name} [bps2]`, value: (row) => splitOf(row).aleatoryVariance * 1e8 },
  ];
}

/** One row per configuration, variant (0 is the model without dropout) and period: everything else can be computed from these. */
export function returnsTable({ configurations, variants, periods, periodReturns, period }: MarketLineResult): Table {
  const rows = configurations.flatMap((_, c) =>
    Array.from({ length: variants + 1 }, (__, k) => k).flatMap((k) =>
      periods.map((name, t): Cell[] => [c, k, name, periodReturns[(c * (variants + 1) + k) * periods.length + t]!]),
    ),
  );
  return inUnits(period, ['configuration', 'variant', period, 'return [1/period]'], rows);
}

/** What has an interval for each configuration. */
const intervalColumns: readonly {
  readonly header: string;
  readonly of: (intervals: ConfigurationIntervals) => Interval | null;
}[] = [
  { header: 'mean', of: ({ mean }) => mean },
  ...(['timeResolved', 'meanReturn'] as const).flatMap((split) =>
    pricedRisks
      .filter((priced) => split === 'timeResolved' || priced !== 'total')
      .map((priced) => ({
        header: `sigma ${priced}${split === 'meanReturn' ? ' mean-return' : ''}`,
        of: ({ sigma }: ConfigurationIntervals) => sigma[split][priced],
      })),
  ),
];

/**
 * One row per configuration; a rule that is off and a ratio that does not exist are empty cells.
 *
 * @param risks 95 % intervals by drawing periods anew, where they are known: two columns each
 */
export function configurationsTable(result: MarketLineResult, risks: readonly ConfigurationIntervals[] = []): Table {
  const found = new Map(risks.map((each) => [each.configuration, each]));
  const bounds = risks.length > 0 ? intervalColumns : [];
  const header = [
    ...configurationColumns.map((column) => column.header),
    ...bounds.flatMap((column) => [`${column.header} low [bps/period]`, `${column.header} high [bps/period]`]),
  ];
  const rows = result.configurations.map((row) => [
    ...configurationColumns.map((column) => column.value(row)),
    ...bounds.flatMap(({ of }): Cell[] => {
      const intervals = found.get(row.index);
      const interval = intervals && of(intervals);
      return interval ? [interval.low * 1e4, interval.high * 1e4] : [null, null];
    }),
  ]);
  return inUnits(result.period, header, rows);
}

/** One row per priced risk, line and kind of interval; bounds per period, or why there are none. */
export function intervalsTable(lines: LineIntervals, period: ReturnPeriod): Table {
  const rows = pricedRisks.flatMap((priced) =>
    lineKinds.flatMap((line) =>
      intervalKinds.flatMap((kind): Cell[][] => {
        const outcome = lines[priced][line][kind];
        return outcome ? [[priced, line, kind, ...intervalCells(outcome)]] : [];
      }),
    ),
  );
  return inUnits(period, ['priced risk', 'line', 'interval', ...intervalHeaders], rows);
}

/**
 * One row per priced risk and kind of line; units of the return period as in `FittedLines`. Risks without a line have a row that says why; the last
 * columns are the bootstrap interval of the slope, or why there is none.
 */
export function fitsTable(result: MarketLineResult): Table {
  const names = ['priced risk', 'line', 'slope [1/period]', 'slope std. error', 'intercept [return/period]'];
  const figures = ['intercept std. error', 'R2', 'R2 uncentred', 'slope [annualised]', 'note'];
  const rows: Cell[][] = [];
  const perYear = Math.sqrt(result.periodsPerYear);
  for (const priced of pricedRisks) {
    const fit = result.fits[priced];
    if (fit.kind === 'none') {
      rows.push([priced, null, null, null, null, null, null, null, null, fit.problem.message, ...noInterval]);
      continue;
    }
    const { leastSquares: ols, throughRiskFree: free } = fit;
    const intervals = result.intervals[priced];
    const errors = [ols.slopeStdErr, ols.intercept, ols.interceptStdErr];
    rows.push([
      priced,
      'least squares',
      ols.slope,
      ...errors,
      ols.r2,
      null,
      ols.slope * perYear,
      null,
      ...intervalCells(intervals.leastSquares),
    ]);
    const freeR2 = [free.r2Centred, free.r2Uncentred];
    rows.push([
      priced,
      'through r_f',
      free.slope,
      free.slopeStdErr,
      free.intercept,
      null,
      ...freeR2,
      free.slope * perYear,
      null,
      ...intervalCells(intervals.throughRiskFree),
    ]);
    for (const name of ['theilSen', 'huber', 'orthogonal'] as const) {
      const { slope, intercept } = fit[name];
      rows.push([
        priced,
        name,
        slope,
        null,
        intercept,
        null,
        null,
        null,
        slope * perYear,
        null,
        ...(name === 'orthogonal' ? intervalCells(intervals[name]) : noInterval),
      ]);
    }
  }
  return inUnits(result.period, [...names, ...figures, ...intervalHeaders], rows);
}

const intervalHeaders: readonly string[] = [
  'slope low [1/period]',
  'slope high [1/period]',
  'confidence',
  'interval method',
  'resampled',
  'block [period]',
  'replicates',
  'interval note',
];

/** Cells of lines that are not resampled. */
const noInterval: readonly Cell[] = intervalHeaders.map(() => null);

function intervalCells(interval: SlopeIntervalOutcome): readonly Cell[] {
  if (interval.kind === 'none') return noInterval.with(-1, interval.problem.message);
  const { low, high, confidence, method, resampled, blockPeriods, replicates } = interval;
  return [low, high, confidence, method, resampled, blockPeriods, replicates, null];
}

/** Manifest, what is worth knowing of the model, and results in one document (`importedRun.ts` reads it back); typed arrays become plain arrays. Numbers round-trip. The same study gives the same text. */
export function runJson(manifest: RunManifest, result: MarketLineResult, card?: ModelCard): string {
  if (!card) return plainJson({ manifest, result });
  const { title, parameters, contextLength, horizon } = card;
  return plainJson({ manifest, model: { title, parameters, contextLength, horizon }, result });
}

/** What was found about a run beside its results: it also depends on what was tried before in the session. */
export function analysisJson(manifest: RunManifest, analysis: RunAnalysis): string {
  return plainJson({ manifest, analysis });
}

function plainJson(value: object): string {
  return JSON.stringify(
    value,
    (_key, part: unknown) => (part instanceof Float64Array || part instanceof Int32Array ? Array.from(part) : part),
    1,
  );
}

/** A table whose headers say what its returns are of. */
function inUnits(period: ReturnPeriod, header: readonly string[], rows: readonly (readonly Cell[])[]): Table {
  return { header: header.map((name) => name.replace('period]', `${period}]`)), rows };
}
