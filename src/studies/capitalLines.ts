/**
 * Straight lines from the risk-free rate that a market line is held against: through the tangential strategy θ_T, through the bound
 * of a forecaster that knows the future (θ_leak), and through a broad average of the assets (the capital market line, PAPER eq. 2).
 */

import type { Grid } from '../core/types.ts';
import { mean, populationVariance } from '../risk/statistics.ts';
import type { ConfigurationSummary, MarketLineResult } from './marketLineResult.ts';
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

/** Among strategies [N][D], the one of highest Sharpe ratio (PAPER Definition 3.2); undefined where none has risk. */
export function tangentialOf(
  strategies: readonly ArrayLike<number>[],
  riskFreePerDay: number,
): (CapitalPoint & { readonly index: number }) | undefined {
  let best: (CapitalPoint & { index: number }) | undefined;
  strategies.forEach((returns, index) => {
    const point = capitalPoint(returns, riskFreePerDay);
    if (Number.isFinite(point.sharpe) && (!best || point.sharpe > best.sharpe)) best = { ...point, index };
  });
  return best;
}

/**
 * θ_T of a run. Every strategy here bets the whole of an asset's equal share whenever it is in the market, so all that traded are
 * fully invested; the one of highest Sharpe ratio on total risk is the tangential strategy. Undefined where none traded.
 */
export function tangentialStrategy(result: Pick<MarketLineResult, 'configurations'>): ConfigurationSummary | undefined {
  return result.configurations
    .filter((point) => point.traded && point.sharpe !== null && Number.isFinite(point.sharpe))
    .reduce<ConfigurationSummary | undefined>(
      (best, point) => (best && (best.sharpe ?? 0) >= (point.sharpe ?? 0) ? best : point),
      undefined,
    );
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
