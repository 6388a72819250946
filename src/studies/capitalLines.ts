/**
 * Straight lines from the risk-free rate that a market line is held against: through the tangential strategy θ_T, through the bound
 * of a forecaster that knows the future (θ_leak), and through a broad average of the assets (the capital market line, PAPER eq. 2).
 */

import type { Grid } from '../core/types.ts';
import { mean, populationVariance } from '../risk/statistics.ts';
import type { ConfigurationSummary, MarketLineResult } from './marketLineResult.ts';
import type { NaivePoint } from './naiveLines.ts';
import { unionOfDays } from './plan.ts';

/** A portfolio on the plane, per day, on total risk. */
export interface CapitalPoint {
  readonly meanReturn: number;
  readonly sigma: number;
  /** (mean − r_f)/σ, per day: the slope of its line. */
  readonly sharpe: number;
}

/** NaN Sharpe without risk. */
export function capitalPoint(returns: ArrayLike<number>, riskFreePerDay: number): CapitalPoint {
  const meanReturn = mean(returns);
  const sigma = Math.sqrt(populationVariance(returns));
  return { meanReturn, sigma, sharpe: sigma > 0 ? (meanReturn - riskFreePerDay) / sigma : Number.NaN };
}

/**
 * θ_T of a run (PAPER Definition 3.2): of the configurations that traded, the one of highest Sharpe ratio on total risk; undefined
 * where none has risk. Bets of one unit take an asset's whole share whenever they are in the market, so all are fully invested;
 * with another position size the comparison stays fair because a Sharpe ratio does not change with the size of the bets.
 */
export function tangentialStrategy(result: Pick<MarketLineResult, 'configurations'>): ConfigurationSummary | undefined {
  return ofHighestSharpe(result.configurations);
}

/** θ_leak of a run: the same choice among the configurations on forecasts that know the future, the upper bound. */
export function leakStrategy(result: Pick<MarketLineResult, 'naive'>): NaivePoint | undefined {
  return ofHighestSharpe(result.naive.find(({ id }) => id === 'oracle')?.points ?? []);
}

function ofHighestSharpe<Point extends { readonly traded: boolean; readonly sharpe: number | null }>(
  points: readonly Point[],
): Point | undefined {
  let best: Point | undefined;
  for (const point of points) {
    if (!point.traded || point.sharpe === null || !Number.isFinite(point.sharpe)) continue;
    if (best?.sharpe == null || point.sharpe > best.sharpe) best = point;
  }
  return best;
}

export interface AssetReturns {
  /** [D] */
  readonly days: readonly string[];
  readonly symbols: readonly string[];
  /** [A][D] mid at the session's end over the mid at the end of the session before, less 1; the first from its own open. 0 on days without quotes. */
  readonly returns: readonly Float64Array[];
}

/** Holding each asset from close to close. */
export function assetReturns(grids: readonly Grid[]): AssetReturns {
  const days = unionOfDays(grids);
  const place = new Map(days.map((day, d) => [day, d]));
  const returns = grids.map(({ bid, ask, sessionStarts, sessionDays }) => {
    const own = new Float64Array(days.length);
    const mid = (tick: number) => (bid[tick]! + ask[tick]!) / 2;
    let before: number | undefined;
    sessionDays.forEach((day, s) => {
      const start = sessionStarts[s]!;
      const endExclusive = s + 1 < sessionStarts.length ? sessionStarts[s + 1]! : bid.length;
      if (endExclusive <= start) return;
      const close = mid(endExclusive - 1);
      own[place.get(day)!] = close / (before ?? mid(start)) - 1;
      before = close;
    });
    return own;
  });
  return { days, symbols: grids.map(({ symbol }) => symbol), returns };
}

/** [D] the equally weighted average, rebalanced daily: what stands for the market. */
export function marketReturns({ returns, days }: AssetReturns): Float64Array {
  return Float64Array.from(days, (_, d) => returns.reduce((sum, own) => sum + own[d]!, 0) / returns.length);
}
