/** A part of a whole, as shares from 0 to 1: what is in sight of an axis that is zoomed and moved. */

import type { Extent } from './scale.ts';

/** Closer than this, numbers on an axis run out of digits. */
const smallest = 1e-3;

export const wholePart: Extent = { min: 0, max: 1 };

/** Of an axis' whole extent, the part in the axis' unit. */
export function partOf({ min, max }: Extent, part: Extent): Extent {
  return { min: min + part.min * (max - min), max: min + part.max * (max - min) };
}

export function shareOf({ min, max }: Extent, value: number): number {
  return (value - min) / (max - min);
}

export function lengthOf({ min, max }: Extent): number {
  return max - min;
}

/** @param factor below 1 is closer @param at the share of the part that stays where it is */
export function scaled(part: Extent, factor: number, at: number, least = smallest): Extent {
  const length = Math.min(1, Math.max(Math.min(1, least), factor * lengthOf(part)));
  return kept(part.min + at * (lengthOf(part) - length), length);
}

/** By a share of the part. */
export function shifted(part: Extent, share: number): Extent {
  return kept(part.min + share * lengthOf(part), lengthOf(part));
}

/** Moved no further than is needed to have a share of the whole in sight. */
export function including(part: Extent, share: number): Extent {
  const margin = 0.05 * lengthOf(part);
  if (share < part.min + margin) return kept(share - margin, lengthOf(part));
  if (share > part.max - margin) return kept(share + margin - lengthOf(part), lengthOf(part));
  return part;
}

function kept(start: number, length: number): Extent {
  const min = Math.min(1 - length, Math.max(0, start));
  return { min, max: min + length };
}
