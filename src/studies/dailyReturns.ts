/** From session returns of single assets to daily returns of an equal bet on every asset. */

import type { BatchResult } from '../strategy/batch.ts';
import { unionOfDays } from './plan.ts';

/** One asset's part. */
export interface AssetBacktests {
  /** [S] calendar day of each session */
  readonly sessionDays: readonly string[];
  readonly batch: BatchResult;
}

export interface DailyReturns {
  /** [D] `YYYY-MM-DD`, ascending: every day on which any asset has a session */
  readonly days: readonly string[];
  /** [C, V, D] row-major: mean over all assets of the day's net return on one unit of notional each */
  readonly returns: Float64Array;
}

/**
 * Aligns assets by calendar day and averages them with equal bets. An asset without a session on a day earns nothing then (zero
 * exposure), and the divisor stays the number of assets; several sessions of an asset on one day add up.
 */
export function equalBetDailyReturns(assets: readonly AssetBacktests[]): DailyReturns {
  const first = assets[0];
  if (!first) throw new RangeError('no assets');
  const days = unionOfDays(assets);
  const dayIndex = new Map(days.map((day, d) => [day, d]));
  const cells = first.batch.configs * first.batch.variants;
  const returns = new Float64Array(cells * days.length);
  for (const { sessionDays, batch } of assets) {
    if (batch.configs * batch.variants !== cells || batch.sessions !== sessionDays.length) {
      throw new RangeError('assets were backtested with different configurations, variants or sessions');
    }
    for (let cell = 0; cell < cells; cell++) {
      sessionDays.forEach((day, s) => {
        const target = cell * days.length + dayIndex.get(day)!;
        returns[target] = returns[target]! + batch.periodReturns[cell * batch.sessions + s]!;
      });
    }
  }
  for (let i = 0; i < returns.length; i++) returns[i] = returns[i]! / assets.length;
  return { days, returns };
}
