/** Every interval of every line of one run, side by side: analytic, by drawing configurations, by drawing days. */

import { toProblem, UserError } from '../core/errors.ts';
import { type PricedRisk, pricedRisks } from '../risk/decomposition/pricedRisk.ts';
import { type SlopeKind, slopeKinds } from '../risk/lines/slopes.ts';
import { studentTQuantile } from '../risk/moments/studentT.ts';
import { bootstrapPeriods, defaultPeriodBootstrap, type SlopeIntervalOutcome } from '../risk/resampling/bootstrap.ts';
import { bootstrapInterval, type IntervalMethod } from '../risk/resampling/bootstrapInterval.ts';
import { bootstrapConfigurations } from '../risk/resampling/configurationBootstrap.ts';
import type { ReturnPanel } from '../risk/resampling/dayStatistics.ts';
import { bootstrapRobust, type RobustKind, robustKinds } from '../risk/resampling/robustBootstrap.ts';
import type { MarketLineResult } from './marketLineResult.ts';

export type LineKind = SlopeKind | RobustKind;
export const lineKinds: readonly LineKind[] = [...slopeKinds, ...robustKinds];

/** How an interval is made. `days studentT` is the default. */
export const intervalKinds = [
  'days, studentT',
  'days, percentile',
  'days, bca',
  'configurations, percentile',
  'configurations, bca',
  'analytic',
] as const;
export type IntervalKind = (typeof intervalKinds)[number];

/** Of the slope per day; absent where the method does not exist for the line. */
export type LineIntervals = Readonly<
  Record<PricedRisk, Readonly<Record<LineKind, Readonly<Partial<Record<IntervalKind, SlopeIntervalOutcome>>>>>>
>;

const periodMethods: readonly IntervalMethod[] = ['studentT', 'percentile', 'bca'];
/** Fits of Theil-Sen and Huber lines are slow; a deviation needs no more. */
const ROBUST_REPLICATES = 299;
const CONFIGURATION_REPLICATES = 1999;

/** The panel of the configurations that traded, dropout variants only. */
export function tradedPanel(
  result: Pick<MarketLineResult, 'configurations' | 'periodReturns' | 'variants' | 'periods'>,
): ReturnPanel {
  return {
    returns: result.periodReturns,
    rows: result.variants + 1,
    periods: result.periods.length,
    firstVariant: 1,
    include: result.configurations.filter((point) => point.traded).map((point) => point.index),
  };
}

/** Some seconds of work for a hundred configurations: for a worker. */
export async function lineIntervalsOf(
  result: MarketLineResult,
  seed: number,
  signal?: AbortSignal,
): Promise<LineIntervals> {
  const { riskFreePerPeriod } = result;
  const panel = tradedPanel(result);
  const options = { ...defaultPeriodBootstrap, riskFreePerPeriod, seed };
  const days = await bootstrapPeriods([panel], options, undefined, signal).catch((caught: unknown) => {
    if (caught instanceof UserError) return toProblem(caught);
    throw caught;
  });
  signal?.throwIfAborted();
  const robust =
    'code' in days ? days : bootstrapRobust(panel, days.blockPeriods, { ...options, replicates: ROBUST_REPLICATES });
  const none = (problem: ReturnType<typeof toProblem>): SlopeIntervalOutcome => ({ kind: 'none', problem });

  const closedForm = (priced: PricedRisk, kind: SlopeKind): Partial<Record<IntervalKind, SlopeIntervalOutcome>> => {
    const found: Partial<Record<IntervalKind, SlopeIntervalOutcome>> = {};
    for (const method of periodMethods) {
      found[`days, ${method}`] = 'code' in days ? none(days) : byDays(days, priced, kind, method);
    }
    for (const method of ['percentile', 'bca'] as const) {
      found[`configurations, ${method}`] = configurations[priced][method][kind];
    }
    const analytic = analyticInterval(result, priced, kind);
    if (analytic) found.analytic = analytic;
    return found;
  };
  const byPoints = (priced: PricedRisk, method: IntervalMethod) => {
    const points = result.configurations.filter((point) => point.traded);
    const sigma = points.map((point) => point.sigmaBps[priced] / 1e4);
    const means = points.map((point) => point.meanBps / 1e4);
    const { confidence } = options;
    return bootstrapConfigurations(sigma, means, {
      riskFreePerPeriod,
      seed,
      replicates: CONFIGURATION_REPLICATES,
      confidence,
      method,
    });
  };
  const configurations = byRisk((priced) => ({
    percentile: byPoints(priced, 'percentile'),
    bca: byPoints(priced, 'bca'),
  }));
  return byRisk((priced) => ({
    leastSquares: closedForm(priced, 'leastSquares'),
    throughRiskFree: closedForm(priced, 'throughRiskFree'),
    orthogonal: closedForm(priced, 'orthogonal'),
    theilSen: { 'days, studentT': 'code' in robust ? none(robust) : robust[priced].theilSen },
    huber: { 'days, studentT': 'code' in robust ? none(robust) : robust[priced].huber },
  }));
}

function byRisk<T>(of: (priced: PricedRisk) => T): Record<PricedRisk, T> {
  const [aleatory, epistemic, total] = pricedRisks.map(of);
  return { aleatory: aleatory!, epistemic: epistemic!, total: total! };
}

function byDays(
  bootstrap: Awaited<ReturnType<typeof bootstrapPeriods>>,
  priced: PricedRisk,
  kind: SlopeKind,
  method: IntervalMethod,
): SlopeIntervalOutcome {
  const { blockPeriods, options, clouds } = bootstrap;
  const { estimate, replicates, leaveOneOut, interval } = clouds[0]!.slopes[priced][kind];
  if (interval.kind === 'none') return interval;
  const units = Math.max(2, leaveOneOut.length / blockPeriods);
  const found = bootstrapInterval(estimate, replicates, leaveOneOut, units, options.confidence, method);
  return found.kind === 'none' ? found : { ...interval, ...found, method };
}

/** Student's t about the slope; for least squares and the line through r_f, whose errors have a formula. */
function analyticInterval(
  { fits }: MarketLineResult,
  priced: PricedRisk,
  kind: SlopeKind,
): SlopeIntervalOutcome | undefined {
  const fit = fits[priced];
  if (fit.kind === 'none') return fit;
  if (kind === 'orthogonal') return undefined;
  const { confidence } = defaultPeriodBootstrap;
  const { slope, slopeStdErr } = fit[kind];
  const freedom = fit.leastSquares.points - (kind === 'leastSquares' ? 2 : 1);
  const half = studentTQuantile((1 + confidence) / 2, freedom) * slopeStdErr;
  return {
    kind: 'interval',
    low: slope - half,
    high: slope + half,
    confidence,
    method: 'studentT',
    resampled: 'configurations',
    blockPeriods: null,
    replicates: 0,
  };
}
