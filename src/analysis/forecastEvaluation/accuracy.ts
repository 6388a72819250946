/** Forecasts of a mean against "the price stays": regressions, differences of losses. */

import { normalCdf } from '../../core/normal.ts';
import { correlation } from '../../risk/moments/correlation.ts';
import { hacRegression, leastSquares, ones, type Regression, sandwich } from '../../risk/moments/hacRegression.ts';
import { autocovariances, lagRule, longRunVariance, neweyWestError } from '../../risk/moments/neweyWest.ts';
import { chiSquaredUpper, studentTwoSided } from '../../risk/moments/pValues.ts';
import { mean, sumOfSquares, varies } from '../../risk/moments/statistics.ts';
import type { ClarkWest, Coefficient, DieboldMariano, LossStatistic, MincerZarnowitz, Reason } from './types.ts';

/** Pearson's correlation with the HAC t of the slope of y on x; both must vary. */
export function coefficientOf(x: ArrayLike<number>, y: ArrayLike<number>, lag: number): Coefficient {
  const { coefficients, stdErrs } = hacRegression([ones(x.length), x], y, lag);
  return { value: correlation(x, y), t: coefficients[1]! / stdErrs[1]! };
}

/** Realised moves on predicted ones, errors by Newey & West. */
export function mincerZarnowitzOf(f: ArrayLike<number>, y: ArrayLike<number>, lag: number): MincerZarnowitz {
  const fit = hacRegression([ones(f.length), f], y, lag);
  return summariseRegression(fit, fit.residuals, y);
}

/** The same over stacked rows, errors from sums over all rows of a day (Driscoll & Kraay 1998), lag over days. */
export function clusteredMincerZarnowitz(
  f: ArrayLike<number>,
  y: ArrayLike<number>,
  day: ArrayLike<number>,
): MincerZarnowitz {
  const { coefficients, residuals, inverse } = leastSquares([ones(f.length), f], y);
  const days = new Map([...new Set(Array.from(day))].sort((a, b) => a - b).map((name, i) => [name, i]));
  const scores = [new Float64Array(days.size), new Float64Array(days.size)];
  residuals.forEach((e, row) => {
    const at = days.get(day[row]!)!;
    scores[0]![at] = scores[0]![at]! + e;
    scores[1]![at] = scores[1]![at]! + e * f[row]!;
  });
  return summariseRegression(sandwich(coefficients, inverse, scores, lagRule(days.size)), residuals, y);
}

function summariseRegression(
  { coefficients, covariance, stdErrs }: Omit<Regression, 'residuals'>,
  residuals: Float64Array,
  y: ArrayLike<number>,
): MincerZarnowitz {
  const [intercept, slope] = coefficients as [number, number];
  const [[aa, ab], [, bb]] = covariance as [[number, number], [number, number]];
  const [a, b] = [intercept, slope - 1];
  const wald = (bb * a * a - 2 * ab * a * b + aa * b * b) / (aa * bb - ab * ab);
  let sse = 0;
  for (const e of residuals) sse += e * e;
  return {
    intercept,
    slope,
    interceptStdErr: stdErrs[0]!,
    slopeStdErr: stdErrs[1]!,
    interceptT: intercept / stdErrs[0]!,
    slopeTZero: slope / stdErrs[1]!,
    slopeTOne: b / stdErrs[1]!,
    waldUnbiased: wald,
    waldPValue: chiSquaredUpper(wald, 2),
    r2: 1 - sse / sumOfSquares(y),
  };
}

/** 1 − Σ(y − f)²/Σy² (Campbell & Thompson 2008); null where nothing moved. */
export function outOfSampleR2(f: ArrayLike<number>, y: ArrayLike<number>): number | null {
  let [missed, moved] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    missed += (y[i]! - f[i]!) ** 2;
    moved += y[i]! ** 2;
  }
  return moved > 0 ? 1 - missed / moved : null;
}

/** loss(price stays) − loss(model), row by row. */
export function lossDifferences(
  f: ArrayLike<number>,
  y: ArrayLike<number>,
): { squared: Float64Array; absolute: Float64Array } {
  const of = (loss: (error: number) => number) =>
    Float64Array.from({ length: y.length }, (_, i) => loss(y[i]!) - loss(y[i]! - f[i]!));
  return { squared: of((error) => error * error), absolute: of(Math.abs) };
}

/**
 * Diebold & Mariano's test (1995) with Harvey, Leybourne & Newbold's factor and Student's t.
 *
 * @param horizon steps that forecasts overlap by
 * @param lag of the Bartlett form
 */
export function dieboldMariano(differences: Float64Array, horizon: number, lag: number): DieboldMariano {
  const n = differences.length;
  const centre = mean(differences);
  const squaredFactor = (n + 1 - 2 * horizon + (horizon * (horizon - 1)) / n) / n;
  const factor = Math.sqrt(squaredFactor);
  const rectangularLag = Math.min(horizon - 1, n - 1);
  const whyNot: Reason | undefined = !varies(differences)
    ? 'no-variance-of-difference'
    : squaredFactor > 0
      ? undefined
      : 'too-few-rows';
  const statisticOf = (used: number, variance: () => number): LossStatistic => {
    const v = whyNot ? Number.NaN : variance();
    const reason = whyNot ?? (v > 0 ? undefined : 'variance-not-positive');
    if (reason) return { lag: used, statistic: null, pValue: null, reason };
    const statistic = (factor * centre) / Math.sqrt(v / n);
    return { lag: used, statistic, pValue: studentTwoSided(statistic, n - 1) };
  };
  return {
    rows: n,
    meanDifference: centre,
    horizon,
    factor,
    rectangular: statisticOf(rectangularLag, () => {
      const covariance = autocovariances(differences, rectangularLag);
      return covariance.reduce((sum, value, j) => sum + (j === 0 ? value : 2 * value), 0);
    }),
    bartlett: statisticOf(lag, () => longRunVariance(differences, lag)),
  };
}

/** Mean of y² − (y − f)² + f² = 2fy with its t: does the surprise hold information, its noise forgiven? */
export function clarkWest(f: ArrayLike<number>, y: ArrayLike<number>, lag: number): ClarkWest {
  const adjusted = Float64Array.from({ length: y.length }, (_, i) => y[i]! ** 2 - (y[i]! - f[i]!) ** 2 + f[i]! ** 2);
  const stdErr = neweyWestError(adjusted, lag);
  const t = mean(adjusted) / stdErr;
  return { mean: mean(adjusted), stdErr, t, pValue: normalCdf(-t) };
}
