/** What keys and pointer do to a chart whose axis is zoomed by itself: its moves, out of a range and a cursor. */

import type { Accessor } from 'solid-js';
import { shareOf } from '../part.ts';
import type { ChartMoves } from './ChartFigure.tsx';
import type { ChartRange } from './range.ts';

/**
 * @param last the last position
 * @param at the position under the cursor
 * @param moveTo puts the cursor there
 */
export function movesOf(
  range: ChartRange,
  last: Accessor<number>,
  at: Accessor<number | undefined>,
  moveTo: (position: number) => void,
): ChartMoves {
  return {
    step: (by) => {
      const next = Math.min(last(), Math.max(0, (at() ?? (by > 0 ? -1 : last() + 1)) + by));
      range.reveal(next);
      moveTo(next);
    },
    zoom: (factor, share) => {
      const under = at();
      const around = share ?? (under === undefined ? 0.5 : shareOf(range.sight(), under));
      range.zoom(factor, Math.min(1, Math.max(0, around)));
    },
    pan: range.pan,
    pannable: range.zoomed,
    reset: range.reset,
  };
}
