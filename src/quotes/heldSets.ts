/** Sets of series held by number, and what sampling them would take. */

import { memoryBytes } from '../core/deviceBudget.ts';
import { fail } from '../core/errors.ts';
import type { QuoteSeries } from '../core/types.ts';
import { type GridSizes, mostTicksOf } from './gridBudget.ts';
import { countTicks, type ResampleSettings } from './resample.ts';

/** Which of the sets is in use is the page's to say, so that nothing half opened is sampled. */
export class HeldSets {
  private readonly sets = new Map<number, readonly QuoteSeries[]>();
  private opened = 0;

  /** Holds series as a set of their own; its number. */
  hold(series: readonly QuoteSeries[]): number {
    this.sets.set(++this.opened, series);
    return this.opened;
  }

  /** Series of a set: all where no symbols are named. @throws UserError `quotes/lost` */
  of(set: number, symbols?: readonly string[]): readonly QuoteSeries[] {
    const series =
      this.sets.get(set) ??
      fail('quotes/lost', 'The quotes are no longer in memory.', {
        hint: 'Drop their files again, or go back to the embedded market.',
      });
    const chosen = symbols && new Set(symbols);
    return chosen ? series.filter(({ symbol }) => chosen.has(symbol)) : series;
  }

  /** Lets go of every set but one. */
  keepOnly(set: number): void {
    for (const other of [...this.sets.keys()]) if (other !== set) this.sets.delete(other);
  }
}

/** What the grids of series would take, and what there is room for. */
export function sizesOf(series: readonly QuoteSeries[], settings: ResampleSettings): GridSizes {
  const sizes = series.map((each) => ({
    symbol: each.symbol,
    quotes: each.timeMs.length,
    ticks: countTicks(each, settings),
  }));
  return { sizes, mostTicks: mostTicksOf(memoryBytes()) };
}
