/**
 * Tail and tear-sheet measures of one series of period returns. Losses are positive in VaR and expected shortfall, drawdowns
 * negative. Measures that a series does not determine (no variance, no loss) are NaN or infinite, never a made-up number.
 */

import { normalQuantile } from '../../core/normal.ts';
import { type Moments, momentsOf, sampleQuantile } from '../moments/moments.ts';
import { mean, sumOfSquares } from '../moments/statistics.ts';

/** Losses exceeded with probability 1 − level. */
export interface ValueAtRisk {
  /** −quantile of the returns at 1 − level, interpolated linearly. */
  readonly historical: number;
  /** −(mean + z·stdev) with the normal quantile z at 1 − level and population moments. */
  readonly gaussian: number;
  /**
   * −(mean + z̃·stdev), z̃ = z + (z² − 1)S/6 + (z³ − 3z)K/24 − (2z³ − 5z)S²/36 with skewness S and excess kurtosis K: the
   * Cornish-Fisher expansion (Favre & Galeano, "Mean-modified value-at-risk optimization with hedge funds", 2002).
   */
  readonly modified: number;
  /** −mean of the returns at or below −historical. */
  readonly expectedShortfall: number;
}

export interface TailMeasures extends Moments {
  /** Mean × periods per year. */
  readonly annualisedReturnArithmetic: number;
  /** √(Σ(r − mean)²/(n − 1)) × √(periods per year); NaN for one period. */
  readonly annualisedVolatility: number;
  /** (mean − r_f)/√(Σ(r − mean)²/(n − 1)) × √(periods per year). */
  readonly sharpe: number;
  /** (mean − r_f)/√(Σ min(0, r − r_f)²/n) × √(periods per year) (Sortino & van der Meer 1991). */
  readonly sortino: number;
  /** Largest loss from a peak of compounded wealth, ≤ 0; wealth starts at 1. */
  readonly maxDrawdownCompounded: number;
  /** ((Π(1 + r))^(periods per year/n) − 1)/|maximum drawdown| (Young 1991). */
  readonly calmar: number;
  readonly var95: ValueAtRisk;
  readonly var99: ValueAtRisk;
}

/**
 * All measures at once.
 *
 * @param returns [T] per period, T ≥ 1
 * @param riskFree per period
 */
export function tailMeasures(returns: ArrayLike<number>, riskFree: number, periodsPerYear: number): TailMeasures {
  if (returns.length === 0) throw new RangeError('no returns');
  const moments = momentsOf(returns);
  const perYear = Math.sqrt(periodsPerYear);
  const deviation =
    moments.stdev === 0 && returns.length > 1 ? 0 : Math.sqrt(sumOfSquares(returns) / (returns.length - 1));
  const drawdown = maxDrawdown(returns);
  return {
    ...moments,
    annualisedReturnArithmetic: moments.mean * periodsPerYear,
    annualisedVolatility: deviation * perYear,
    sharpe: ((moments.mean - riskFree) / deviation) * perYear,
    sortino: ((moments.mean - riskFree) / downsideDeviation(returns, riskFree)) * perYear,
    maxDrawdownCompounded: drawdown,
    calmar: (compound(returns) ** (periodsPerYear / returns.length) - 1) / Math.abs(drawdown),
    var95: valueAtRisk(returns, 0.95, moments),
    var99: valueAtRisk(returns, 0.99, moments),
  };
}

/** @param level in (0, 1), for instance 0.95 */
export function valueAtRisk(returns: ArrayLike<number>, level: number, moments = momentsOf(returns)): ValueAtRisk {
  const historical = -sampleQuantile(returns, 1 - level);
  const { mean: centre, stdev, skewness, excessKurtosis } = moments;
  const z = normalQuantile(1 - level);
  const expanded =
    z +
    ((z * z - 1) * skewness) / 6 +
    ((z ** 3 - 3 * z) * excessKurtosis) / 24 -
    ((2 * z ** 3 - 5 * z) * skewness ** 2) / 36;
  return {
    historical,
    gaussian: -(centre + z * stdev),
    modified: -(centre + expanded * stdev),
    expectedShortfall: -mean(Array.from(returns).filter((value) => value <= -historical)),
  };
}

/** Largest loss from a peak of compounded wealth, as a fraction of the peak, ≤ 0. */
export function maxDrawdown(returns: ArrayLike<number>): number {
  let wealth = 1;
  let peak = 1;
  let worst = 0;
  for (let t = 0; t < returns.length; t++) {
    wealth *= 1 + returns[t]!;
    peak = Math.max(peak, wealth);
    worst = Math.min(worst, wealth / peak - 1);
  }
  return worst;
}

/** √(Σ min(0, r − target)²/n) */
function downsideDeviation(returns: ArrayLike<number>, target: number): number {
  let squares = 0;
  for (let t = 0; t < returns.length; t++) squares += Math.min(0, returns[t]! - target) ** 2;
  return Math.sqrt(squares / returns.length);
}

function compound(returns: ArrayLike<number>): number {
  let wealth = 1;
  for (let t = 0; t < returns.length; t++) wealth *= 1 + returns[t]!;
  return wealth;
}
