/** The point that is pointed at, by the mouse or by keys, which walk the points in order of their risk. */

import { type Accessor, createMemo, createSignal } from 'solid-js';
import type { Sight } from './geometry.ts';
import { type Pickable, type PlanePick, samePick } from './model.ts';

/** How far from a point, in pixels, the pointer still means it. */
const REACH = 24;

export function createCursor(points: Accessor<readonly Pickable[]>) {
  const [pick, setPick] = createSignal<PlanePick>();
  const ordered = createMemo(() => [...points()].sort((a, b) => a.point.sigma - b.point.sigma));
  const last = (): number => ordered().length - 1;
  return {
    /** The point under the cursor, as it is shown now. */
    at: createMemo(() => points().find((each) => samePick(each, pick()))),
    set: (to: PlanePick | undefined): void => void setPick(to),
    /** By so many points of greater risk; from the first or the last where there was none. */
    step: (by: number): void => {
      const now = ordered().findIndex((each) => samePick(each, pick()));
      const next = now < 0 ? (by > 0 ? 0 : last()) : now + by;
      setPick(ordered()[Math.min(last(), Math.max(0, next))]);
    },
    toEnd: (end: 'first' | 'last'): void => void setPick(ordered()[end === 'first' ? 0 : last()]),
  };
}

export type PlaneCursor = ReturnType<typeof createCursor>;

/** The point closest to a place in the picture, in pixels; none beyond reach. */
export function nearestTo(points: readonly Pickable[], sight: Sight, left: number, top: number): Pickable | undefined {
  let best: Pickable | undefined;
  let bestDistance = REACH;
  for (const each of points) {
    const distance = Math.hypot(sight.x(each.point.sigma) - left, sight.y(each.point.mean) - top);
    if (distance >= bestDistance) continue;
    best = each;
    bestDistance = distance;
  }
  return best;
}
