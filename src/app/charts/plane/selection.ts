/** A rectangle on the plane, drawn with the mouse or grown by keys, and the points that were in it. */

import { type Accessor, createMemo, createSignal } from 'solid-js';
import type { Extent } from '../scale.ts';
import { keyOf, type Pickable, type PlanePosition } from './model.ts';

/** A part of the plane, in its unit. */
export interface PlaneRectangle {
  readonly sigma: Extent;
  readonly mean: Extent;
}

/** How far a key moves a corner, as a share of what is in sight. */
const STEP = 1 / 20;

export function rectangleOf(a: PlanePosition, b: PlanePosition): PlaneRectangle {
  return {
    sigma: { min: Math.min(a.sigma, b.sigma), max: Math.max(a.sigma, b.sigma) },
    mean: { min: Math.min(a.mean, b.mean), max: Math.max(a.mean, b.mean) },
  };
}

/** Its edges belong to it. */
export function isWithin({ sigma, mean }: PlaneRectangle, at: PlanePosition): boolean {
  return at.sigma >= sigma.min && at.sigma <= sigma.max && at.mean >= mean.min && at.mean <= mean.max;
}

/** A corner moved by steps to the right and upwards; it stays in sight. */
export function moved(
  corner: PlanePosition,
  right: number,
  up: number,
  sight: Pick<PlaneRectangle, 'sigma' | 'mean'>,
): PlanePosition {
  const within = (value: number, steps: number, { min, max }: Extent): number =>
    Math.min(max, Math.max(min, value + steps * STEP * (max - min)));
  return { sigma: within(corner.sigma, right, sight.sigma), mean: within(corner.mean, up, sight.mean) };
}

export function createSelection(points: Accessor<readonly Pickable[]>) {
  const [corners, setCorners] = createSignal<{ readonly from: PlanePosition; readonly to: PlanePosition }>();
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>();
  const take = (rectangle: PlaneRectangle): void => {
    const inside = points().filter(({ point }) => isWithin(rectangle, point));
    setChosen(new Set(inside.map(keyOf)));
  };
  return {
    /** While it is drawn, and as long as keys may go on with it. */
    rectangle: createMemo(() => {
      const now = corners();
      return now && rectangleOf(now.from, now.to);
    }),
    /** Of the points shown now, those that were in the rectangle; undefined: there was none. */
    selected: createMemo(() => {
      const keys = chosen();
      return keys && points().filter((pick) => keys.has(keyOf(pick)));
    }),
    /** Whether a point is none of those selected, where any are. */
    stepsBack: (key: string): boolean => chosen()?.has(key) === false,
    draw: (from: PlanePosition, to: PlanePosition): void => void setCorners({ from, to }),
    /** The rectangle is drawn: what is in it is selected, and it is put away. */
    close: (): void => {
      const now = corners();
      setCorners(undefined);
      if (now) take(rectangleOf(now.from, now.to));
    },
    /** By keys: one corner stands still, the other moves, and what is between them is selected at once. */
    grow: (start: PlanePosition, right: number, up: number, sight: Pick<PlaneRectangle, 'sigma' | 'mean'>): void => {
      const { from, to } = corners() ?? { from: start, to: start };
      const next = moved(to, right, up, sight);
      setCorners({ from, to: next });
      take(rectangleOf(from, next));
    },
    /** Without selecting anything. */
    putAway: (): void => void setCorners(undefined),
    clear: (): void => {
      setCorners(undefined);
      setChosen(undefined);
    },
  };
}

export type PlaneSelection = ReturnType<typeof createSelection>;
