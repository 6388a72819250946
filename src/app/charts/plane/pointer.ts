/**
 * What mouse and fingers do on the plane. Dragging draws a rectangle with the mouse; in a plane that is zoomed it moves the plane, and draws with the
 * shift key held. A finger scrolls the page, and moves the plane where it is zoomed. A click opens; pinching, or the wheel with the control key, zooms.
 */

import type { Accessor } from 'solid-js';
import { nearestTo, type PlaneCursor } from './cursor.ts';
import type { Sight } from './geometry.ts';
import type { Pickable, PlanePosition } from './model.ts';
import type { PlaneSelection } from './selection.ts';
import type { PlaneView } from './view.ts';

/** How far, in pixels, a press may wander and still be a click. */
const STEADY = 5;

export interface PlaneParts {
  readonly frame: () => HTMLElement;
  readonly sight: Accessor<Sight>;
  readonly points: Accessor<readonly Pickable[]>;
  readonly view: PlaneView;
  readonly cursor: PlaneCursor;
  readonly selection: PlaneSelection;
  readonly open: (pick: Pickable | undefined) => void;
  /** The pointer is at a point, or at none. */
  readonly onHover: (pick: Pickable | undefined) => void;
}

interface Press {
  readonly does: 'draw' | 'move' | 'nothing';
  readonly from: { readonly left: number; readonly top: number };
  readonly last: { readonly left: number; readonly top: number };
}

export function pointerOf({ frame, sight, points, view, cursor, selection, open, onHover }: PlaneParts) {
  let press: Press | undefined;
  let dragged = false;
  const placeOf = ({ clientX, clientY }: MouseEvent) => {
    const box = frame().getBoundingClientRect();
    return { left: clientX - box.left, top: clientY - box.top };
  };
  const positionOf = ({ left, top }: Press['last']): PlanePosition => {
    const { sigma, mean, box } = sight();
    return {
      sigma: sigma.min + ((left - box.left) / (box.right - box.left)) * (sigma.max - sigma.min),
      mean: mean.min + ((box.bottom - top) / (box.bottom - box.top)) * (mean.max - mean.min),
    };
  };
  const drag = (event: PointerEvent, { does, from, last }: Press): void => {
    const now = placeOf(event);
    if (!dragged && Math.hypot(now.left - from.left, now.top - from.top) <= STEADY) return;
    // Not before: a captured click would miss what lies below.
    if (!dragged) frame().setPointerCapture(event.pointerId);
    dragged = true;
    const { box } = sight();
    if (does === 'draw') selection.draw(positionOf(from), positionOf(now));
    else {
      view.pan({
        x: (last.left - now.left) / (box.right - box.left),
        y: (now.top - last.top) / (box.bottom - box.top),
      });
    }
    press = { does, from, last: now };
  };
  return {
    down: (event: PointerEvent): void => {
      dragged = false;
      const mouse = event.pointerType === 'mouse';
      if (mouse && event.button !== 0) return;
      const moves = view.zoomed() && !(mouse && event.shiftKey);
      const at = placeOf(event);
      press = { does: moves ? 'move' : mouse ? 'draw' : 'nothing', from: at, last: at };
    },
    move: (event: PointerEvent): void => {
      if (event.buttons === 0) press = undefined;
      if (press) {
        if (press.does !== 'nothing') drag(event, press);
        return;
      }
      const { left, top } = placeOf(event);
      const at = nearestTo(points(), sight(), left, top);
      if (at) cursor.set(at);
      onHover(at);
    },
    up: (): void => {
      if (dragged && press?.does === 'draw') selection.close();
      press = undefined;
    },
    cancel: (): void => {
      if (press?.does === 'draw') selection.putAway();
      press = undefined;
    },
    click: (event: MouseEvent): void => {
      const { left, top } = placeOf(event);
      if (!dragged) open(nearestTo(points(), sight(), left, top));
      dragged = false;
    },
    wheel: (event: WheelEvent): void => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const { left, top } = placeOf(event);
      const { box } = sight();
      view.zoom(Math.exp(event.deltaY / 200), {
        x: (left - box.left) / (box.right - box.left),
        y: (box.bottom - top) / (box.bottom - box.top),
      });
    },
  };
}
