/** The equity curve of one backtest, tick by tick: for a tear sheet, so derived from the trades only when someone looks. */

import { Account } from './account.ts';
import { checkConfig, type StrategyConfig } from './config.ts';
import type { BacktestResult, Market } from './types.ts';

/**
 * Equity after each tick's fills, open positions marked at the liquidation quote less fees; starts from 0.
 * Its changes from session end to session end are the period returns.
 *
 * @param result of `backtest` with `trades: true` on the same market and configuration
 * @returns [T] sum of net returns: 0.01 is one per cent of the notional
 */
export function equityCurve(market: Market, config: StrategyConfig, result: BacktestResult): Float64Array {
  if (result.trades === null) throw new TypeError('equityCurve needs a backtest that lists its trades');
  checkConfig(config);
  const tickCount = market.bid.length;
  const curve = new Float64Array(tickCount);
  const account = new Account(market, config, null);
  let tick = 0;
  const fillUntil = (endExclusive: number): void => {
    for (; tick < endExclusive; tick++) curve[tick] = account.equity(tick);
  };
  for (const trade of result.trades) {
    fillUntil(trade.entryTick);
    account.open(trade.side === 'long' ? 1 : -1, trade.entryTick);
    fillUntil(trade.exitTick);
    account.close(trade.exitTick, trade.reason);
  }
  if (result.openPosition) {
    fillUntil(result.openPosition.entryTick);
    account.open(result.openPosition.side === 'long' ? 1 : -1, result.openPosition.entryTick);
  }
  fillUntil(tickCount);
  return curve;
}
