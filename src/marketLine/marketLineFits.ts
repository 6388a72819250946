/** All lines through one set of points, side by side, or the reason why there is none. */

import { UserError, type UserProblem } from '../core/errors.ts';
import {
  annualiseSlope,
  fitLeastSquares,
  fitThroughRiskFree,
  type LeastSquaresLine,
  type Line,
  type RiskFreeLine,
} from '../risk/lines/marketLine.ts';
import { fitHuber, fitOrthogonal, fitTheilSen } from '../risk/lines/robustLines.ts';

export { type PricedRisk, pricedRisks } from '../risk/decomposition/pricedRisk.ts';

/** Lines through (σ, mean) in returns per day, so slopes are daily Sharpe ratios and intercepts daily returns. */
export interface FittedLines {
  readonly kind: 'fitted';
  readonly leastSquares: LeastSquaresLine;
  readonly throughRiskFree: RiskFreeLine;
  readonly theilSen: Line;
  readonly huber: Line;
  readonly orthogonal: Line;
  /** SR_θ a year: the least-squares slope times √(periods per year). */
  readonly annualisedSlope: number;
  readonly annualisedSlopeStdErr: number;
}

/** The points determine no line. */
export interface NoLine {
  readonly kind: 'none';
  readonly problem: UserProblem;
}

export type FitOutcome = FittedLines | NoLine;

/**
 * Fits every line.
 *
 * @param sigma [n] risk of each configuration, per day
 * @param meanReturn [n] per day
 */
export function fitLines(
  sigma: readonly number[],
  meanReturn: readonly number[],
  riskFreePerPeriod: number,
  periodsPerYear: number,
): FitOutcome {
  const distinct = new Set(sigma.map((x, i) => `${x} ${meanReturn[i]}`)).size;
  if (distinct < 3) {
    const message = `A line needs at least 3 configurations that behave differently, but there ${distinct === 1 ? 'is' : 'are'} ${distinct}.`;
    const hint = 'Lower the thresholds so that more configurations trade, or widen the ranges they are drawn from.';
    return { kind: 'none', problem: { code: 'study/too-few-distinct', message, hint } };
  }
  try {
    const leastSquares = fitLeastSquares(sigma, meanReturn);
    return {
      kind: 'fitted',
      leastSquares,
      throughRiskFree: fitThroughRiskFree(sigma, meanReturn, riskFreePerPeriod),
      theilSen: fitTheilSen(sigma, meanReturn),
      huber: fitHuber(sigma, meanReturn),
      orthogonal: fitOrthogonal(sigma, meanReturn),
      annualisedSlope: annualiseSlope(leastSquares.slope, periodsPerYear),
      annualisedSlopeStdErr: annualiseSlope(leastSquares.slopeStdErr, periodsPerYear),
    };
  } catch (caught) {
    if (caught instanceof UserError) return { kind: 'none', problem: caught.problem };
    throw caught;
  }
}
