/** What a strategy can bear: the cost at which it earns nothing, and the capital at which its own impact eats its return. */

import { neweyWestError } from '../../risk/moments/neweyWest.ts';
import { mean } from '../../risk/moments/statistics.ts';

/** Of one asset: what square-root impact needs. */
export interface AssetLiquidity {
  /** Standard deviation of a day's return. */
  readonly dayVolatility: number;
  /** Notional traded in a day by everybody. */
  readonly dayVolumeNotional: number;
}

export interface BreakEven {
  readonly meanGross: number;
  /** Notional traded a period over capital, both sides counted. */
  readonly meanTurnover: number;
  /** Cost in bps of the traded notional at which nothing is earned; null where nothing is traded. */
  readonly breakEvenBps: number | null;
  readonly breakEvenStdErrBps?: number;
  /** After `costBps`. */
  readonly netMean: number;
  readonly marginBps?: number;
  /** Of the margin. */
  readonly t?: number;
  readonly reason?: 'no-trades';
}

export interface Capacity {
  /** Mean return a period after linear costs. */
  readonly netBeforeImpact: number;
  /** k of net(W) = netBeforeImpact − k√W. */
  readonly impactCoefficient: number;
  /** Capital at which nothing is left; null where nothing is traded. */
  readonly capacity: number | null;
  /** Capital at which most money is made: 4/9 of it. */
  readonly bestCapital?: number;
  readonly bestProfitPerDay?: number;
  readonly netAtBest?: number;
  /** Largest share of an asset's volume. */
  readonly participationAtCapacity?: number;
  readonly participationAtBest?: number;
  readonly reason?: 'no-trades' | 'no-net-return';
}

/**
 * @param gross [T] returns before the cost in question
 * @param turnover [A][T]
 * @param costBps of traded notional, a side
 */
export function breakEvenOf(
  gross: ArrayLike<number>,
  turnover: readonly ArrayLike<number>[],
  costBps: number,
): BreakEven {
  const traded = totalTurnover(turnover, gross.length);
  const [meanGross, meanTurnover] = [mean(gross), mean(traded)];
  const netMean = meanGross - (costBps / 1e4) * meanTurnover;
  if (!(meanTurnover > 0)) return { meanGross, meanTurnover, breakEvenBps: null, netMean, reason: 'no-trades' };
  const ratio = meanGross / meanTurnover;
  const influence = traded.map((value, t) => (gross[t]! - ratio * value) / meanTurnover);
  const breakEvenStdErrBps = 1e4 * neweyWestError(influence);
  const breakEvenBps = 1e4 * ratio;
  const marginBps = breakEvenBps - costBps;
  return {
    meanGross,
    meanTurnover,
    breakEvenBps,
    breakEvenStdErrBps,
    netMean,
    marginBps,
    t: marginBps / breakEvenStdErrBps,
  };
}

/**
 * Square-root impact (Almgren et al. 2005; Tóth et al. 2011): trading notional Q of an asset in a day costs Q·Y·σ·√(Q/V); the day's
 * trades in an asset count as one order.
 *
 * @param impactCoefficient Y, about 1
 */
export function capacityOf(
  gross: ArrayLike<number>,
  turnover: readonly ArrayLike<number>[],
  costBps: number,
  impactCoefficient: number,
  liquidity: readonly AssetLiquidity[],
): Capacity {
  const meanTurnover = mean(totalTurnover(turnover, gross.length));
  const net = mean(gross) - (costBps / 1e4) * meanTurnover;
  const k =
    impactCoefficient *
    liquidity.reduce((sum, { dayVolatility, dayVolumeNotional }, a) => {
      const powers = Float64Array.from({ length: gross.length }, (_, t) => turnover[a]![t]! ** 1.5);
      return sum + (dayVolatility * mean(powers)) / Math.sqrt(dayVolumeNotional);
    }, 0);
  const shared = { netBeforeImpact: net, impactCoefficient: k };
  if (!(meanTurnover > 0)) return { ...shared, capacity: null, reason: 'no-trades' };
  if (!(net > 0)) return { ...shared, capacity: 0, bestCapital: 0, bestProfitPerDay: 0, reason: 'no-net-return' };
  const capacity = (net / k) ** 2;
  const bestCapital = (4 / 9) * capacity;
  const share = Math.max(...liquidity.map(({ dayVolumeNotional }, a) => mean(turnover[a]!) / dayVolumeNotional));
  return {
    ...shared,
    capacity,
    bestCapital,
    bestProfitPerDay: (bestCapital * net) / 3,
    netAtBest: net / 3,
    participationAtCapacity: share * capacity,
    participationAtBest: share * bestCapital,
  };
}

function totalTurnover(turnover: readonly ArrayLike<number>[], periods: number): Float64Array {
  return Float64Array.from({ length: periods }, (_, t) => turnover.reduce((sum, asset) => sum + asset[t]!, 0));
}
