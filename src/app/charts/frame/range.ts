/** The stretch of a chart's axis that is in sight: all of it, or what was zoomed into and moved to. */

import { type Accessor, createMemo, createSignal } from 'solid-js';
import { including, lengthOf, partOf, scaled, shareOf, shifted, wholePart } from '../part.ts';
import type { Extent } from '../scale.ts';

/** Positions that are in sight at least. */
const FEWEST = 4;

export function createRange(whole: Accessor<Extent>) {
  const [part, setPart] = createSignal(wholePart);
  return {
    /** In the axis' unit. */
    sight: createMemo(() => partOf(whole(), part()), undefined, {
      equals: (a, b) => a.min === b.min && a.max === b.max,
    }),
    zoomed: (): boolean => part() !== wholePart,
    /** @param factor below 1 is closer @param at the share of what is in sight that stays where it is */
    zoom: (factor: number, at = 0.5): void => {
      const next = scaled(part(), factor, at, FEWEST / lengthOf(whole()));
      setPart(lengthOf(next) >= 1 ? wholePart : next);
    },
    /** By a share of what is in sight; negative is earlier. */
    pan: (share: number): void => {
      if (part() !== wholePart) setPart((now) => shifted(now, share));
    },
    /** Moves no further than is needed to have a position in sight. */
    reveal: (position: number): void => {
      if (part() !== wholePart) setPart((now) => including(now, shareOf(whole(), position)));
    },
    reset: (): void => void setPart(wholePart),
  };
}

export type ChartRange = ReturnType<typeof createRange>;
