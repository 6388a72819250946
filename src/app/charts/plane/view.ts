/** The part of a plane that is in sight: all of it, or what was zoomed into and moved to. */

import { type Accessor, createMemo, createSignal } from 'solid-js';
import type { Extent } from '../scale.ts';

/** Shares of the whole plane, from 0 to 1 in each direction; y upwards. */
interface Part {
  readonly x: Extent;
  readonly y: Extent;
}

const whole: Part = { x: { min: 0, max: 1 }, y: { min: 0, max: 1 } };
/** Closer than this, numbers on the axes run out of digits. */
const smallest = 1e-3;

export function createPlaneView(wholeX: Accessor<Extent>, wholeY: Accessor<Extent>) {
  const [part, setPart] = createSignal(whole);
  const x = createMemo(() => within(wholeX(), part().x));
  const y = createMemo(() => within(wholeY(), part().y));
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

function within({ min, max }: Extent, part: Extent): Extent {
  return { min: min + part.min * (max - min), max: min + part.max * (max - min) };
}

function shareOf({ min, max }: Extent, value: number): number {
  return (value - min) / (max - min);
}

function lengthOf({ min, max }: Extent): number {
  return max - min;
}

function scaled(part: Extent, factor: number, at: number): Extent {
  const length = Math.min(1, Math.max(smallest, factor * lengthOf(part)));
  return kept(part.min + at * (lengthOf(part) - length), length);
}

function shifted(part: Extent, share: number): Extent {
  return kept(part.min + share * lengthOf(part), lengthOf(part));
}

function including(part: Extent, share: number): Extent {
  const margin = 0.05 * lengthOf(part);
  if (share < part.min + margin) return kept(share - margin, lengthOf(part));
  if (share > part.max - margin) return kept(share + margin - lengthOf(part), lengthOf(part));
  return part;
}

function kept(start: number, length: number): Extent {
  const min = Math.min(1 - length, Math.max(0, start));
  return { min, max: min + length };
}
