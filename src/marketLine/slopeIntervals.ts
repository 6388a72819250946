/** The default intervals of a study's slopes: its days drawn anew (`risk/bootstrap.ts`), or the reason why that says nothing. */

import { toProblem, UserError } from '../core/errors.ts';
import type { OnProgress } from '../core/types.ts';
import { type SlopeKind, slopeKinds } from '../risk/lines/slopes.ts';
import { bootstrapPeriods, defaultPeriodBootstrap, type SlopeIntervalOutcome } from '../risk/resampling/bootstrap.ts';
import type { PricedRisk } from './marketLineFits.ts';
import type { MarketLineSummary } from './marketLineResult.ts';

/** Slopes per day. Theil-Sen and Huber lines have none: fitting them again for every draw would take minutes. */
export type SlopeIntervals = Readonly<Record<PricedRisk, Readonly<Record<SlopeKind, SlopeIntervalOutcome>>>>;

/**
 * Resamples the days of all configurations that traded. Well below a second for the default study.
 *
 * @param seed of the study: the same study gives the same intervals
 * @throws AbortError soon after the signal
 */
export async function intervalsOf(
  summary: Omit<MarketLineSummary, 'warnings'>,
  seed: number,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<SlopeIntervals> {
  const { fits, periodReturns, variants, periods, riskFreePerPeriod } = summary;
  const include = summary.configurations.filter((point) => point.traded).map((point) => point.index);
  const panel = { returns: periodReturns, rows: variants + 1, periods: periods.length, firstVariant: 1, include };
  const options = { ...defaultPeriodBootstrap, riskFreePerPeriod, seed };
  const outcomes = await bootstrapPeriods([panel], options, onProgress, signal).then(
    ({ clouds }) => clouds[0]!.slopes,
    (caught: unknown) => {
      if (caught instanceof UserError) return toProblem(caught);
      throw caught;
    },
  );
  const of = (priced: PricedRisk) => {
    const fit = fits[priced];
    const outcomeOf = (kind: SlopeKind): SlopeIntervalOutcome => {
      if (fit.kind === 'none') return fit;
      return 'code' in outcomes ? { kind: 'none', problem: outcomes } : outcomes[priced][kind].interval;
    };
    return Object.fromEntries(slopeKinds.map((kind) => [kind, outcomeOf(kind)])) as Record<
      SlopeKind,
      SlopeIntervalOutcome
    >;
  };
  return { aleatory: of('aleatory'), epistemic: of('epistemic'), total: of('total') };
}
