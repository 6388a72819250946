/** Confidence intervals from bootstrap replicates of a statistic, or the reason why there is none. */

import type { UserProblem } from '../../core/errors.ts';
import { normalCdf, normalQuantile } from '../../core/normal.ts';
import { quantileOfDraws } from '../moments/moments.ts';
import { mean, sumOfSquares } from '../moments/statistics.ts';
import { studentTQuantile } from '../moments/studentT.ts';

/**
 * `percentile`: quantiles of the replicates. `bca`: the same with the levels corrected for bias and acceleration (Efron, "Better
 * bootstrap confidence intervals", JASA 1987). `studentT`: estimate ± t_{n−1} · standard deviation of the replicates ·
 * √(n/(n−1)) for n independent units, which makes up for the narrowness of resampling few of them.
 */
export type IntervalMethod = 'percentile' | 'bca' | 'studentT';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export type IntervalResult =
  | ({ readonly kind: 'interval' } & Interval)
  | { readonly kind: 'none'; readonly problem: UserProblem };

/** With more replicates without a value than this share, the rest would be a selection. */
const MOST_UNDEFINED = 0.05;

/**
 * @param estimate the statistic of the data themselves
 * @param replicates [B]; NaN where a replicate does not determine the statistic: these are left out, up to 5 %
 * @param leaveOneOut [n] the statistic without each of the resampled units (for `bca`)
 * @param units n: how many independent units are drawn in a replicate, at least 2, not necessarily whole (for `studentT`)
 * @param confidence in (0, 1)
 */
export function bootstrapInterval(
  estimate: number,
  replicates: Float64Array,
  leaveOneOut: Float64Array,
  units: number,
  confidence: number,
  method: IntervalMethod,
): IntervalResult {
  const sorted = replicates.filter(Number.isFinite).sort();
  if (!Number.isFinite(estimate) || sorted.length < (1 - MOST_UNDEFINED) * replicates.length || sorted.length === 0) {
    return none('risk/undetermined', 'Too many resamples of the data determine no line.');
  }
  const spread = sorted.at(-1)! - sorted[0]!;
  if (!(spread > 1e-12 * Math.abs(estimate))) {
    return none(
      'risk/no-variation',
      'All resamples of the data give the same line, so they say nothing about its error.',
    );
  }
  const tail = (1 - confidence) / 2;
  if (method === 'studentT') {
    const deviation = Math.sqrt((sumOfSquares(sorted) / (sorted.length - 1)) * (units / (units - 1)));
    const half = studentTQuantile(1 - tail, units - 1) * deviation;
    return { kind: 'interval', low: estimate - half, high: estimate + half };
  }
  const level = method === 'bca' ? bcaLevels(estimate, sorted, leaveOneOut) : (probability: number) => probability;
  return {
    kind: 'interval',
    low: quantileOfDraws(sorted, level(tail)),
    high: quantileOfDraws(sorted, level(1 - tail)),
  };
}

function none(code: string, message: string): IntervalResult {
  return { kind: 'none', problem: { code, message, hint: 'Use more days, or configurations that differ more.' } };
}

/**
 * Efron's corrected levels Φ(z₀ + (z₀ + z)/(1 − a(z₀ + z))): z₀ from the share of replicates below the estimate (ties count half), a
 * from the skewness of the jackknife values.
 */
function bcaLevels(estimate: number, sorted: Float64Array, leaveOneOut: Float64Array): (probability: number) => number {
  let below = 0;
  for (const value of sorted) below += value < estimate ? 1 : value === estimate ? 0.5 : 0;
  // An estimate outside its replicates would give an infinite correction.
  const share = Math.min(Math.max(below, 0.5), sorted.length - 0.5) / sorted.length;
  const bias = normalQuantile(share);
  const acceleration = accelerationOf(leaveOneOut.filter(Number.isFinite));
  return (probability) => {
    const shifted = bias + normalQuantile(probability);
    return normalCdf(bias + shifted / (1 - acceleration * shifted));
  };
}

/** Σ(θ̄ − θᵢ)³ / (6 (Σ(θ̄ − θᵢ)²)^1.5); 0 without variation. */
function accelerationOf(leaveOneOut: Float64Array): number {
  const centre = mean(leaveOneOut);
  let squares = 0;
  let cubes = 0;
  for (const value of leaveOneOut) {
    squares += (centre - value) ** 2;
    cubes += (centre - value) ** 3;
  }
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}
