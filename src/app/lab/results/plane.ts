/** From a study's result to what the risk-return plane shows, under each convention of what is priced. */

import { cloudOf } from '../../../analysis/comparison.ts';
import type { PricedRisk } from '../../../marketLine/marketLineFits.ts';
import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import { periodWords } from '../../../marketLine/periods.ts';
import { annualiseSlope } from '../../../risk/lines/marketLine.ts';
import type { SlopeIntervalOutcome } from '../../../risk/resampling/bootstrap.ts';
import { markerOf } from '../../charts/marker.ts';
import { bandOf, outlineOf } from '../../charts/planeCurves.ts';
import type { BandPoint, PlaneCloud, PlaneModel, PlaneRay } from '../../charts/planeModel.ts';
import { formatFixed2 } from '../../format.ts';
import type { KeptRun } from '../run/keptRuns.ts';

export const pricedNames: Readonly<Record<PricedRisk, string>> = {
  aleatory: 'Paper’s equation',
  epistemic: 'Epistemic',
  total: 'Total',
};

export const sigmaLabels: Readonly<Record<PricedRisk, string>> = {
  aleatory: 'priced σ = √(σ² − σ²MC)',
  epistemic: 'epistemic σ = σMC',
  total: 'total σ',
};

/** What the plane shows beside one run's configurations. */
export interface PlaneContext {
  /** All kept runs; one of them is the one shown. */
  readonly runs: readonly KeptRun[];
  readonly rays: readonly PlaneRay[];
}

export function planeOf(
  result: MarketLineResult,
  priced: PricedRisk,
  { runs, rays }: PlaneContext = { runs: [], rays: [] },
): PlaneModel {
  const points = result.configurations
    .filter((point) => point.traded)
    .map(({ index, meanBps, sigmaBps }) => ({ config: index, sigmaBps: sigmaBps[priced], meanBps }));
  const shown = runs.find((run) => run.result === result);
  const others = runs.filter((run) => run !== shown);
  return {
    points,
    line: lineOf(result, priced, Math.max(0, ...points.map((point) => point.sigmaBps))),
    riskFreeBps: result.riskFreePerPeriod * 1e4,
    sigmaLabel: sigmaLabels[priced],
    each: periodWords[result.period].each,
    rays,
    ...(shown && { marker: markerOf(shown.id) }),
    ...(others.length > 0 && {
      outline: outlineOf(cloudOf(result, priced)),
      others: others.map((run): PlaneCloud => {
        const cloud = cloudOf(run.result, priced);
        const positions = Array.from(cloud.x, (sigmaBps, i) => ({ sigmaBps, meanBps: cloud.y[i] ?? Number.NaN }));
        return {
          name: `${run.id}: ${run.model}`,
          marker: markerOf(run.id),
          points: positions,
          line: lineOf(run.result, priced, Math.max(0, ...positions.map((point) => point.sigmaBps))),
          outline: outlineOf(cloud),
        };
      }),
    }),
  };
}

/** The line from σ = 0 to a little beyond the riskiest configuration; empty where none is determined. */
function lineOf(result: MarketLineResult, priced: PricedRisk, maxSigmaBps: number): BandPoint[] {
  const fit = result.fits[priced];
  return fit.kind === 'none' ? [] : bandOf(fit.leastSquares, 1.1 * maxSigmaBps);
}

/** A slope's interval a year, in words. */
export function annualInterval(interval: SlopeIntervalOutcome, periodsPerYear: number): string {
  if (interval.kind === 'none') return 'none';
  const [low, high] = [interval.low, interval.high].map((slope) => formatFixed2(annualiseSlope(slope, periodsPerYear)));
  return `${low} to ${high}`;
}
