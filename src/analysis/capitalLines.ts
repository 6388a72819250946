/**
 * Straight lines from the risk-free rate that a market line is held against: through the tangential strategy θ_T, through the bound
 * of a forecaster that knows the future (θ_leak), and through a broad average of the assets (the capital market line, the paper's eq. 2).
 */

import type { Grid } from '../core/types.ts';
import type { ConfigurationSummary, MarketLineResult } from '../marketLine/marketLineResult.ts';
import type { NaivePoint } from '../marketLine/naiveLines.ts';
import { periodsOf, type ReturnPeriod, unionOf } from '../marketLine/periods.ts';
import { mean, populationVariance } from '../risk/moments/statistics.ts';

/** A portfolio on the plane, a period, on total risk. */
export interface CapitalPoint {
  readonly meanReturn: number;
  readonly sigma: number;
  /** (mean − r_f)/σ of a period: the slope of its line. */
  readonly sharpe: number;
}

/** NaN Sharpe without risk. */
export function capitalPoint(returns: ArrayLike<number>, riskFreePerPeriod: number): CapitalPoint {
  const meanReturn = mean(returns);
  const sigma = Math.sqrt(populationVariance(returns));
  return { meanReturn, sigma, sharpe: sigma > 0 ? (meanReturn - riskFreePerPeriod) / sigma : Number.NaN };
}

/**
 * θ_T of a run (the paper's Definition 3.2): of the configurations that traded, the one of highest Sharpe ratio on total risk; undefined
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
  /** [P] */
  readonly periods: readonly string[];
  readonly symbols: readonly string[];
  /** [A][P] mid at the period's end over the mid at the end of the period before, less 1; the first from its own open. 0 in periods without quotes. */
  readonly returns: readonly Float64Array[];
}

/** Holding each asset from close to close. */
export function assetReturns(grids: readonly Grid[], period: ReturnPeriod): AssetReturns {
  const cut = grids.map((grid) => periodsOf(grid, period));
  const periods = unionOf(cut.map(({ names }) => names));
  const place = new Map(periods.map((name, p) => [name, p]));
  const returns = grids.map(({ bid, ask }, a) => {
    const own = new Float64Array(periods.length);
    const mid = (tick: number) => (bid[tick]! + ask[tick]!) / 2;
    const { names, starts } = cut[a]!;
    let before: number | undefined;
    names.forEach((name, p) => {
      const close = mid((starts[p + 1] ?? bid.length) - 1);
      own[place.get(name)!] = close / (before ?? mid(starts[p]!)) - 1;
      before = close;
    });
    return own;
  });
  return { periods, symbols: grids.map(({ symbol }) => symbol), returns };
}

/** [P] the equally weighted average, rebalanced every period: what stands for the market. */
export function marketReturns({ returns, periods }: AssetReturns): Float64Array {
  return Float64Array.from(periods, (_, p) => returns.reduce((sum, own) => sum + own[p]!, 0) / returns.length);
}
