/** The lessons on risk: returns with known parts, many worlds without skill, the best of many, and alpha that decays. */

import { RandomStream } from '../../core/random.ts';
import { type Decomposition, decompose } from '../../risk/decomposition/decomposition.ts';
import { deflateBest } from '../../risk/inference/manyStrategies.ts';
import { expectedBestSharpe } from '../../risk/inference/sharpeSignificance.ts';
import { fitLeastSquares, type LeastSquaresLine } from '../../risk/lines/marketLine.ts';
import { plantReturns } from '../../risk/lines/planted.ts';
import { mean, populationVariance } from '../../risk/moments/statistics.ts';
import { studentTQuantile } from '../../risk/moments/studentT.ts';
import { orderedDraws } from '../../risk/resampling/dayResampling.ts';
import { rollingSharpe } from '../tearSheet.ts';

const BPS = 1e-4;
export const DAYS_A_YEAR = 252;
const RISK_FREE_A_DAY = 0.05 / DAYS_A_YEAR;

/** Daily returns [A][T] of assets with a common factor: correlation ρ between any two. */
export function correlatedAssets(
  assets: readonly { readonly meanBps: number; readonly sigmaBps: number }[],
  correlation: number,
  days: number,
  seed: number,
): Float64Array[] {
  const stream = new RandomStream(seed, 'lesson/assets');
  const common = Float64Array.from({ length: days }, () => stream.normal());
  return assets.map(({ meanBps, sigmaBps }) =>
    common.map((shock) => {
      const own = Math.sqrt(correlation) * shock + Math.sqrt(1 - correlation) * stream.normal();
      return (meanBps + sigmaBps * own) * BPS;
    }),
  );
}

export interface TwoRisks {
  /** [K] whole-period equity curves [T], in basis points */
  readonly curves: readonly Float64Array[];
  readonly split: Decomposition;
}

/**
 * K variants of one strategy over T days: all feel the market's shock (aleatory), each has its own error (epistemic), of which a part is
 * the same on every day.
 */
export function twoRisks(settings: {
  readonly variants: number;
  readonly days: number;
  readonly meanBps: number;
  readonly aleatoryBps: number;
  readonly epistemicBps: number;
  readonly seed: number;
}): TwoRisks {
  const { variants, days, meanBps, aleatoryBps, epistemicBps, seed } = settings;
  const stream = new RandomStream(seed, 'lesson/risks');
  const market = Float64Array.from({ length: days }, () => aleatoryBps * stream.normal());
  const returns = new Float64Array(variants * days);
  const curves = Array.from({ length: variants }, (_, k) => {
    let equity = 0;
    return market.map((shock, t) => {
      const earned = meanBps + shock + epistemicBps * stream.normal();
      returns[k * days + t] = earned * BPS;
      equity += earned;
      return equity;
    });
  });
  return { curves, split: decompose(returns, variants, days) };
}

export interface PlantedLine {
  /** [C] basis points a day */
  readonly points: readonly { readonly sigmaBps: number; readonly meanBps: number }[];
  readonly fit: LeastSquaresLine;
  readonly riskFreeBps: number;
}

/** A cloud of configurations with a known foundation Sharpe ratio, and the line that a study would fit to it. */
export function plantedLine(settings: {
  readonly sharpeAYear: number;
  readonly days: number;
  readonly commonShare: number;
  readonly configurations: number;
  readonly variants: number;
  readonly seed: number;
}): PlantedLine {
  const { configurations, variants, days, sharpeAYear, commonShare, seed } = settings;
  const { panel } = plantReturns({
    ...{ configurations, variants, days, commonShare, seed },
    sharpePerDay: sharpeAYear / Math.sqrt(DAYS_A_YEAR),
    riskFreePerPeriod: RISK_FREE_A_DAY,
    sigmaAleatory: { min: 20 * BPS, max: 120 * BPS },
    sigmaEpistemic: { min: 5 * BPS, max: 30 * BPS },
    autocorrelation: 0,
  });
  const size = variants * days;
  const splits = Array.from({ length: configurations }, (_, c) =>
    decompose(panel.returns.subarray(c * size, (c + 1) * size), variants, days),
  );
  const sigmas = splits.map(({ timeResolved }) => Math.sqrt(timeResolved.aleatoryVariance));
  const means = splits.map((split) => split.mean);
  return {
    points: sigmas.map((sigma, c) => ({ sigmaBps: sigma / BPS, meanBps: means[c]! / BPS })),
    fit: fitLeastSquares(sigmas, means),
    riskFreeBps: RISK_FREE_A_DAY / BPS,
  };
}

export interface WorthlessWorlds {
  /** [N] R² of the fitted line in each world */
  readonly r2: readonly number[];
  /** [N] annual slope */
  readonly slopes: readonly number[];
  /** Share of worlds whose slope differs from zero by its analytic standard error at 95 %: 5 % would be honest. */
  readonly calledSignificant: number;
}

/** Lines through clouds without any skill: every configuration earns the risk-free rate on average. */
export function worthlessWorlds(settings: {
  readonly worlds: number;
  readonly days: number;
  readonly commonShare: number;
  readonly configurations: number;
  readonly seed: number;
}): WorthlessWorlds {
  const { worlds, seed, ...rest } = settings;
  const fits = Array.from(
    { length: worlds },
    (_, w) => plantedLine({ ...rest, sharpeAYear: 0, variants: 1, seed: seed * 1000 + w }).fit,
  );
  const significant = fits.filter(
    ({ slope, slopeStdErr, points }) => Math.abs(slope / slopeStdErr) > studentTQuantile(0.975, points - 2),
  );
  return {
    r2: fits.map(({ r2 }) => r2),
    slopes: fits.map(({ slope }) => slope * Math.sqrt(DAYS_A_YEAR)),
    calledSignificant: significant.length / worlds,
  };
}

export interface BestOfMany {
  /** [N] annual Sharpe ratios, descending */
  readonly sharpes: readonly number[];
  /** What the best of so many is expected to show by luck, a year. */
  readonly expectedBest: number;
  /** Deflated Sharpe ratio: confidence that the best is above the luckiest of so many. */
  readonly deflated: number;
}

/** N strategies without skill: the best of them looks good. */
export function bestOfMany(trials: number, days: number, seed: number): BestOfMany {
  const strategies = Array.from({ length: trials }, (_, n) => {
    const stream = new RandomStream(seed, 'lesson/trials', n);
    return Float64Array.from({ length: days }, () => 0.01 * stream.normal());
  });
  const perYear = Math.sqrt(DAYS_A_YEAR);
  const blocks = { seed, name: 'lesson/trials-drawn', scheme: 'circular', blockLength: 1 } as const;
  const draws = { count: 199, orderOf: orderedDraws(blocks, days) };
  const sharpes = strategies
    .map((returns) => (perYear * mean(returns)) / Math.sqrt(populationVariance(returns)))
    .sort((a, b) => b - a);
  return {
    sharpes,
    expectedBest: perYear * expectedBestSharpe(trials, 1 / days),
    deflated: deflateBest(strategies, 0, 0.95, draws)?.bootstrap.deflated ?? Number.NaN,
  };
}

export interface Decay {
  /** [T] annual Sharpe ratio that is really there */
  readonly planted: Float64Array;
  /** [T] of the last `windowDays`; NaN before */
  readonly rolling: Float64Array;
}

/** Alpha that halves every `halfLifeDays`, and the rolling Sharpe ratio that somebody watching would see. */
export function decayingAlpha(settings: {
  readonly startSharpe: number;
  readonly halfLifeDays: number;
  readonly days: number;
  readonly windowDays: number;
  readonly seed: number;
}): Decay {
  const { startSharpe, halfLifeDays, days, windowDays, seed } = settings;
  const stream = new RandomStream(seed, 'lesson/decay');
  const planted = Float64Array.from({ length: days }, (_, t) => startSharpe * 2 ** (-t / halfLifeDays));
  const sigma = 0.01;
  const returns = planted.map((sharpe) => sigma * (sharpe / Math.sqrt(DAYS_A_YEAR) + stream.normal()));
  return { planted, rolling: rollingSharpe(returns, windowDays, 0, DAYS_A_YEAR) };
}
