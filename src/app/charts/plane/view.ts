/** The part of a plane that is in sight: all of it, or what was zoomed into and moved to. */

import { type Accessor, createMemo, createSignal } from 'solid-js';
import { including, lengthOf, partOf, scaled, shareOf, shifted, wholePart } from '../part.ts';
import type { Extent } from '../scale.ts';

/** Shares of the whole plane, from 0 to 1 in each direction; y upwards. */
interface Part {
  readonly x: Extent;
  readonly y: Extent;
}

const whole: Part = { x: wholePart, y: wholePart };
export function createPlaneView(wholeX: Accessor<Extent>, wholeY: Accessor<Extent>) {
  const [part, setPart] = createSignal(whole);
  const x = createMemo(() => partOf(wholeX(), part().x));
  const y = createMemo(() => partOf(wholeY(), part().y));
  return {
    /** What is in sight, in the plane's units. */
    x,
    y,
    zoomed: () => part() !== whole,
    /** @param factor below 1 is closer @param at shares of what is in sight that stay where they are */
    zoom: (factor: number, at = { x: 0.5, y: 0.5 }): void => {
      const next = { x: scaled(part().x, factor, at.x), y: scaled(part().y, factor, at.y) };
      setPart(lengthOf(next.x) >= 1 ? whole : next);
    },
    /** By shares of what is in sight. */
    pan: (by: { x: number; y: number }): void => {
      if (part() !== whole) setPart(({ x, y }) => ({ x: shifted(x, by.x), y: shifted(y, by.y) }));
    },
    /** Moves no further than is needed to have a position in sight. */
    reveal: (at: { x: number; y: number }): void => {
      if (part() === whole) return;
      setPart((now) => ({
        x: including(now.x, shareOf(wholeX(), at.x)),
        y: including(now.y, shareOf(wholeY(), at.y)),
      }));
    },
    reset: (): void => void setPart(whole),
  };
}

export type PlaneView = ReturnType<typeof createPlaneView>;
