/** What one strategy earns for its risk. */

import { hasSpread } from './statistics.ts';

/** r_f of one period, without compounding: the paper's 5 % a year over 252 days is 1.98 bps a day. */
export function riskFreeAPeriod(riskFreeAnnual: number, periodsPerYear: number): number {
  return riskFreeAnnual / periodsPerYear;
}

/** Annualised Sharpe ratio (the paper's Definition 3.2): (mean − r_f)/σ·√periods; null where σ is 0 and the ratio says nothing. */
export function sharpeRatio(
  meanReturn: number,
  stdev: number,
  riskFree: number,
  periodsPerYear: number,
): number | null {
  return hasSpread(stdev, meanReturn) ? ((meanReturn - riskFree) / stdev) * Math.sqrt(periodsPerYear) : null;
}
