/** What is computed about a finished run beside its result: seconds of resampling, so it is done after the plane is shown. */

import type { UserProblem } from '../core/errors.ts';
import { type Headline, headlineOf } from '../marketLine/headline.ts';
import { type LineIntervals, lineIntervalsOf, tradedPanel } from '../marketLine/lineIntervals.ts';
import type { MarketLineResult } from '../marketLine/marketLineResult.ts';
import { defaultPeriodBootstrap, FEWEST_PERIODS } from '../risk/resampling/bootstrap.ts';
import { type ConfigurationIntervals, riskIntervals } from '../risk/resampling/riskIntervals.ts';
import { blockLengthOf, type Honesty, honestyOf } from './honesty.ts';

export interface RunAnalysis {
  readonly headline: Headline | UserProblem;
  readonly lines: LineIntervals;
  /** Of the configurations that traded; empty with too few days to draw from. */
  readonly risks: readonly ConfigurationIntervals[];
  readonly honesty: Honesty;
}

/** Draws for the risks of single configurations: two thousand numbers for each of hundreds would not fit a page. */
const RISK_REPLICATES = 499;

/**
 * @param seed of the study: the same study gives the same figures
 * @param triedBefore configurations tried earlier on the same days, for the deflated Sharpe ratio
 * @throws AbortError soon after the signal
 */
export async function analyseRun(
  result: MarketLineResult,
  seed: number,
  triedBefore: number,
  signal?: AbortSignal,
): Promise<RunAnalysis> {
  const lines = await lineIntervalsOf(result, seed, signal);
  const options = { ...defaultPeriodBootstrap, seed, replicates: RISK_REPLICATES };
  const enough = result.periods.length >= FEWEST_PERIODS;
  return {
    headline: await headlineOf(result, seed, signal),
    lines,
    risks: enough ? riskIntervals(tradedPanel(result), blockLengthOf(result), options) : [],
    honesty: honestyOf(result, seed, triedBefore),
  };
}
