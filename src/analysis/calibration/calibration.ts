/**
 * Calibration of the market line (docs/calibration.md): on returns with a planted foundation Sharpe ratio, how far is each fit off, how often
 * does each interval cover the truth, and how often is the truth told from zero and from another model's?
 */

import type { OnProgress } from '../../core/types.ts';
import { decompose } from '../../risk/decomposition/decomposition.ts';
import { fitLeastSquares } from '../../risk/lines/marketLine.ts';
import { type PlantedReturns, type PlantedSettings, plantReturns } from '../../risk/lines/planted.ts';
import { fitHuber, fitTheilSen } from '../../risk/lines/robustLines.ts';
import { slopeKinds } from '../../risk/lines/slopes.ts';
import { studentTQuantile } from '../../risk/moments/studentT.ts';
import {
  bootstrapPeriods,
  defaultPeriodBootstrap,
  type PeriodBootstrap,
  slopeDifference,
} from '../../risk/resampling/bootstrap.ts';
import { bootstrapInterval, type Interval, type IntervalMethod } from '../../risk/resampling/bootstrapInterval.ts';
import { bootstrapConfigurations } from '../../risk/resampling/configurationBootstrap.ts';
import type { PeriodScheme } from '../../risk/resampling/dayResampling.ts';

export interface CalibrationSettings {
  /** Number of planted studies. */
  readonly studies: number;
  readonly replicates: number;
  readonly confidence: number;
  /** Study i is planted and resampled with seed + i. */
  readonly seed: number;
  /** Planted slope of a second model that trades the same market, to be told from the first. */
  readonly rivalSharpePerDay: number;
}

/** Error of an estimate of the planted slope, per day. */
export interface EstimatorScore {
  readonly name: string;
  readonly bias: number;
  readonly rootMeanSquareError: number;
}

export interface IntervalScore {
  readonly name: string;
  /** Share of studies whose interval holds the planted value; a study without an interval counts as not covered. */
  readonly coverage: number;
  readonly meanWidth: number;
  /** Share of studies whose interval lies wholly above or below zero: the power, or the false alarms of a planted zero. */
  readonly excludesZero: number;
}

export interface Calibration {
  readonly planted: Omit<PlantedSettings, 'seed'>;
  readonly settings: CalibrationSettings;
  readonly estimators: readonly EstimatorScore[];
  /** Of the slope on aleatory risk. */
  readonly intervals: readonly IntervalScore[];
  /** The default interval of the difference of the two models' least-squares slopes. */
  readonly difference: IntervalScore;
}

/** The default interval's name among the scores. */
export const DEFAULT_INTERVAL = 'least squares, circular days, studentT';

const schemes: readonly PeriodScheme[] = ['circular', 'stationary'];
const methods: readonly IntervalMethod[] = ['percentile', 'bca', 'studentT'];

/**
 * Plants and evaluates many studies.
 *
 * @throws AbortError soon after the signal
 */
export async function calibrate(
  planted: Omit<PlantedSettings, 'seed' | 'marketSeed'>,
  settings: CalibrationSettings,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<Calibration> {
  const truth = planted.sharpePerDay;
  const estimates = new Map<string, number[]>();
  const intervals = new Map<string, (Interval | null)[]>();
  const differences: (Interval | null)[] = [];
  const keep = <T>(kept: Map<string, T[]>, name: string, value: T) => {
    const values = kept.get(name);
    if (values) values.push(value);
    else kept.set(name, [value]);
  };
  for (let study = 0; study < settings.studies; study++) {
    signal?.throwIfAborted();
    const outcome = await evaluate(planted, settings, settings.seed + study);
    for (const [name, value] of outcome.estimates) keep(estimates, name, value);
    for (const [name, interval] of outcome.intervals) keep(intervals, name, interval);
    differences.push(outcome.difference);
    onProgress?.({ stage: 'Calibrating', done: study + 1, total: settings.studies, unit: 'studies' });
  }
  return {
    planted,
    settings,
    estimators: [...estimates].map(([name, values]) => scoreEstimates(name, values, truth)),
    intervals: [...intervals].map(([name, values]) => scoreIntervals(name, values, truth)),
    difference: scoreIntervals('difference', differences, truth - settings.rivalSharpePerDay),
  };
}

interface Outcome {
  readonly estimates: readonly (readonly [string, number])[];
  readonly intervals: readonly (readonly [string, Interval | null])[];
  readonly difference: Interval | null;
}

/** One planted study. The second model has its own strategies and doubts, but the same market. */
async function evaluate(
  planted: Omit<PlantedSettings, 'seed'>,
  settings: CalibrationSettings,
  seed: number,
): Promise<Outcome> {
  const { riskFreePerPeriod } = planted;
  const { replicates, confidence, rivalSharpePerDay } = settings;
  const returns = plantReturns({ ...planted, seed });
  // A seed no study has as its own.
  const rivalSeed = 2 ** 40 + seed;
  const rival = plantReturns({ ...planted, sharpePerDay: rivalSharpePerDay, seed: rivalSeed, marketSeed: seed });
  const options = { ...defaultPeriodBootstrap, riskFreePerPeriod, seed, replicates, confidence };
  const [byCircular, byStationary] = [
    await bootstrapPeriods([returns.panel, rival.panel], { ...options, scheme: 'circular' }),
    await bootstrapPeriods([returns.panel], { ...options, scheme: 'stationary' }),
  ];
  const { sigma, meanReturn } = pointsOf(returns);
  const line = fitLeastSquares(sigma, meanReturn);
  const half = studentTQuantile((1 + confidence) / 2, sigma.length - 2) * line.slopeStdErr;
  const overPoints = bootstrapConfigurations(sigma, meanReturn, { ...options, method: 'percentile' });
  const slopes = byCircular.clouds[0]!.slopes.aleatory;
  const [mine, other] = byCircular.clouds.map((cloud) => cloud.slopes.aleatory.leastSquares);
  return {
    estimates: [
      ['least squares', line.slope],
      ['through r_f', slopes.throughRiskFree.estimate],
      ['orthogonal', slopes.orthogonal.estimate],
      ['Theil-Sen', fitTheilSen(sigma, meanReturn).slope],
      ['Huber', fitHuber(sigma, meanReturn).slope],
    ],
    intervals: [
      ['least squares, analytic', { low: line.slope - half, high: line.slope + half }],
      ['least squares, configurations, percentile', orNull(overPoints.leastSquares)],
      ...schemes.flatMap((scheme) => ofScheme(scheme === 'circular' ? byCircular : byStationary, confidence)),
    ],
    difference: orNull(slopeDifference(byCircular, mine!, other!).interval),
  };
}

/** Intervals by every method from the same replicates: of least squares by all, of the other lines by the default alone. */
function ofScheme(bootstrap: PeriodBootstrap, confidence: number): [string, Interval | null][] {
  const { clouds, blockPeriods, options } = bootstrap;
  return slopeKinds.flatMap((kind) => {
    const { estimate, replicates, leaveOneOut } = clouds[0]!.slopes.aleatory[kind];
    const blocks = Math.max(2, leaveOneOut.length / blockPeriods);
    const line = { leastSquares: 'least squares', throughRiskFree: 'through r_f', orthogonal: 'orthogonal' }[kind];
    return methods
      .filter((method) => kind === 'leastSquares' || method === options.method)
      .map((method): [string, Interval | null] => [
        `${line}, ${options.scheme} days, ${method}`,
        orNull(bootstrapInterval(estimate, replicates, leaveOneOut, blocks, confidence, method)),
      ]);
  });
}

function orNull(outcome: { readonly kind: 'none' } | ({ readonly kind: 'interval' } & Interval)): Interval | null {
  return outcome.kind === 'interval' ? outcome : null;
}

/** The points (σ aleatory, mean) of the time-resolved split. */
function pointsOf({ panel }: PlantedReturns): { sigma: number[]; meanReturn: number[] } {
  const cells = panel.rows * panel.periods;
  const points = Array.from({ length: panel.returns.length / cells }, (_, c) =>
    decompose(panel.returns.subarray(c * cells, (c + 1) * cells), panel.rows, panel.periods),
  );
  return {
    sigma: points.map((point) => Math.sqrt(point.timeResolved.aleatoryVariance)),
    meanReturn: points.map((point) => point.mean),
  };
}

function scoreEstimates(name: string, values: readonly number[], truth: number): EstimatorScore {
  const average = (of: (value: number) => number) => values.reduce((sum, value) => sum + of(value), 0) / values.length;
  return {
    name,
    bias: average((value) => value - truth),
    rootMeanSquareError: Math.sqrt(average((value) => (value - truth) ** 2)),
  };
}

function scoreIntervals(name: string, values: readonly (Interval | null)[], truth: number): IntervalScore {
  const found = values.filter((interval) => interval !== null);
  const share = (holds: (interval: Interval) => boolean) => found.filter(holds).length / values.length;
  return {
    name,
    coverage: share(({ low, high }) => low <= truth && truth <= high),
    meanWidth: found.reduce((sum, { low, high }) => sum + high - low, 0) / found.length,
    excludesZero: share(({ low, high }) => low > 0 || high < 0),
  };
}
