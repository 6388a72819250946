/** Is a model's strategy more than the same rules on simple forecasts, and the market? Spanning regressions and their joint test. */

import { hacRegression, leastSquares, ones } from '../../risk/moments/hacRegression.ts';
import { cholesky, solveCholesky } from '../../risk/moments/linearAlgebra.ts';
import { lagRule } from '../../risk/moments/neweyWest.ts';
import { fisherUpper, normalTwoSided } from '../../risk/moments/pValues.ts';
import { mean, sumOfSquares, varies } from '../../risk/moments/statistics.ts';

export type SpanningReason =
  | 'no-variance'
  | 'too-few-days'
  | 'collinear-benchmarks'
  | 'too-few-days-for-joint-test'
  | 'dependent-strategies'
  | 'no-strategies';

export interface Factor {
  readonly name: string;
  /** [T] returns of an unfunded position */
  readonly returns: ArrayLike<number>;
}

export interface SpanningRegression {
  /** What is left of the mean return a period. */
  readonly alpha: number;
  readonly alphaAnnual: number;
  readonly alphaStdErr: number;
  readonly alphaT: number;
  readonly alphaPValue: number;
  readonly betas: readonly {
    readonly name: string;
    readonly beta: number;
    readonly stdErr: number;
    readonly t: number;
  }[];
  readonly r2: number;
  readonly residualStdev: number;
  /** alpha over the residual's deviation: the Sharpe ratio of what the factors do not give. */
  readonly appraisalRatio: number;
  readonly appraisalRatioAnnual: number;
}

export type SpanningOutcome = SpanningRegression | { readonly reason: SpanningReason };

export interface JointTest {
  /** Indices of the strategies tested. */
  readonly strategies: readonly number[];
  readonly statistic: number;
  readonly df: readonly [number, number];
  readonly pValue: number;
}

export interface Spanning {
  readonly lag: number;
  /** [N] */
  readonly regressions: readonly SpanningOutcome[];
  /** All alphas are 0 (Gibbons, Ross & Shanken 1989). */
  readonly joint: JointTest | null;
  /** Why there is no joint test. */
  readonly reason: SpanningReason | null;
}

/** Below this share of unit length a direction is rounding. */
const COLLINEAR = 1e-8;

/** @param strategies [N][T] returns of unfunded strategies @param factors the last is usually the market */
export function spanningOf(
  strategies: readonly ArrayLike<number>[],
  factors: readonly Factor[],
  periodsPerYear: number,
): Spanning {
  const periods = strategies[0]?.length ?? factors[0]?.returns.length ?? 0;
  const lag = lagRule(periods);
  const parameters = factors.length + 1;
  const shared: SpanningReason | undefined =
    periods <= parameters ? 'too-few-days' : collinear(factors, periods) ? 'collinear-benchmarks' : undefined;
  if (shared) {
    return { lag, regressions: strategies.map(() => ({ reason: shared })), joint: null, reason: shared };
  }
  const regressions = strategies.map((returns): SpanningOutcome => {
    if (!varies(returns)) return { reason: 'no-variance' };
    const columns = [ones(periods), ...factors.map((factor) => factor.returns)];
    const { coefficients, stdErrs, residuals } = hacRegression(columns, returns, lag);
    const sse = squares(residuals);
    const residualStdev = Math.sqrt(sse / (periods - parameters));
    const alpha = coefficients[0]!;
    const alphaT = alpha / stdErrs[0]!;
    return {
      alpha,
      alphaAnnual: alpha * periodsPerYear,
      alphaStdErr: stdErrs[0]!,
      alphaT,
      alphaPValue: normalTwoSided(alphaT),
      betas: factors.map(({ name }, j) => {
        const [beta, stdErr] = [coefficients[j + 1]!, stdErrs[j + 1]!];
        return { name, beta, stdErr, t: beta / stdErr };
      }),
      r2: 1 - sse / sumOfSquares(returns),
      residualStdev,
      appraisalRatio: alpha / residualStdev,
      appraisalRatioAnnual: (alpha / residualStdev) * Math.sqrt(periodsPerYear),
    };
  });
  return { lag, regressions, ...jointTest(strategies, factors, periods) };
}

/** Gibbons, Ross & Shanken: (T − N − L)/N · α'Σ̂⁻¹α/(1 + f̄'Ω̂⁻¹f̄) against F(N, T − N − L). */
function jointTest(
  strategies: readonly ArrayLike<number>[],
  factors: readonly Factor[],
  periods: number,
): Pick<Spanning, 'joint' | 'reason'> {
  const used = strategies.flatMap((returns, i) => (varies(returns) ? [i] : []));
  const [n, l] = [used.length, factors.length];
  if (n === 0) return { joint: null, reason: 'no-strategies' };
  if (periods - n - l <= 0) return { joint: null, reason: 'too-few-days-for-joint-test' };
  const columns = [ones(periods), ...factors.map((factor) => factor.returns)];
  const fits = used.map((i) => leastSquares(columns, strategies[i]!));
  const residuals = fits.map((fit) => fit.residuals);
  if (dependent(residuals)) return { joint: null, reason: 'dependent-strategies' };
  const alphas = fits.map(({ coefficients }) => coefficients[0]!);
  const centred = factors.map(({ returns }) => less(returns, mean(returns)));
  const means = factors.map(({ returns }) => mean(returns));
  const quadratic = quadraticForm(residuals, alphas, periods);
  const sharpe = l === 0 ? 0 : quadraticForm(centred, means, periods);
  const df = [n, periods - n - l] as const;
  const statistic = (df[1] / n) * (quadratic / (1 + sharpe));
  return { joint: { strategies: used, statistic, df, pValue: fisherUpper(statistic, df[0], df[1]) }, reason: null };
}

/** v'C⁻¹v, C the covariance of centred series divided by T. */
function quadraticForm(series: readonly Float64Array[], v: readonly number[], periods: number): number {
  // Unit lengths first: strategies can differ in scale by orders of magnitude.
  const lengths = series.map((values) => Math.sqrt(squares(values)));
  const unit = series.map((values, i) => values.map((value) => value / lengths[i]!));
  const scaled = v.map((value, i) => value / lengths[i]!);
  const solved = solveCholesky(cholesky(gramOf(unit)), scaled);
  return periods * scaled.reduce((sum, value, i) => sum + value * solved[i]!, 0);
}

function dependent(series: readonly Float64Array[]): boolean {
  const lengths = series.map((values) => Math.sqrt(squares(values)));
  if (lengths.some((length) => length === 0)) return true;
  return smallestSingular(series.map((values, i) => values.map((value) => value / lengths[i]!))) < COLLINEAR;
}

/** True where a factor never varies or depends on the others. */
function collinear(factors: readonly Factor[], periods: number): boolean {
  if (factors.some(({ returns }) => !varies(returns))) return true;
  const columns = factors.map(({ returns }) => {
    const centred = less(returns, mean(returns));
    const length = Math.sqrt(squares(centred));
    return centred.map((value) => value / length);
  });
  return smallestSingular([ones(periods).map((one) => one / Math.sqrt(periods)), ...columns]) < COLLINEAR;
}

/**
 * Smallest singular value of columns of unit length, by orthogonalising one after the other: the square root of the Gram matrix's
 * smallest eigenvalue would lose half the digits.
 */
function smallestSingular(columns: readonly Float64Array[]): number {
  // R of a modified Gram-Schmidt, twice; the singular values of R are those of the columns.
  const basis: Float64Array[] = [];
  const upper = columns.map((column, j) => {
    const rest = column.slice();
    const row = new Array<number>(columns.length).fill(0);
    for (let pass = 0; pass < 2; pass++) {
      basis.forEach((direction, i) => {
        const along = inner(direction, rest);
        row[i] = row[i]! + along;
        for (let t = 0; t < rest.length; t++) rest[t] = rest[t]! - along * direction[t]!;
      });
    }
    const length = Math.sqrt(squares(rest));
    row[j] = length;
    basis.push(length > 0 ? rest.map((value) => value / length) : rest);
    return row;
  });
  if (upper.some((row, j) => row[j] === 0)) return 0;
  // Inverse power iteration on R'R through two triangular solves.
  const lower = upper;
  const solved = (v: number[]): number[] => solveCholesky(lower, v);
  let v = columns.map((_, i) => 1 / Math.sqrt(columns.length) + i * 1e-3);
  let size = 1;
  for (let step = 0; step < 200; step++) {
    const next = solved(v);
    const length = Math.hypot(...next);
    const previous = size;
    size = length / Math.hypot(...v);
    v = next.map((value) => value / length);
    if (Math.abs(size - previous) <= 1e-10 * size) break;
  }
  return 1 / Math.sqrt(size);
}

function gramOf(series: readonly Float64Array[]): number[][] {
  return series.map((left) => series.map((right) => inner(left, right)));
}

function inner(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let t = 0; t < left.length; t++) sum += left[t]! * right[t]!;
  return sum;
}

function squares(values: ArrayLike<number>): number {
  return inner(values, values);
}

function less(values: ArrayLike<number>, constant: number): Float64Array {
  return Float64Array.from({ length: values.length }, (_, t) => values[t]! - constant);
}
