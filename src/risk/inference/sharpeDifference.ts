/** Whether two strategies on the same periods have different Sharpe ratios. */

import { correlation } from '../moments/correlation.ts';
import { lagRule, longRunVariance } from '../moments/neweyWest.ts';
import { normalTwoSided, resamplingP } from '../moments/pValues.ts';
import { mean, varies } from '../moments/statistics.ts';
import type { OrderOf } from '../resampling/dayResampling.ts';

export interface ErrorTest {
  readonly stdErr: number;
  readonly z: number;
  /** Two-sided. */
  readonly pValue: number;
}

export interface SharpeDifference {
  /** First less second, per period. */
  readonly difference: number;
  readonly differenceAnnual: number;
  readonly correlation: number;
  /** Jobson & Korkie (1981) with Memmel (2003): independent normal periods. */
  readonly jobsonKorkieMemmel: ErrorTest;
  /** Opdyke (2007): any distribution, independent periods. */
  readonly opdyke: ErrorTest;
  /** Ledoit & Wolf (2008): periods that depend on each other. */
  readonly ledoitWolf: {
    readonly bartlett: ErrorTest & { readonly lag: number };
    readonly parzen: ErrorTest & { readonly bandwidth: number };
    readonly bootstrap?: { readonly stdErr: number; readonly studentised: number; readonly pValue: number };
  };
}

export type SharpeDifferenceOutcome =
  | SharpeDifference
  | { readonly difference: 0; readonly reason: 'identical' }
  | { readonly difference: null; readonly reason: 'no-risk' };

export interface BlockDraws {
  readonly count: number;
  /** Circular blocks of this many periods. */
  readonly blockPeriods: number;
  readonly orderOf: OrderOf;
}

/** @param draws for the p-value by resampling; left out without them */
export function sharpeDifference(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  riskFree: number,
  periodsPerYear: number,
  draws?: BlockDraws,
): SharpeDifferenceOutcome {
  if (!varies(first) || !varies(second)) return { difference: null, reason: 'no-risk' };
  if (Array.from(first).every((value, t) => value === second[t])) return { difference: 0, reason: 'identical' };
  const n = first.length;
  const excess = [first, second].map((series) => Float64Array.from(series, (value) => value - riskFree));
  const [x, y] = excess as [Float64Array, Float64Array];
  const own = influenceOf(x, y);
  const { difference, influence, parts, gradient } = own;
  const rho = correlation(first, second);
  const test = (stdErr: number): ErrorTest => ({
    stdErr,
    z: difference / stdErr,
    pValue: normalTwoSided(difference / stdErr),
  });
  const [a, b] = own.sharpes;
  const lag = lagRule(n);
  const small = n / (n - 4);
  const parzen = parzenVariance(parts, gradient);
  return {
    difference,
    differenceAnnual: difference * Math.sqrt(periodsPerYear),
    correlation: rho,
    jobsonKorkieMemmel: test(Math.sqrt((2 - 2 * rho + 0.5 * (a * a + b * b - 2 * a * b * rho * rho)) / n)),
    opdyke: test(Math.sqrt(mean(influence.map((u) => u * u)) / n)),
    ledoitWolf: {
      bartlett: { lag, ...test(Math.sqrt((small * longRunVariance(influence, lag)) / n)) },
      parzen: { bandwidth: parzen.bandwidth, ...test(Math.sqrt((small * parzen.variance) / n)) },
      ...(draws && { bootstrap: bootstrapTest(x, y, own, draws) }),
    },
  };
}

interface Influence {
  readonly sharpes: readonly [number, number];
  readonly difference: number;
  /** [T] of each period on the difference */
  readonly influence: Float64Array;
  /** [4][T] what the influence is made of: both excess returns and their squares, centred. */
  readonly parts: readonly Float64Array[];
  readonly gradient: readonly number[];
}

function influenceOf(x: Float64Array, y: Float64Array): Influence {
  const n = x.length;
  const [mx, my] = [mean(x), mean(y)];
  const [gx, gy] = [mean(x.map((v) => v * v)), mean(y.map((v) => v * v))];
  const [sx, sy] = [Math.sqrt(varianceOf(x, mx)), Math.sqrt(varianceOf(y, my))];
  const gradient = [gx / sx ** 3, -gy / sy ** 3, -mx / (2 * sx ** 3), my / (2 * sy ** 3)];
  const parts = [x.map((v) => v - mx), y.map((v) => v - my), x.map((v) => v * v - gx), y.map((v) => v * v - gy)];
  const influence = Float64Array.from({ length: n }, (_, t) =>
    gradient.reduce((sum, weight, i) => sum + weight * parts[i]![t]!, 0),
  );
  return { sharpes: [mx / sx, my / sy], difference: mx / sx - my / sy, influence, parts, gradient };
}

function varianceOf(values: Float64Array, centre: number): number {
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return sum / values.length;
}

/** Andrews' (1991) automatic bandwidth and Parzen's weights, of the four parts together. */
function parzenVariance(
  parts: readonly Float64Array[],
  gradient: readonly number[],
): { bandwidth: number; variance: number } {
  const n = parts[0]!.length;
  let [above, below] = [0, 0];
  for (const part of parts) {
    const { rho, variance } = autoregression(part);
    above += (4 * rho ** 2 * variance ** 2) / (1 - rho) ** 8;
    below += variance ** 2 / (1 - rho) ** 4;
  }
  const bandwidth = 2.6614 * ((above / below) * n) ** 0.2;
  const influence = Float64Array.from({ length: n }, (_, t) =>
    gradient.reduce((sum, weight, i) => sum + weight * parts[i]![t]!, 0),
  );
  const lagged = (j: number): number => {
    let sum = 0;
    for (let t = j; t < n; t++) sum += influence[t]! * influence[t - j]!;
    return sum / n;
  };
  let variance = lagged(0);
  for (let j = 1; j < bandwidth && j < n; j++) variance += 2 * parzenWeight(j / bandwidth) * lagged(j);
  return { bandwidth, variance };
}

function parzenWeight(x: number): number {
  if (x <= 0.5) return 1 - 6 * x * x + 6 * x ** 3;
  return x <= 1 ? 2 * (1 - x) ** 3 : 0;
}

/** v_t on 1 and v_{t−1} by least squares; variance of what is left. */
function autoregression(series: Float64Array): { rho: number; variance: number } {
  const [before, after] = [series.subarray(0, -1), series.subarray(1)];
  const [bMean, aMean] = [mean(before), mean(after)];
  let [bb, ba] = [0, 0];
  before.forEach((value, t) => {
    bb += (value - bMean) ** 2;
    ba += (value - bMean) * (after[t]! - aMean);
  });
  const rho = ba / bb;
  let sse = 0;
  before.forEach((value, t) => {
    sse += (after[t]! - aMean - rho * (value - bMean)) ** 2;
  });
  return { rho, variance: sse / before.length };
}

function bootstrapTest(
  x: Float64Array,
  y: Float64Array,
  own: Influence,
  { count, blockPeriods, orderOf }: BlockDraws,
): { stdErr: number; studentised: number; pValue: number } {
  const n = x.length;
  const errorOf = (influence: Float64Array): number => {
    const blocks = Math.floor(n / blockPeriods);
    let sum = 0;
    for (let block = 0; block < blocks; block++) {
      let inBlock = 0;
      for (let i = 0; i < blockPeriods; i++) inBlock += influence[block * blockPeriods + i]!;
      sum += inBlock ** 2 / blockPeriods;
    }
    return Math.sqrt(sum / blocks / n);
  };
  const stdErr = errorOf(own.influence);
  const studentised = Math.abs(own.difference) / stdErr;
  let reached = 0;
  for (let b = 0; b < count; b++) {
    const order = orderOf(b);
    const drawn = influenceOf(
      Float64Array.from(order, (t) => x[t]!),
      Float64Array.from(order, (t) => y[t]!),
    );
    if (Math.abs(drawn.difference - own.difference) / errorOf(drawn.influence) >= studentised) reached++;
  }
  return { stdErr, studentised, pValue: resamplingP(reached, count) };
}
