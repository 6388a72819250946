/** From a study's result to what the risk-return plane shows, under each convention of what is priced. */

import { cloudOf } from '../../../analysis/comparison.ts';
import type { PricedRisk } from '../../../marketLine/marketLineFits.ts';
import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import { periodWords } from '../../../marketLine/periods.ts';
import { annualiseSlope } from '../../../risk/lines/marketLine.ts';
import type { SlopeIntervalOutcome } from '../../../risk/resampling/bootstrap.ts';
import { markerOf, rayShapes } from '../../charts/marker.ts';
import { bandOf, cloudLayers, outlineOf } from '../../charts/plane/curves.ts';
import type { BandPoint, PlaneLayer, PlaneModel } from '../../charts/plane/model.ts';
import { naiveLayers } from '../../charts/plane/naive.ts';
import { formatFixed2 } from '../../format.ts';
import type { KeptRun } from '../run/keptRuns.ts';
import type { CapitalRow } from './capital.ts';

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
  /** Portfolios with a line from the risk-free rate. */
  readonly capital: readonly CapitalRow[];
}

/** The name of the run that is shown, as a series of the plane. */
export const SHOWN_RUN = 'this run';

export function planeOf(
  result: MarketLineResult,
  priced: PricedRisk,
  { runs, capital }: PlaneContext = { runs: [], capital: [] },
): PlaneModel {
  const shown = runs.find((run) => run.result === result);
  const others = runs.filter((run) => run !== shown);
  const nameOf = (run: KeptRun): string => `${run.id}: ${run.model}`;
  return {
    unit: { symbol: 'bps', each: periodWords[result.period].each },
    sigmaLabel: sigmaLabels[priced],
    riskFree: result.riskFreePerPeriod * 1e4,
    noun: { one: 'configuration', many: 'strategies' },
    series: [
      { name: SHOWN_RUN, tone: 'main', ...(shown && { marker: markerOf(shown.id) }) },
      ...others.map((run) => ({ name: nameOf(run), tone: 'beside', marker: markerOf(run.id) }) as const),
    ],
    layers: [
      ...capital.map(
        ({ kind, sigmaBps, meanBps }) =>
          ({ kind: 'ray', look: kind, through: { sigma: sigmaBps, mean: meanBps } }) as const,
      ),
      ...others.flatMap((run) => cloudOfRun(run.result, priced, nameOf(run), 'beside')),
      ...naiveLayers(result.naive),
      ...cloudOfRun(result, priced, SHOWN_RUN, others.length > 0 ? 'main' : 'alone'),
      ...capital.map(portfolioOf),
    ],
  };
}

/** An outline is drawn where there is another one to compare it with. */
function cloudOfRun(
  result: MarketLineResult,
  priced: PricedRisk,
  series: string,
  place: 'alone' | 'main' | 'beside',
): PlaneLayer[] {
  const points = result.configurations
    .filter((point) => point.traded)
    .map(({ index, meanBps, sigmaBps }) => ({ index, sigma: sigmaBps[priced], mean: meanBps }));
  return cloudLayers({
    series,
    points,
    line: lineOf(result, priced, Math.max(0, ...points.map(({ sigma }) => sigma))),
    outline: place === 'alone' ? [] : outlineOf(cloudOf(result, priced)),
    pickable: place !== 'beside',
    lineInSight: place !== 'beside',
    ...(place === 'beside' && { radius: 3.4 }),
  });
}

/** The oracle's bound may lie far above everything else: no room is made for it. */
function portfolioOf({ kind, name, sigmaBps, meanBps }: CapitalRow): PlaneLayer {
  return {
    kind: 'points',
    points: [{ index: 0, name, sigma: sigmaBps, mean: meanBps }],
    pickable: false,
    inSight: kind !== 'leak',
    shape: rayShapes[kind],
    radius: 6,
    look: 'hollow',
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
