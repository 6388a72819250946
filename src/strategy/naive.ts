/**
 * Forecasts without a model, to trade by the same rules: what any strategy has to beat, and the bound of a model that knows the
 * future. Each predicts the mean of the next h mids from quotes up to and including its tick, but for the oracle.
 */

import { RandomStream } from '../core/random.ts';
import { trailingVolatilityBps } from './sizing.ts';
import type { Market } from './types.ts';

/** `persistence` is what kept results call momentum. */
export type NaiveId = 'random' | 'persistence' | 'reversal' | 'ar1' | 'crossover' | 'oracle';

export const naiveNames: Readonly<Record<NaiveId, string>> = {
  random: 'Random',
  persistence: 'Momentum (last move repeated)',
  reversal: 'Mean reversion (last move taken back)',
  ar1: 'AR(1)',
  crossover: 'Moving averages',
  oracle: 'Oracle (sees the future)',
};

export const naiveDescriptions: Readonly<Record<NaiveId, string>> = {
  random: 'A seeded normal draw as large as the mid moves over the horizon.',
  persistence: 'The move over the last horizon goes on for as long.',
  reversal: 'The move over the last horizon is taken back.',
  ar1: 'One-tick log returns follow a first-order autoregression, fitted anew at every tick to all before it.',
  crossover: 'The mean mid over one horizon against the mean over four: the trend goes on.',
  oracle: 'The realised mean mid over the horizon: a bound, not a strategy.',
};

export const naiveIds: readonly NaiveId[] = ['random', 'persistence', 'reversal', 'ar1', 'crossover', 'oracle'];

/** Horizons in the slow moving average. */
const SLOW = 4;

/**
 * Predicted mids.
 *
 * @param horizonTicks h ≥ 1
 * @returns [T] NaN where the past (or, for the oracle, the future) within the session is too short
 */
export function naiveForecast(id: NaiveId, market: Market, horizonTicks: number, seed: number): Float64Array {
  const mid = market.bid.map((bid, k) => (bid + market.ask[k]!) / 2);
  switch (id) {
    case 'random':
      return randomForecast(market, mid, horizonTicks, seed);
    case 'persistence':
      return bySession(market, mid, (k, start) =>
        k - horizonTicks < start ? Number.NaN : mid[k]! ** 2 / mid[k - horizonTicks]!,
      );
    case 'reversal':
      return bySession(market, mid, (k, start) => (k - horizonTicks < start ? Number.NaN : mid[k - horizonTicks]!));
    case 'ar1':
      return autoregressive(market, mid, horizonTicks);
    case 'crossover': {
      const sums = prefixSums(mid);
      const average = (k: number, n: number): number => (sums[k + 1]! - sums[k + 1 - n]!) / n;
      return bySession(market, mid, (k, start) =>
        k + 1 - SLOW * horizonTicks < start
          ? Number.NaN
          : (mid[k]! * average(k, horizonTicks)) / average(k, SLOW * horizonTicks),
      );
    }
    case 'oracle': {
      const sums = prefixSums(mid);
      return bySession(market, mid, (k, _, endExclusive) => {
        const last = Math.min(endExclusive - 1, k + horizonTicks);
        return last === k ? Number.NaN : (sums[last + 1]! - sums[k + 1]!) / (last - k);
      });
    }
  }
}

/**
 * A naive forecast made when the model makes its own, and held as long: at a session's first predicted tick and every `strideTicks`
 * after it.
 *
 * @param values [T] of `naiveForecast`; @param model [T] predictions of the model
 */
export function onSchedule(values: Float64Array, model: Float64Array, sessionStarts: Int32Array, strideTicks: number) {
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (let s = 0; s < sessionStarts.length; s++) {
    const endExclusive = sessionStarts[s + 1] ?? values.length;
    let made = sessionStarts[s]!;
    while (made < endExclusive && Number.isNaN(model[made]!)) made++;
    for (; made < endExclusive; made += strideTicks) {
      out.fill(values[made]!, made, Math.min(endExclusive, made + strideTicks));
    }
  }
  return out;
}

function bySession(
  { sessionStarts }: Market,
  mid: Float64Array,
  predict: (k: number, start: number, endExclusive: number) => number,
): Float64Array {
  const out = new Float64Array(mid.length);
  for (let s = 0; s < sessionStarts.length; s++) {
    const start = sessionStarts[s]!;
    const endExclusive = sessionStarts[s + 1] ?? mid.length;
    for (let k = start; k < endExclusive; k++) out[k] = predict(k, start, endExclusive);
  }
  return out;
}

function randomForecast(market: Market, mid: Float64Array, horizonTicks: number, seed: number): Float64Array {
  // Two moves are the least a volatility is made of; it is scaled back to the horizon.
  const window = Math.max(2, horizonTicks);
  const volatility = trailingVolatilityBps(market, window);
  const stream = new RandomStream(seed, `strategy/random/${market.symbol ?? ''}`);
  const scale = 1e-4 * Math.sqrt(horizonTicks / window);
  return mid.map((price, k) => price * (1 + scale * volatility[k]! * stream.normal()));
}

/**
 * φ̂ = Σ r_t·r_{t−1} / Σ r_{t−1}² over all pairs of neighbouring one-tick log returns of one session up to k. Predicted log change
 * over j ticks: r_k·(φ + … + φ^j); its mean over j = 1..h is added to the log mid.
 */
function autoregressive(market: Market, mid: Float64Array, horizonTicks: number): Float64Array {
  let products = 0;
  let squares = 0;
  let before = Number.NaN;
  return bySession(market, mid, (k, start) => {
    const move = k === start ? Number.NaN : Math.log(mid[k]! / mid[k - 1]!);
    if (k > start + 1) {
      products += move * before;
      squares += before * before;
    }
    before = move;
    if (k === start || squares === 0) return Number.NaN;
    const phi = products / squares;
    return mid[k]! * Math.exp(move * meanResponse(phi, horizonTicks));
  });
}

/** Mean over j = 1..h of φ + … + φ^j. */
function meanResponse(phi: number, horizonTicks: number): number {
  // A stationary process; at φ = 1 the closed form below divides by zero.
  const bounded = Math.max(-0.999, Math.min(0.999, phi));
  const decayed = (bounded * (1 - bounded ** horizonTicks)) / (horizonTicks * (1 - bounded));
  return (bounded / (1 - bounded)) * (1 - decayed);
}

/** [T + 1] sum of the first n values at n. */
function prefixSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let k = 0; k < values.length; k++) sums[k + 1] = sums[k]! + values[k]!;
  return sums;
}
