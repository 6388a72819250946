/** Does the best of many strategies beat a benchmark by more than the luck of having tried so many? By bootstrap over days. */

import { RandomStream } from '../../core/random.ts';
import { drawPeriods, emptyDraw, type PeriodScheme } from '../resampling/dayResampling.ts';
import { addWeightedRows } from '../resampling/dayStatistics.ts';

export interface RealityCheckOptions {
  readonly seed: number;
  readonly replicates: number;
  readonly scheme: PeriodScheme;
  /** Days. */
  readonly blockLength: number;
}

/** p-values of the hypothesis that no strategy beats the benchmark. */
export interface RealityCheck {
  /** Strategy with the largest mean advantage. */
  readonly best: number;
  /** White, "A reality check for data snooping" (Econometrica 2000): max √T·d̄, least favourable configuration. */
  readonly realityCheck: number;
  /**
   * Hansen, "A test for superior predictive ability" (JBES 2005): max √T·d̄/ω̂ against means recentred only where a strategy is not
   * clearly bad; poor strategies among the trials then cost no power.
   */
  readonly superiorPredictiveAbility: number;
  /** Hansen's bounds: bad strategies taken as far below (lower) or as good as the benchmark (upper). */
  readonly lower: number;
  readonly upper: number;
}

/**
 * Tests advantages d[n,t] = return of strategy n less the benchmark's. ω̂² is the bootstrap variance of √T·d̄. Strategies that never
 * differ from the benchmark are left out of the studentised maxima.
 *
 * @param advantages [N][T], N ≥ 1
 */
export function checkReality(advantages: readonly ArrayLike<number>[], options: RealityCheckOptions): RealityCheck {
  const n = advantages.length;
  const periods = advantages[0]?.length ?? 0;
  if (n === 0 || periods < 2) throw new RangeError('nothing to test');
  const rootT = Math.sqrt(periods);
  const means = advantages.map((series) => Array.from(series).reduce((sum, value) => sum + value, 0) / periods);
  const deviations = resampledDeviations(advantages, means, options);
  const { replicates } = options;
  const scales = means.map((_, i) => {
    let squares = 0;
    for (let b = 0; b < replicates; b++) squares += deviations[b * n + i]! ** 2;
    return rootT * Math.sqrt(squares / replicates);
  });
  // Hansen's threshold: clearly bad is a studentised mean below −√(2 ln ln T).
  const clearlyBad = -Math.sqrt(2 * Math.log(Math.log(Math.max(periods, 3))));
  const studentised = means.map((value, i) => (scales[i]! > 0 ? (rootT * value) / scales[i]! : 0));
  const statistic = Math.max(0, ...studentised);

  /** Share of draws whose largest studentised mean, recentred so, reaches the statistic. */
  const pValue = (recentred: (i: number) => number) => {
    let beyond = 0;
    for (let b = 0; b < replicates; b++) {
      let largest = 0;
      for (let i = 0; i < n; i++) {
        if (!(scales[i]! > 0)) continue;
        largest = Math.max(largest, (rootT * (deviations[b * n + i]! + recentred(i))) / scales[i]!);
      }
      if (largest >= statistic) beyond++;
    }
    return beyond / replicates;
  };
  return {
    best: means.indexOf(Math.max(...means)),
    realityCheck: whitesP(means, deviations, replicates),
    superiorPredictiveAbility: pValue((i) => (studentised[i]! < clearlyBad ? means[i]! : 0)),
    lower: pValue((i) => Math.min(0, means[i]!)),
    upper: pValue(() => 0),
  };
}

/** Share of draws whose largest deviation of a mean reaches the largest mean. */
function whitesP(means: readonly number[], deviations: Float64Array, replicates: number): number {
  const best = Math.max(...means);
  const n = means.length;
  let beyond = 0;
  for (let b = 0; b < replicates; b++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < n; i++) largest = Math.max(largest, deviations[b * n + i]!);
    if (largest >= best) beyond++;
  }
  return beyond / replicates;
}

/** [B, N] mean of the resampled days less the mean of all days */
function resampledDeviations(
  advantages: readonly ArrayLike<number>[],
  means: readonly number[],
  { seed, replicates, scheme, blockLength }: RealityCheckOptions,
): Float64Array {
  const width = advantages.length;
  const periods = advantages[0]!.length;
  const data = Float64Array.from({ length: periods * width }, (_, at) => {
    const i = at % width;
    return advantages[i]![(at - i) / width]! - means[i]!;
  });
  const deviations = new Float64Array(replicates * width);
  const draw = emptyDraw(periods);
  for (let b = 0; b < replicates; b++) {
    drawPeriods(new RandomStream(seed, 'bootstrap/reality', b), scheme, periods, blockLength, draw);
    const sums = deviations.subarray(b * width, (b + 1) * width);
    addWeightedRows({ data, width }, draw.days, draw.weights, draw.count, sums);
    for (let i = 0; i < width; i++) sums[i] = sums[i]! / periods;
  }
  return deviations;
}
