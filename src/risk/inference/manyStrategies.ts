/**
 * Many strategies tried on the same periods: does the best beat a benchmark by more than luck, which of them do, and what would the
 * best of as many worthless ones show? All from the same draws of periods.
 */

import { normalCdf, normalQuantile } from '../../core/normal.ts';
import { quantileOfDraws } from '../moments/moments.ts';
import { resamplingP } from '../moments/pValues.ts';
import { mean, sumOfSquares, varies } from '../moments/statistics.ts';
import { countPeriods, emptyDraw, type OrderOf } from '../resampling/dayResampling.ts';
import { addWeightedRows } from '../resampling/dayStatistics.ts';
import { dailySharpe, sharpeInference } from './sharpe.ts';
import { expectedBestSharpe } from './sharpeSignificance.ts';

export interface ManyStrategies {
  /** Strategies with variance: indices. */
  readonly used: readonly number[];
  /** Without variance: left out. */
  readonly left: readonly number[];
  /** [N] mean advantage a period */
  readonly means: readonly number[];
  /** [N] ω: standard deviation of √T·mean over the draws */
  readonly scales: readonly number[];
  /** Of `used`: strategy with the largest mean. */
  readonly best: number;
  /** White (Econometrica 2000): max √T·d̄. */
  readonly whiteRealityCheck: { readonly statistic: number; readonly pValue: number };
  /** Hansen (JBES 2005): max √T·d̄/ω, poor strategies recentred. */
  readonly superiorPredictiveAbility: {
    readonly statistic: number;
    readonly consistent: number;
    readonly lower: number;
    readonly upper: number;
    /** Strategies that are clearly bad. */
    readonly poor: number;
  };
  /** Romano & Wolf (2005, 2016): p-values of each strategy, adjusted for all of them, in the order of `used`. */
  readonly romanoWolf: { readonly t: readonly number[]; readonly adjustedPValues: readonly number[] };
}

/** @param advantages [N][T] returns less the benchmark's; null where none varies */
export function testMany(
  advantages: readonly ArrayLike<number>[],
  draws: { readonly count: number; readonly orderOf: OrderOf },
): ManyStrategies | null {
  const used = advantages.flatMap((series, i) => (varies(series) ? [i] : []));
  const left = advantages.flatMap((_, i) => (used.includes(i) ? [] : [i]));
  if (used.length === 0) return null;
  const periods = advantages[0]!.length;
  const rootT = Math.sqrt(periods);
  const means = used.map((i) => mean(advantages[i]!));
  const n = used.length;
  const centred = used.map((i, j) => Float64Array.from(advantages[i]!, (value) => value - means[j]!));
  const deviations = resampledSums(centred, draws).map((sum) => sum / periods);
  const { count } = draws;
  const scales = means.map((_, j) => {
    let squares = 0;
    for (let b = 0; b < count; b++) squares += deviations[b * n + j]! ** 2;
    return rootT * Math.sqrt(squares / count);
  });
  const t = means.map((value, j) => (rootT * value) / scales[j]!);
  const threshold = -Math.sqrt(2 * Math.log(Math.log(Math.max(periods, 3))));
  const best = means.indexOf(Math.max(...means));
  const statistic = Math.max(0, ...t);

  const reached = (of: (b: number) => number, bound: number): number => {
    let draw = 0;
    for (let b = 0; b < count; b++) if (of(b) >= bound) draw++;
    return resamplingP(draw, count);
  };
  const hansen = (recentred: readonly number[]): number => {
    if (statistic === 0) return 1;
    return reached((b) => {
      let largest = 0;
      for (let j = 0; j < n; j++) {
        largest = Math.max(largest, (rootT * (deviations[b * n + j]! + recentred[j]!)) / scales[j]!);
      }
      return largest;
    }, statistic);
  };
  return {
    used,
    left,
    means,
    scales,
    best: used[best]!,
    whiteRealityCheck: {
      statistic: rootT * means[best]!,
      pValue: reached((b) => largestOf(deviations, b, n) * rootT, rootT * means[best]!),
    },
    superiorPredictiveAbility: {
      statistic,
      consistent: hansen(means.map((value, j) => (t[j]! < threshold ? value : 0))),
      lower: hansen(means.map((value) => Math.min(0, value))),
      upper: hansen(means.map(() => 0)),
      poor: t.filter((value) => value < threshold).length,
    },
    romanoWolf: { t, adjustedPValues: stepDown(t, deviations, scales, count, rootT) },
  };
}

/** In descending order of t, each against the draws' largest of this and all later ones; p-values never fall. */
function stepDown(
  t: readonly number[],
  deviations: Float64Array,
  scales: readonly number[],
  count: number,
  rootT: number,
): number[] {
  const n = t.length;
  const order = t.map((_, j) => j).sort((a, b) => t[b]! - t[a]!);
  const beyond = new Int32Array(n);
  for (let b = 0; b < count; b++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let place = n - 1; place >= 0; place--) {
      const j = order[place]!;
      largest = Math.max(largest, (rootT * deviations[b * n + j]!) / scales[j]!);
      if (largest >= t[j]!) beyond[j] = beyond[j]! + 1;
    }
  }
  const adjusted = new Array<number>(n).fill(1);
  let running = 0;
  for (const j of order) {
    running = Math.max(running, resamplingP(beyond[j]!, count));
    adjusted[j] = running;
  }
  return adjusted;
}

function largestOf(values: Float64Array, row: number, width: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < width; j++) largest = Math.max(largest, values[row * width + j]!);
  return largest;
}

export interface DeflatedSharpe {
  /** Index of the strategy of highest Sharpe ratio. */
  readonly best: number;
  /** Its ratio, per period. */
  readonly sharpe: number;
  /** Strategies with variance, and those tried before. */
  readonly trials: number;
  /** Probability (PSR) that its true ratio exceeds 0, trials disregarded. */
  readonly probabilistic: number;
  /** Bailey & López de Prado (2014): the spread of different strategies counts as luck. */
  readonly textbook: {
    readonly varianceOverTrials: number;
    /** What the best of as many worthless strategies shows. */
    readonly expectedBest: number;
    readonly deflated: number;
  };
  /** The largest ratio over all strategies, resampled with their means removed. */
  readonly bootstrap: {
    readonly expectedBest: number;
    readonly quantile95: number;
    readonly deflated: number;
    readonly pValue: number;
  };
}

/**
 * The best Sharpe ratio, less what the best of so many worthless strategies would show.
 *
 * @param strategies [N][T]
 * @param triedBefore earlier trials on the same data, each taken for an independent worthless strategy with null variance 1/(T − 1)
 * @returns null where no strategy varies
 */
export function deflateBest(
  strategies: readonly ArrayLike<number>[],
  riskFree: number,
  confidence: number,
  draws: { readonly count: number; readonly orderOf: OrderOf },
  triedBefore = 0,
): DeflatedSharpe | null {
  const used = strategies.flatMap((series, i) => (varies(series) ? [i] : []));
  if (used.length === 0) return null;
  const periods = strategies[0]!.length;
  const sharpes = used.map((i) => dailySharpe(strategies[i]!, riskFree));
  const sharpe = Math.max(...sharpes);
  const best = used[sharpes.indexOf(sharpe)]!;
  const options = { riskFree, periodsPerYear: 1, benchmarkSharpe: 0, confidence };
  const { stdErr, probabilistic } = sharpeInference(strategies[best]!, options)!;
  const error = stdErr.baileyLopezDePrado;
  const trials = used.length + triedBefore;
  // One strategy shows no spread: under the null, a ratio varies by 1/(T − 1).
  const alone = triedBefore > 0 ? 1 / (periods - 1) : 0;
  const varianceOverTrials = used.length > 1 ? sumOfSquares(sharpes) / (sharpes.length - 1) : alone;
  const textbook = expectedBestSharpe(trials, varianceOverTrials);
  const largest = largestUnderNull(
    used.map((i) => strategies[i]!),
    draws,
    triedBefore,
  );
  const expectedBest = mean(largest);
  return {
    best,
    sharpe,
    trials,
    probabilistic,
    textbook: {
      varianceOverTrials,
      expectedBest: textbook,
      deflated: normalCdf((sharpe - textbook) / error),
    },
    bootstrap: {
      expectedBest,
      quantile95: quantileOfDraws(largest.slice().sort(), confidence),
      deflated: normalCdf((sharpe - expectedBest) / error),
      pValue: resamplingP(largest.filter((value) => value >= sharpe).length, draws.count),
    },
  };
}

/**
 * [B] Largest Sharpe ratio of a draw over all strategies with their means removed; a strategy without variance in a draw is left out
 * of it. Earlier trials: the largest of so many independent normal ratios of variance 1/(T − 1), at evenly spread levels.
 */
function largestUnderNull(
  strategies: readonly ArrayLike<number>[],
  draws: { readonly count: number; readonly orderOf: OrderOf },
  triedBefore: number,
): Float64Array {
  const n = strategies.length;
  const periods = strategies[0]!.length;
  const centred = strategies.map((series) => {
    const centre = mean(series);
    return Float64Array.from(series, (value) => value - centre);
  });
  const sums = resampledSums([...centred, ...centred.map((series) => series.map((value) => value * value))], draws);
  const width = 2 * n;
  return Float64Array.from({ length: draws.count }, (_, b) => {
    let largest = earlierLargest(b, draws.count, triedBefore) / Math.sqrt(periods - 1);
    for (let i = 0; i < n; i++) {
      const average = sums[b * width + i]! / periods;
      const square = sums[b * width + n + i]! / periods;
      const variance = square - average * average;
      // Equal returns leave rounding of this size behind.
      if (variance > 1e-12 * square) largest = Math.max(largest, average / Math.sqrt(variance));
    }
    return largest;
  });
}

/** The largest of n standard normals, −∞ of none: a Weyl sequence of levels, so that no stream of random numbers is used up. */
function earlierLargest(b: number, count: number, n: number): number {
  if (n === 0) return Number.NEGATIVE_INFINITY;
  const golden = 0.6180339887498949;
  const level = (((b + 0.5) * golden) % 1) * (1 - 1 / count) + 0.5 / count;
  return normalQuantile(level ** (1 / n));
}

/** [B, N] sums over the periods drawn */
function resampledSums(
  series: readonly Float64Array[],
  { count, orderOf }: { readonly count: number; readonly orderOf: OrderOf },
): Float64Array {
  const width = series.length;
  const periods = series[0]!.length;
  const data = new Float64Array(periods * width);
  series.forEach((values, i) => {
    for (let t = 0; t < periods; t++) data[t * width + i] = values[t]!;
  });
  const sums = new Float64Array(count * width);
  const draw = emptyDraw(periods);
  for (let b = 0; b < count; b++) {
    countPeriods(orderOf(b), draw);
    addWeightedRows({ data, width }, draw.days, draw.weights, draw.count, sums.subarray(b * width, (b + 1) * width));
  }
  return sums;
}
