/** The lessons' little market: one simulated asset, its forecasts, and what a strategy does with them from tick to tick. */

import { RandomStream } from '../../core/random.ts';
import { drawMask } from '../../models/dropout.ts';
import { backtest } from '../../strategy/backtest.ts';
import type { StrategyConfig } from '../../strategy/config.ts';
import { equityCurve } from '../../strategy/equity.ts';
import type { Market, Trade } from '../../strategy/types.ts';

const START_PRICE = 100;
const PRICE_STEP = 0.01;
/** One-tick volatility, and how much of each move a later tick repeats. */
const STEP_BPS = 2;
const MOMENTUM = 0.6;

/** Quotes [T] of one session whose moves carry on for a while; `spreadBps` apart, on a price grid of a hundredth. */
export function lessonMarket(ticks: number, spreadBps: number, seed: number): Market & { readonly mid: Float64Array } {
  const stream = new RandomStream(seed, 'lesson/market');
  let [efficient, move] = [START_PRICE, 0];
  const bid = new Float64Array(ticks);
  const ask = new Float64Array(ticks);
  const half = (spreadBps / 2 / 1e4) * START_PRICE;
  for (let k = 0; k < ticks; k++) {
    move = MOMENTUM * move + Math.sqrt(1 - MOMENTUM ** 2) * STEP_BPS * stream.normal();
    efficient *= 1 + move / 1e4;
    // Rounded outwards, and never locked.
    bid[k] = Math.floor((efficient - half) / PRICE_STEP) * PRICE_STEP;
    ask[k] = Math.max(Math.ceil((efficient + half) / PRICE_STEP) * PRICE_STEP, bid[k]! + PRICE_STEP);
  }
  return { bid, ask, sessionStarts: Int32Array.of(0), mid: bid.map((price, k) => (price + ask[k]!) / 2) };
}

/** What buying at the ask and selling at once at the bid costs, in basis points of the mid. */
export function roundTripBps({ bid, ask }: Market, tick: number): number {
  return (1e4 * (ask[tick]! - bid[tick]!)) / ((bid[tick]! + ask[tick]!) / 2);
}

/** Lags of the lessons' forecaster. */
export const LAGS = 16;

/**
 * The lessons' forecaster: the last `LAGS` one-tick returns, weighted so that recent ones count most, say how far the mid goes on.
 * Its weights can be switched off by a dropout mask, which is all that a variant is.
 *
 * @param variant 0: the deterministic model
 * @returns [T] predicted mid at each tick; NaN before there are enough returns
 */
export function lessonForecast(
  mid: Float64Array,
  { variant, dropoutRate, seed }: { readonly variant: number; readonly dropoutRate: number; readonly seed: number },
): Float64Array {
  const site = { name: 'lesson/lags', size: LAGS, axis: 'feature' } as const;
  const mask = drawMask(site, variant, { dropoutRate, seed, dropoutSites: 'all' });
  return mid.map((now, k) => {
    if (k < LAGS) return Number.NaN;
    let expected = 0;
    for (let lag = 0; lag < LAGS; lag++) {
      const step = mid[k - lag]! / mid[k - lag - 1]! - 1;
      expected += mask[lag]! * MOMENTUM ** (lag + 1) * step;
    }
    return now * (1 + expected);
  });
}

/** 10⁴·(prediction/mid − 1). */
export function surpriseBps(mid: number, prediction: number): number {
  return 1e4 * (prediction / mid - 1);
}

/** A backtest that can be told tick by tick. */
export interface TickStory {
  readonly trades: readonly Trade[];
  /** [T] in basis points of one unit of notional */
  readonly equityBps: Float64Array;
  /** [T] what happens at each tick, as sentences in the order in which they happen */
  readonly events: readonly (readonly string[])[];
}

/** Rules of the lesson: next-tick fills at the touch, left on an opposite surprise or after `maxHoldTicks`. */
export function lessonConfig(thresholdBps: number, maxHoldTicks: number): StrategyConfig {
  return {
    thresholdBps,
    stopLossBps: null,
    takeProfitBps: null,
    maxHoldTicks,
    latencyTicks: 1,
    feeBps: 0,
    slippageBps: 0,
    allowShort: true,
    exitOnReverse: true,
    flattenAtSessionEnd: true,
    reference: 'mid',
  };
}

export function tellTicks(market: Market, prediction: Float64Array, config: StrategyConfig): TickStory {
  const trades = backtest(market, prediction, config, { trades: true }).trades ?? [];
  const events: string[][] = Array.from({ length: market.bid.length }, () => []);
  const price = (value: number): string => value.toFixed(2);
  for (const trade of trades) {
    const buys = trade.side === 'long';
    const [entryQuote, exitQuote] = buys ? ['ask', 'bid'] : ['bid', 'ask'];
    const decided = trade.entryTick - config.latencyTicks;
    events[decided]?.push(`The surprise is beyond the threshold: an order to ${buys ? 'buy' : 'sell short'} is sent.`);
    events[trade.entryTick]?.push(`It fills at the ${entryQuote}, ${price(trade.entryPrice)}.`);
    if (trade.reason !== 'sessionEnd') {
      events[trade.exitTick - config.latencyTicks]?.push(`${reasons[trade.reason]}: an order to leave is sent.`);
    }
    const earned = (1e4 * trade.netReturn).toFixed(1).replace('-', '−');
    const why = trade.reason === 'sessionEnd' ? 'The session ends: the position is closed' : 'The position is left';
    events[trade.exitTick]?.push(`${why} at the ${exitQuote}, ${price(trade.exitPrice)}: ${earned} bps.`);
  }
  return { trades, equityBps: equityCurve(market, prediction, config).map((value) => 1e4 * value), events };
}

const reasons = {
  stopLoss: 'The stop loss is reached',
  takeProfit: 'The take profit is reached',
  maxHold: 'The longest hold is over',
  reverse: 'The surprise points the other way',
} as const;
