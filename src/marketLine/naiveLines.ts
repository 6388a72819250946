/** What the study's configurations earn on forecasts without a model: the lines any model has to beat, and the oracle's bound. */

import { sharpeRatio } from '../risk/moments/performance.ts';
import { mean, populationVariance } from '../risk/moments/statistics.ts';
import type { BatchResult } from '../strategy/batch.ts';
import { type NaiveId, naiveIds } from '../strategy/naive.ts';
import { equalBetReturns } from './equalBets.ts';
import { type FitOutcome, fitLines } from './marketLineFits.ts';

/** One configuration on a naive forecast. A naive forecast has no variants, so its σ is the whole risk. */
export interface NaivePoint {
  /** Index of the configuration. */
  readonly index: number;
  /** Of a period, net. */
  readonly meanBps: number;
  readonly sigmaBps: number;
  /** Annualised; null without risk. */
  readonly sharpe: number | null;
  readonly traded: boolean;
}

export interface NaiveLine {
  readonly id: NaiveId;
  /** [C] */
  readonly points: readonly NaivePoint[];
  /** Through the configurations that traded, on total σ. */
  readonly fit: FitOutcome;
}

/** @param assets `naive`: backtests whose variants are `naiveIds` */
export function naiveLines(
  assets: readonly { readonly periods: readonly string[]; readonly naive: BatchResult }[],
  configs: number,
  riskFreePerPeriod: number,
  periodsPerYear: number,
): NaiveLine[] {
  if (assets.length === 0) return [];
  const batches = assets.map(({ periods, naive }) => ({ periods, batch: naive }));
  const { periods, returns } = equalBetReturns(batches);
  return naiveIds.map((id, row) => {
    const points = Array.from({ length: configs }, (_, index): NaivePoint => {
      const cell = index * naiveIds.length + row;
      const returnsOfCell = returns.subarray(cell * periods.length, (cell + 1) * periods.length);
      const sigma = Math.sqrt(populationVariance(returnsOfCell));
      return {
        index,
        meanBps: 1e4 * mean(returnsOfCell),
        sigmaBps: 1e4 * sigma,
        sharpe: sharpeRatio(mean(returnsOfCell), sigma, riskFreePerPeriod, periodsPerYear),
        traded: returnsOfCell.some((value) => value !== 0) || batches.some(({ batch }) => batch.tradeCounts[cell]! > 0),
      };
    });
    return { id, points, fit: naiveFit(points, riskFreePerPeriod, periodsPerYear) };
  });
}

/** The line through the points that traded. */
export function naiveFit(
  points: readonly NaivePoint[],
  riskFreePerPeriod: number,
  periodsPerYear: number,
): NaiveLine['fit'] {
  const traded = points.filter((point) => point.traded);
  return fitLines(
    traded.map((point) => point.sigmaBps / 1e4),
    traded.map((point) => point.meanBps / 1e4),
    riskFreePerPeriod,
    periodsPerYear,
  );
}
