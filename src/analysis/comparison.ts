/** Several runs against one of them: is its line steeper, its cloud tighter, do they overlap? */

import { toProblem, UserError, type UserProblem } from '../core/errors.ts';
import { tradedPanel } from '../marketLine/lineIntervals.ts';
import type { MarketLineResult } from '../marketLine/marketLineResult.ts';
import type { PricedRisk } from '../risk/decomposition/pricedRisk.ts';
import {
  bootstrapPeriods,
  defaultPeriodBootstrap,
  type SlopeIntervalOutcome,
  slopeDifference,
} from '../risk/resampling/bootstrap.ts';
import { type Cloud, cloudShape, overlap, type TightnessTest, testTightness } from '../risk/resampling/clusters.ts';

export interface Comparison {
  /** Of the least-squares slopes per day, this run's less the reference's; both on the same draws of days. */
  readonly difference: { readonly estimate: number; readonly interval: SlopeIntervalOutcome };
  /** Is this run's cloud tighter than the reference's? */
  readonly tightness: TightnessTest | UserProblem;
  /** Bhattacharyya coefficient of the two clouds; NaN where one has no area. */
  readonly overlap: number;
}

/** The cloud of the configurations that traded, in bps a day. */
export function cloudOf({ configurations }: Pick<MarketLineResult, 'configurations'>, priced: PricedRisk): Cloud {
  const points = configurations.filter((point) => point.traded);
  return { x: points.map((point) => point.sigmaBps[priced]), y: points.map((point) => point.meanBps) };
}

/**
 * Compares each run with the reference.
 *
 * @returns in the order of `others`
 */
export async function compareRuns(
  reference: MarketLineResult,
  others: readonly MarketLineResult[],
  priced: PricedRisk,
  seed: number,
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const other of others) {
    comparisons.push({
      difference: await differenceOf(reference, other, priced, seed),
      ...clustersOf(reference, other, priced, seed),
    });
  }
  return comparisons;
}

async function differenceOf(
  reference: MarketLineResult,
  other: MarketLineResult,
  priced: PricedRisk,
  seed: number,
): Promise<Comparison['difference']> {
  const sameDays =
    reference.periods.length === other.periods.length &&
    reference.periods.every((name, p) => name === other.periods[p]);
  if (!sameDays) {
    const message = 'The two runs have different days, so their slopes cannot be drawn together.';
    return none({ code: 'study/different-days', message, hint: 'Run both models on the same quotes.' });
  }
  try {
    const options = { ...defaultPeriodBootstrap, riskFreePerPeriod: reference.riskFreePerPeriod, seed };
    const bootstrap = await bootstrapPeriods([tradedPanel(other), tradedPanel(reference)], options);
    const [mine, theirs] = bootstrap.clouds.map((cloud) => cloud.slopes[priced].leastSquares);
    const { estimate, interval } = slopeDifference(bootstrap, mine!, theirs!);
    return { estimate, interval };
  } catch (caught) {
    if (caught instanceof UserError) return none(toProblem(caught));
    throw caught;
  }
}

function none(problem: UserProblem): Comparison['difference'] {
  return { estimate: Number.NaN, interval: { kind: 'none', problem } };
}

function clustersOf(
  reference: MarketLineResult,
  other: MarketLineResult,
  priced: PricedRisk,
  seed: number,
): Pick<Comparison, 'tightness' | 'overlap'> {
  try {
    const [mine, theirs] = [cloudOf(other, priced), cloudOf(reference, priced)];
    return { tightness: testTightness(mine, theirs, seed), overlap: overlap(cloudShape(mine), cloudShape(theirs)) };
  } catch (caught) {
    if (caught instanceof UserError) return { tightness: toProblem(caught), overlap: Number.NaN };
    throw caught;
  }
}
