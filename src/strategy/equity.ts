/** The equity curve of one backtest, tick by tick: for a tear sheet, so computed only when someone looks. */

import { Account } from './account.ts';
import { trade } from './backtest.ts';
import { checkConfig, completeConfig, type StrategyConfig } from './config.ts';
import { ExecutionDesk } from './execution.ts';
import { checkMarket, surprise } from './signal.ts';
import type { Market } from './types.ts';

/**
 * Equity after each tick's fills, open positions marked at the liquidation quote less fees; starts from 0.
 * Its changes from session end to session end are the period returns.
 *
 * @param prediction [T] as for `backtest`
 * @returns [T] sum of net returns: 0.01 is one per cent of the notional
 */
export function equityCurve(market: Market, prediction: Float64Array, config: StrategyConfig): Float64Array {
  checkMarket(market);
  checkConfig(config);
  const complete = completeConfig(config);
  const execution = new ExecutionDesk(market).of(complete);
  const equity = new Float64Array(market.bid.length);
  // Every tick is a period of its own.
  trade(
    market,
    surprise(market, prediction, complete),
    complete,
    execution,
    new Account(execution, config.feeBps, null),
    {
      periodStarts: Int32Array.from(equity.keys()),
      periodReturns: new Float64Array(equity.length),
      costs: null,
      equity,
    },
  );
  return equity;
}
