/** How many ticks a device has room for, over all symbols, held against what grids would take before any is made. */

import { fail } from '../core/errors.ts';

/** Time, bid, ask and sizes as doubles, once on the page and once in the worker that forecasts; what shows them takes the rest. */
export const BYTES_PER_TICK = 100;
/** Part of the device's memory that grids may take: a tab gets about half of it, and forecasts take the rest. */
const SHARE = 1 / 4;
/** What a tab may hold does not grow with the device without end. */
const MOST_BYTES = 3e9;

export interface SeriesSize {
  readonly symbol: string;
  readonly quotes: number;
  readonly ticks: number;
}

export interface GridSizes {
  /** One a series, in order. */
  readonly sizes: readonly SeriesSize[];
  readonly mostTicks: number;
}

/** @param memoryBytes of the device (`core/deviceBudget.ts`) */
export function mostTicksOf(memoryBytes: number): number {
  return Math.floor(Math.min(memoryBytes * SHARE, MOST_BYTES) / BYTES_PER_TICK);
}

/** The symbols with the most quotes that fit together, in the order given. */
export function fitting({ sizes, mostTicks }: GridSizes): string[] {
  let left = mostTicks;
  const fit = new Set<string>();
  for (const { symbol, ticks } of [...sizes].sort((a, b) => b.quotes - a.quotes)) {
    if (ticks > left) continue;
    left -= ticks;
    fit.add(symbol);
  }
  return sizes.filter(({ symbol }) => fit.has(symbol)).map(({ symbol }) => symbol);
}

export function totalTicks(sizes: readonly SeriesSize[]): number {
  return sizes.reduce((sum, { ticks }) => sum + ticks, 0);
}

/** @throws UserError `quotes/grid-size` where the grids would take more than the device has room for, with what would fit */
export function checkGridSizes({ sizes, mostTicks }: GridSizes, stepMs: number): void {
  const ticks = totalTicks(sizes);
  if (ticks <= mostTicks) return;
  const count = (value: number) => value.toLocaleString('en');
  const [needed, room] = [ticks, mostTicks].map((each) => `${count(Math.ceil((each * BYTES_PER_TICK) / 1e8) / 10)} GB`);
  const longerMs = (stepMs * ticks) / mostTicks;
  const longer = longerMs < 1000 ? `${Math.ceil(longerMs)} ms` : `${Math.ceil(longerMs / 1000)} s`;
  const what = sizes.length === 1 ? 'The grid' : `The grids of ${count(sizes.length)} symbols`;
  const some =
    sizes.length === 1 ? '' : `Choose symbols (${count(fitting({ sizes, mostTicks }).length)} fit), or take `;
  fail(
    'quotes/grid-size',
    `${what} would have ${count(ticks)} ticks: they take about ${needed}, and this device has room for ${room}.`,
    { hint: `${some || 'Take '}a longer step (${longer} fits), a shorter window, or fewer days.` },
  );
}
