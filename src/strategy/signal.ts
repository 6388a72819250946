/** The model surprise: how far a prediction lies from the quote, computed once per prediction for all configurations. */

import { fail } from '../core/errors.ts';
import type { CompleteConfig } from './config.ts';
import { type Pyramid, pyramidOf } from './pyramid.ts';
import type { Market } from './types.ts';

/** Surprise in basis points, 10⁴·(p/reference − 1); NaN where there is no prediction. */
export interface Signal {
  /** [T] against the quote of a buy */
  readonly buyBps: Float64Array;
  /** [T] against the quote of a sell; the same array as `buyBps` where the reference is the mid */
  readonly sellBps: Float64Array;
  /** Maxima of `buyBps`, minima of `sellBps`. */
  readonly pyramid: Pyramid;
}

/** What of a configuration a signal depends on. */
export type SignalRules = Pick<CompleteConfig, 'reference' | 'heldForecast' | 'strideTicks'>;

/** Configurations with the same key have the same signal. */
export function signalKey({ reference, heldForecast, strideTicks }: SignalRules): string {
  return heldForecast === 'price' ? reference : `${reference} ${heldForecast} ${strideTicks}`;
}

/**
 * Surprise of a prediction against the mid, or against the touch: the ask for buys, the bid for sells (docs/backtest.md).
 *
 * @param prediction [T] predicted prices; NaN where there is none
 */
export function surprise(market: Market, prediction: Float64Array, rules: SignalRules): Signal {
  const { bid, ask } = market;
  if (prediction.length !== bid.length) {
    throw new RangeError(`${prediction.length} predictions for ${bid.length} ticks`);
  }
  const price = rules.heldForecast === 'price' ? prediction : betweenForecasts(market, prediction, rules);
  const buyBps = new Float64Array(bid.length);
  if (rules.reference === 'mid') {
    for (let k = 0; k < bid.length; k++) buyBps[k] = 10_000 * (price[k]! / ((bid[k]! + ask[k]!) / 2) - 1);
    return { buyBps, sellBps: buyBps, pyramid: pyramidOf(buyBps, buyBps) };
  }
  const sellBps = new Float64Array(bid.length);
  for (let k = 0; k < bid.length; k++) {
    buyBps[k] = 10_000 * (price[k]! / ask[k]! - 1);
    sellBps[k] = 10_000 * (price[k]! / bid[k]! - 1);
  }
  return { buyBps, sellBps, pyramid: pyramidOf(buyBps, sellBps) };
}

/**
 * Predicted prices where a forecast does not hold as a price: as a return, its price moves with the mid; as nothing, it is there only
 * at its own tick. Forecasts are made at a session's first predicted tick and every `strideTicks` after it.
 */
function betweenForecasts(market: Market, prediction: Float64Array, { heldForecast, strideTicks }: SignalRules) {
  const { bid, ask, sessionStarts } = market;
  const out = new Float64Array(bid.length).fill(Number.NaN);
  for (let s = 0; s < sessionStarts.length; s++) {
    const endExclusive = sessionStarts[s + 1] ?? bid.length;
    let first = sessionStarts[s]!;
    while (first < endExclusive && Number.isNaN(prediction[first]!)) first++;
    for (let made = first; made < endExclusive; made += strideTicks) {
      out[made] = prediction[made]!;
      if (heldForecast === 'none') continue;
      const ratio = prediction[made]! / ((bid[made]! + ask[made]!) / 2);
      const next = Math.min(endExclusive, made + strideTicks);
      for (let k = made + 1; k < next; k++) out[k] = ratio * ((bid[k]! + ask[k]!) / 2);
    }
  }
  return out;
}

/**
 * A missing or non-positive quote would turn every later return into NaN: throws a `UserError` that names the first one.
 * Also throws where the columns or the session starts do not fit each other (a programming error).
 */
export function checkMarket({ bid, ask, sessionStarts, periodStarts }: Market): void {
  if (bid.length !== ask.length) throw new RangeError(`${bid.length} bids, ${ask.length} asks`);
  checkStarts('session', sessionStarts, bid.length);
  if (periodStarts) checkStarts('return period', periodStarts, bid.length);
  for (let k = 0; k < bid.length; k++) {
    if (bid[k]! > 0 && ask[k]! > 0 && bid[k]! < Number.POSITIVE_INFINITY && ask[k]! < Number.POSITIVE_INFINITY)
      continue;
    fail('strategy/quotes', `there is no usable quote (bid ${bid[k]}, ask ${ask[k]}).`, {
      where: `tick ${k}`,
      hint: 'Resample the quotes without a staleness limit, or leave out the sessions with gaps.',
    });
  }
}

/** They cut all ticks into pieces of at least one. */
function checkStarts(what: string, starts: Int32Array, ticks: number): void {
  if (ticks > 0 && starts[0] !== 0) throw new RangeError(`the first ${what} must start at tick 0`);
  for (let s = 1; s <= starts.length; s++) {
    if ((starts[s] ?? ticks) <= starts[s - 1]!) throw new RangeError(`${what} ${s - 1} is empty or out of order`);
  }
}
