/**
 * The stretch of quotes that a chart shows. A short one is shown tick by tick; of a long one every column of the picture has the
 * lowest and the highest value of its ticks, which is what all of them would paint.
 */

import type { Forecasts, Grid } from '../../../core/types.ts';
import type { Trade } from '../../../strategy/types.ts';
import { type Extremes, extremesOf } from '../../charts/extremes.ts';

type Values = (number | null)[];

/** Columns over the positions of the window; null where there is nothing. */
export interface QuotesWindow {
  /** Ascending; every tick of the range, or two a column: with the lowest values, and with the highest. */
  readonly ticks: number[];
  readonly bid: Values;
  readonly ask: Values;
  /** Lowest and highest prediction of the dropout variants. */
  readonly low: Values;
  readonly high: Values;
  /** Fill prices. */
  readonly bought: Values;
  readonly sold: Values;
}

export interface TickRange {
  readonly from: number;
  readonly endExclusive: number;
}

/** What windows are taken from: made once for a grid. */
export interface QuotesSource {
  readonly tickCount: number;
  readonly bid: Extremes;
  readonly ask: Extremes;
  /** Of the predictions at each tick; absent without forecasts. */
  readonly low?: Extremes;
  readonly high?: Extremes;
}

/** Longer ranges are drawn by columns. */
export const mostTicks = 4000;
const columns = 1200;
const fewestTicks = 10;

/** The trade with as much before and after it as it lasts. */
export function rangeAround({ entryTick, exitTick }: Trade, tickCount: number): TickRange {
  const around = Math.max(15, exitTick - entryTick);
  return clamp(entryTick - around, exitTick + around + 1, tickCount);
}

/** @param around stays where it is; absent: the middle */
export function zoom({ from, endExclusive }: TickRange, factor: number, tickCount: number, around?: number): TickRange {
  const still = around ?? (from + endExclusive) / 2;
  return clamp(
    Math.round(still - factor * (still - from)),
    Math.round(still + factor * (endExclusive - still)),
    tickCount,
  );
}

/** By a share of what is in sight; negative is earlier. */
export function pan({ from, endExclusive }: TickRange, share: number, tickCount: number): TickRange {
  const length = endExclusive - from;
  const start = Math.max(0, Math.min(tickCount - length, from + Math.round(share * length)));
  return clamp(start, start + length, tickCount);
}

function clamp(from: number, endExclusive: number, tickCount: number): TickRange {
  const length = Math.min(tickCount, Math.max(fewestTicks, endExclusive - from));
  const start = Math.max(0, Math.min(tickCount - length, from));
  return { from: start, endExclusive: start + length };
}

export function quotesSource(grid: Grid, forecasts?: Forecasts): QuotesSource {
  const quotes = { tickCount: grid.timeMs.length, bid: extremesOf(grid.bid), ask: extremesOf(grid.ask) };
  return forecasts ? { ...quotes, ...predictions(forecasts, quotes.tickCount) } : quotes;
}

function predictions({ variants, predictedMid }: Forecasts, tickCount: number): { low: Extremes; high: Extremes } {
  const low = new Float64Array(tickCount).fill(Number.NaN);
  const high = low.slice();
  for (let k = 1; k <= variants; k++) {
    for (let tick = 0; tick < tickCount; tick++) {
      const value = predictedMid[k * tickCount + tick]!;
      if (!(value >= low[tick]!)) low[tick] = value;
      if (!(value <= high[tick]!)) high[tick] = value;
    }
  }
  return { low: extremesOf(low), high: extremesOf(high) };
}

export function quotesWindow(source: QuotesSource, trades: readonly Trade[], range: TickRange): QuotesWindow {
  const { from, endExclusive } = range;
  const length = endExclusive - from;
  const exact = length <= mostTicks;
  const count = exact ? length : 2 * columns;
  /** Where column i begins. */
  const start = (i: number): number => from + Math.floor((i * length) / columns);
  const ticks = Array.from({ length: count }, (_, i) => {
    if (exact) return from + i;
    const [begin, end] = [start(i >> 1), start((i >> 1) + 1)];
    return i % 2 === 0 ? begin : (begin + end) / 2;
  });
  /** What position i has of a column of the source: its lowest value, then its highest, or the same side of both. */
  const values = (of: Extremes | undefined, side?: 'low' | 'high'): Values =>
    ticks.map((tick, i) => {
      if (!of) return null;
      const extreme = side ?? (i % 2 === 0 ? 'low' : 'high');
      const value = exact ? of.at(tick) : of[extreme](start(i >> 1), start((i >> 1) + 1));
      return Number.isFinite(value) ? value : null;
    });
  const bought: Values = ticks.map(() => null);
  const sold: Values = ticks.map(() => null);
  const place = (tick: number): number => (exact ? tick - from : 2 * Math.floor(((tick - from) * columns) / length));
  for (const { side, entryTick, exitTick, entryPrice, exitPrice } of trades) {
    const [entries, exits] = side === 'long' ? [bought, sold] : [sold, bought];
    if (entryTick >= from && entryTick < endExclusive) entries[place(entryTick)] = entryPrice;
    if (exitTick >= from && exitTick < endExclusive) exits[place(exitTick)] = exitPrice;
  }
  return {
    ...{ ticks, bid: values(source.bid), ask: values(source.ask), bought, sold },
    ...{ low: values(source.low, 'low'), high: values(source.high, 'high') },
  };
}
