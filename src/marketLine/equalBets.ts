/** From the period returns of single assets to those of an equal bet on every asset. */

import type { BatchResult } from '../strategy/batch.ts';
import { unionOf } from './periods.ts';

/** One asset's part. */
export interface AssetBacktests {
  /** [P] names of its return periods (`periodsOf`) */
  readonly periods: readonly string[];
  readonly batch: BatchResult;
}

export interface EqualBetReturns {
  /** [P] ascending: every period in which any asset has a session */
  readonly periods: readonly string[];
  /** [C, V, P] row-major: mean over all assets of the period's net return on one unit of notional each */
  readonly returns: Float64Array;
}

/**
 * Aligns assets by the names of their periods and averages them with equal bets. An asset without a session in a period earns
 * nothing then (zero exposure), and the divisor stays the number of assets; periods of one name add up.
 */
export function equalBetReturns(assets: readonly AssetBacktests[]): EqualBetReturns {
  const first = assets[0];
  if (!first) throw new RangeError('no assets');
  const periods = unionOf(assets.map((asset) => asset.periods));
  const place = new Map(periods.map((name, p) => [name, p]));
  const cells = first.batch.configs * first.batch.variants;
  const returns = new Float64Array(cells * periods.length);
  for (const { periods: own, batch } of assets) {
    if (batch.configs * batch.variants !== cells || batch.periods !== own.length) {
      throw new RangeError('assets were backtested with different configurations, variants or periods');
    }
    for (let cell = 0; cell < cells; cell++) {
      own.forEach((name, p) => {
        const target = cell * periods.length + place.get(name)!;
        returns[target] = returns[target]! + batch.periodReturns[cell * batch.periods + p]!;
      });
    }
  }
  for (let i = 0; i < returns.length; i++) returns[i] = returns[i]! / assets.length;
  return { periods, returns };
}

/** Pairs of an asset and a period in which other assets have a session but this one has none. */
export function countMissing(assets: readonly { readonly periods: readonly string[] }[]): number {
  const all = unionOf(assets.map(({ periods }) => periods)).length;
  return assets.reduce((sum, { periods }) => sum + all - new Set(periods).size, 0);
}
