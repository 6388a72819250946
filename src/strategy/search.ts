/** Searches for the next tick at which something can happen, over whole blocks at a time where nothing can (`pyramid.ts`). */

import type { CompleteConfig } from './config.ts';
import { LARGE, type Pyramid, SMALL } from './pyramid.ts';
import type { Signal } from './signal.ts';

/** "For ever" as a count of ticks: above any grid, and small enough that sums of ticks stay integers to the compiler. */
export const ENDLESS = 0x1fffffff;

const SMALL_MASK = (1 << SMALL) - 1;
const LARGE_MASK = (1 << LARGE) - 1;

/** First tick in [from, to] (inclusive) with an entry signal; a tick beyond `to` where there is none. */
export function nextEntry(signal: Signal, config: CompleteConfig, from: number, to: number): number {
  const { buyBps, sellBps } = signal;
  const { smallMax, smallMin, largeMax, largeMin } = signal.pyramid;
  const threshold = config.thresholdBps;
  const floor = config.allowShort ? -threshold : Number.NEGATIVE_INFINITY;
  let tick = from;
  while (tick <= to) {
    if ((tick & SMALL_MASK) === 0) {
      if ((tick & LARGE_MASK) === 0) {
        const block = tick >> LARGE;
        if (!(largeMax[block]! > threshold) && !(largeMin[block]! < floor)) {
          tick += 1 << LARGE;
          continue;
        }
      }
      const block = tick >> SMALL;
      if (!(smallMax[block]! > threshold) && !(smallMin[block]! < floor)) {
        tick += 1 << SMALL;
        continue;
      }
    }
    const blockEnd = tick | SMALL_MASK;
    const end = blockEnd < to ? blockEnd : to;
    for (; tick <= end; tick++) if (buyBps[tick]! > threshold || sellBps[tick]! < floor) return tick;
  }
  return to + 1;
}

/**
 * First tick in [from, to] (inclusive) at which the position may have to be left: a mark at or beyond `low` or `high`, or a surprise
 * beyond `floor` or `ceiling`. A tick beyond `to` where there is none. Numbers, not an object: this is called for every trade.
 */
export function nextExit(
  marks: Float64Array,
  { smallMax, smallMin, largeMax, largeMin }: Pyramid,
  signal: Signal,
  low: number,
  high: number,
  floor: number,
  ceiling: number,
  long: boolean,
  from: number,
  to: number,
): number {
  const against = long ? signal.sellBps : signal.buyBps;
  const surprises = signal.pyramid;
  let tick = from;
  while (tick <= to) {
    if ((tick & SMALL_MASK) === 0) {
      if ((tick & LARGE_MASK) === 0) {
        const block = tick >> LARGE;
        if (
          largeMin[block]! > low &&
          largeMax[block]! < high &&
          (long ? !(surprises.largeMin[block]! < floor) : !(surprises.largeMax[block]! > ceiling))
        ) {
          tick += 1 << LARGE;
          continue;
        }
      }
      const block = tick >> SMALL;
      if (
        smallMin[block]! > low &&
        smallMax[block]! < high &&
        (long ? !(surprises.smallMin[block]! < floor) : !(surprises.smallMax[block]! > ceiling))
      ) {
        tick += 1 << SMALL;
        continue;
      }
    }
    const blockEnd = tick | SMALL_MASK;
    const end = blockEnd < to ? blockEnd : to;
    for (; tick <= end; tick++) {
      const mark = marks[tick]!;
      const surpriseBps = against[tick]!;
      if (mark > low && mark < high && !(surpriseBps < floor) && !(surpriseBps > ceiling)) continue;
      return tick;
    }
  }
  return to + 1;
}
