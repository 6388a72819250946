/** The model surprise: how far a prediction lies from the quote, computed once per prediction for all configurations. */

import { fail } from '../core/errors.ts';
import type { Market } from './types.ts';

/** Surprise in basis points, 10⁴·(p/reference − 1); NaN where there is no prediction. */
export interface Signal {
  /** [T] against the quote of a buy */
  readonly buyBps: Float64Array;
  /** [T] against the quote of a sell; the same array as `buyBps` where the reference is the mid */
  readonly sellBps: Float64Array;
}

/**
 * Surprise of a prediction against the mid, or against the touch: the ask for buys, the bid for sells (DESIGN §6, rule 3).
 *
 * @param prediction [T] predicted prices; NaN where there is none
 */
export function surprise(market: Market, prediction: Float64Array, reference: 'mid' | 'touch'): Signal {
  const { bid, ask } = market;
  if (prediction.length !== bid.length) {
    throw new RangeError(`${prediction.length} predictions for ${bid.length} ticks`);
  }
  const buyBps = new Float64Array(bid.length);
  if (reference === 'mid') {
    for (let k = 0; k < bid.length; k++) buyBps[k] = 10_000 * (prediction[k]! / ((bid[k]! + ask[k]!) / 2) - 1);
    return { buyBps, sellBps: buyBps };
  }
  const sellBps = new Float64Array(bid.length);
  for (let k = 0; k < bid.length; k++) {
    buyBps[k] = 10_000 * (prediction[k]! / ask[k]! - 1);
    sellBps[k] = 10_000 * (prediction[k]! / bid[k]! - 1);
  }
  return { buyBps, sellBps };
}

/**
 * A missing or non-positive quote would turn every later return into NaN: throws a `UserError` that names the first one.
 * Also throws where the columns or the session starts do not fit each other (a programming error).
 */
export function checkMarket({ bid, ask, sessionStarts }: Market): void {
  if (bid.length !== ask.length) throw new RangeError(`${bid.length} bids, ${ask.length} asks`);
  if (bid.length > 0 && sessionStarts[0] !== 0) throw new RangeError('the first session must start at tick 0');
  for (let s = 1; s <= sessionStarts.length; s++) {
    const endExclusive = sessionStarts[s] ?? bid.length;
    if (endExclusive <= sessionStarts[s - 1]!) throw new RangeError(`session ${s - 1} is empty or out of order`);
  }
  for (let k = 0; k < bid.length; k++) {
    if (bid[k]! > 0 && ask[k]! > 0 && bid[k]! < Number.POSITIVE_INFINITY && ask[k]! < Number.POSITIVE_INFINITY)
      continue;
    fail('strategy/quotes', `there is no usable quote (bid ${bid[k]}, ask ${ask[k]}).`, {
      where: `tick ${k}`,
      hint: 'Resample the quotes without a staleness limit, or leave out the sessions with gaps.',
    });
  }
}
