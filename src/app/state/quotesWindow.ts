/** The stretch of quotes that a chart shows around a trade. */

import type { Trade } from '../../strategy/types.ts';
import type { PointSlice } from './point.ts';

type Values = (number | null)[];

/** Columns over the ticks of the window; null where there is nothing. */
export interface QuotesWindow {
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

/** No window shows more ticks than this: each is drawn. */
export const mostTicks = 4000;
const fewestTicks = 10;

/** The trade with as much before and after it as it lasts. */
export function rangeAround({ entryTick, exitTick }: Trade, tickCount: number): TickRange {
  const around = Math.max(15, exitTick - entryTick);
  return clamp(entryTick - around, exitTick + around + 1, tickCount);
}

/** The middle stays where it is. */
export function zoom({ from, endExclusive }: TickRange, factor: number, tickCount: number): TickRange {
  const middle = (from + endExclusive) / 2;
  const half = (factor * (endExclusive - from)) / 2;
  return clamp(Math.round(middle - half), Math.round(middle + half), tickCount);
}

/** By a share of what is in sight; negative is earlier. */
export function pan({ from, endExclusive }: TickRange, share: number, tickCount: number): TickRange {
  const length = endExclusive - from;
  const start = Math.max(0, Math.min(tickCount - length, from + Math.round(share * length)));
  return clamp(start, start + length, tickCount);
}

function clamp(from: number, endExclusive: number, tickCount: number): TickRange {
  const length = Math.min(tickCount, mostTicks, Math.max(fewestTicks, endExclusive - from));
  const start = Math.max(0, Math.min(tickCount - length, from));
  return { from: start, endExclusive: start + length };
}

export function quotesWindow(
  { grid, forecasts }: PointSlice,
  trades: readonly Trade[],
  range: TickRange,
): QuotesWindow {
  const ticks = Array.from({ length: range.endExclusive - range.from }, (_, i) => range.from + i);
  const tickCount = grid.timeMs.length;
  const predictions = (tick: number): number[] =>
    Array.from({ length: forecasts.variants }, (_, k) => forecasts.predictedMid[(k + 1) * tickCount + tick]!);
  const extreme = (of: (...values: number[]) => number): Values =>
    ticks.map((tick) => {
      const value = of(...predictions(tick));
      return Number.isFinite(value) ? value : null;
    });
  const bought: Values = ticks.map(() => null);
  const sold: Values = ticks.map(() => null);
  for (const { side, entryTick, exitTick, entryPrice, exitPrice } of trades) {
    const [entries, exits] = side === 'long' ? [bought, sold] : [sold, bought];
    if (entryTick >= range.from && entryTick < range.endExclusive) entries[entryTick - range.from] = entryPrice;
    if (exitTick >= range.from && exitTick < range.endExclusive) exits[exitTick - range.from] = exitPrice;
  }
  const at = (column: Float64Array): Values => ticks.map((tick) => column[tick]!);
  return { ticks, bid: at(grid.bid), ask: at(grid.ask), low: extreme(Math.min), high: extreme(Math.max), bought, sold };
}
