/**
 * The Pretrained Market Line (the paper's eq. 7): a straight line through the points (σ, mean return) of many configurations. Its
 * slope is the foundation Sharpe ratio SR_θ. Ordinary least squares here; the robust alternatives are in `robustLines.ts`.
 */

import { fail, UserError, type UserProblem } from '../../core/errors.ts';
import { mean } from '../moments/statistics.ts';
import { studentTQuantile } from '../moments/studentT.ts';

/** Must stand wherever an analytic standard error is shown. */
export const ANALYTIC_ERROR_CAUTION =
  'This standard error treats configurations as independent. They share days, quotes and signals, so it is too small.';

/** mean return = intercept + slope·σ */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** Ordinary least squares. The errors assume independent points: see `ANALYTIC_ERROR_CAUTION`. */
export interface LeastSquaresLine extends Line {
  readonly slopeStdErr: number;
  readonly interceptStdErr: number;
  /** Coefficient of determination, centred; NaN where all mean returns are equal. */
  readonly r2: number;
  /** n */
  readonly points: number;
  /** Mean of the abscissae. */
  readonly xMean: number;
  /** Sum of squared deviations of the abscissae. */
  readonly xSumOfSquares: number;
  /** √(residual sum of squares / (n − 2)) */
  readonly residualStdErr: number;
}

/** The line forced through the risk-free rate at σ = 0, as eq. 7 has it. */
export interface RiskFreeLine {
  readonly slope: number;
  /** √(SSE/(n − 1))/√Σx²; assumes independent points: see `ANALYTIC_ERROR_CAUTION`. */
  readonly slopeStdErr: number;
  /** r_f per period. */
  readonly intercept: number;
  /** 1 − SSE / Σ(y − r_f)²: what the risk premium explains. */
  readonly r2Uncentred: number;
  /** 1 − SSE / Σ(y − ȳ)²: comparable with the free line's R²; negative where a constant would do better. */
  readonly r2Centred: number;
}

/**
 * Ordinary least squares of y on x. Throws a `UserError` for fewer than three points or no spread in x, where a line and its
 * errors are not determined.
 */
export function fitLeastSquares(x: ArrayLike<number>, y: ArrayLike<number>): LeastSquaresLine {
  const { sxx, sxy, syy, xMean, yMean } = crossMoments(x, y);
  const slope = sxy / sxx;
  const intercept = yMean - slope * xMean;
  let sse = 0;
  for (let i = 0; i < x.length; i++) sse += (y[i]! - intercept - slope * x[i]!) ** 2;
  const residualStdErr = Math.sqrt(sse / (x.length - 2));
  return {
    slope,
    intercept,
    slopeStdErr: residualStdErr / Math.sqrt(sxx),
    interceptStdErr: residualStdErr * Math.sqrt(1 / x.length + (xMean * xMean) / sxx),
    r2: 1 - sse / syy,
    points: x.length,
    xMean,
    xSumOfSquares: sxx,
    residualStdErr,
  };
}

/** Least squares of y − r_f on x without an intercept (eq. 7 with r_f given). */
export function fitThroughRiskFree(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  riskFreePerPeriod: number,
): RiskFreeLine {
  const { syy } = crossMoments(x, y);
  let xx = 0;
  let xPremium = 0;
  let premiumSquares = 0;
  for (let i = 0; i < x.length; i++) {
    const premium = y[i]! - riskFreePerPeriod;
    xx += x[i]! * x[i]!;
    xPremium += x[i]! * premium;
    premiumSquares += premium * premium;
  }
  const slope = xPremium / xx;
  let sse = 0;
  for (let i = 0; i < x.length; i++) sse += (y[i]! - riskFreePerPeriod - slope * x[i]!) ** 2;
  return {
    slope,
    slopeStdErr: Math.sqrt(sse / (x.length - 1) / xx),
    intercept: riskFreePerPeriod,
    r2Uncentred: 1 - sse / premiumSquares,
    r2Centred: 1 - sse / syy,
  };
}

/** A confidence interval of the line's height at one abscissa. */
export interface Band {
  readonly low: number;
  readonly high: number;
}

/**
 * The pointwise confidence band of a fitted line, as a function of x: ŷ ± t_{n−2}·s·√(1/n + (x − x̄)²/Sxx). The same caution as for
 * the standard errors applies.
 *
 * @param confidence in (0, 1), for instance 0.95
 */
export function confidenceBand(line: LeastSquaresLine, confidence: number): (x: number) => Band {
  const t = studentTQuantile((1 + confidence) / 2, line.points - 2);
  return (x) => {
    const centre = line.intercept + line.slope * x;
    const spread = Math.sqrt(1 / line.points + (x - line.xMean) ** 2 / line.xSumOfSquares);
    const half = t * line.residualStdErr * spread;
    return { low: centre - half, high: centre + half };
  };
}

/** A slope is return per unit of standard deviation, so it grows with the square root of the number of periods in a year. */
export function annualiseSlope(slopePerPeriod: number, periodsPerYear: number): number {
  return slopePerPeriod * Math.sqrt(periodsPerYear);
}

/** Sums of squares and products about the means, and a refusal where they determine no line. */
export function crossMoments(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): { sxx: number; sxy: number; syy: number; xMean: number; yMean: number } {
  if (x.length !== y.length) throw new RangeError(`${x.length} abscissae, ${y.length} ordinates`);
  if (x.length < 3) {
    fail('risk/too-few-points', `A line and its errors need at least 3 configurations, but there are ${x.length}.`, {
      hint: 'Draw more configurations, or lower the thresholds so that more of them trade.',
    });
  }
  const xMean = mean(x);
  const yMean = mean(y);
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    const dx = x[i]! - xMean;
    const dy = y[i]! - yMean;
    sxx += dx * dx;
    sxy += dx * dy;
    syy += dy * dy;
    largest = Math.max(largest, Math.abs(x[i]!));
  }
  // Equal abscissae leave rounding errors of this size behind, not zero.
  if (!(Math.sqrt(sxx / x.length) > 1e-12 * largest)) {
    fail('risk/no-spread', 'All configurations have the same risk, so no line is determined.', {
      hint: 'Widen the ranges of thresholds, stops and holding times.',
    });
  }
  return { sxx, sxy, syy, xMean, yMean };
}

/** Why points determine no line and no error of it; undefined where they do. */
export function whyNoLine(x: ArrayLike<number>, y: ArrayLike<number>): UserProblem | undefined {
  try {
    crossMoments(x, y);
    return undefined;
  } catch (caught) {
    if (caught instanceof UserError) return caught.problem;
    throw caught;
  }
}
