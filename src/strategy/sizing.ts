/** How large a position is to be, decided from what is known at the tick of the decision. */

import type { FurtherRules } from './furtherRules.ts';
import type { Market } from './types.ts';

/**
 * Volatility of the mid over a window of n ticks, in basis points: √(Σ of the last n squared one-tick returns). Moves between
 * sessions are not counted; NaN before the first n moves.
 *
 * @returns [T]; the value at k is formed from quotes up to and including k
 */
export function trailingVolatilityBps({ bid, ask, sessionStarts }: Market, windowTicks: number): Float64Array {
  const out = new Float64Array(bid.length).fill(Number.NaN);
  /** Sum of the first m squared moves at m. */
  const sums = new Float64Array(bid.length + 1);
  let moves = 0;
  let session = 0;
  for (let k = 0; k < bid.length; k++) {
    if (sessionStarts[session] === k) session++;
    else {
      const moveBps = 1e4 * ((bid[k]! + ask[k]!) / (bid[k - 1]! + ask[k - 1]!) - 1);
      sums[moves + 1] = sums[moves]! + moveBps * moveBps;
      moves++;
    }
    if (moves >= windowTicks) out[k] = Math.sqrt(Math.max(0, sums[moves]! - sums[moves - windowTicks]!));
  }
  return out;
}

/**
 * Units of notional for a surprise; 0 or NaN: no position (the volatility is not known yet).
 *
 * @param surpriseBps of the side that is to be taken, whatever its sign
 * @param volatilityBps of `trailingVolatilityBps` at the same tick; not looked at unless the rule needs it
 */
export function positionSize(rules: FurtherRules, surpriseBps: number, volatilityBps: number): number {
  switch (rules.sizing) {
    case 'unit':
      return 1;
    case 'signal':
      return Math.min(rules.maxSize, Math.abs(surpriseBps) / rules.sizingTargetBps);
    case 'volatility':
      return Math.min(rules.maxSize, rules.sizingTargetBps / volatilityBps);
    case 'kelly':
      // Surprise and variance as fractions: 1e-4·|s| / (1e-8·σ²).
      return Math.min(rules.maxSize, (rules.kellyFraction * 1e4 * Math.abs(surpriseBps)) / volatilityBps ** 2);
  }
}

export function needsVolatility({ sizing }: FurtherRules): boolean {
  return sizing === 'volatility' || sizing === 'kelly';
}
