/** A rectangle drawn with the mouse over a plot. A finger scrolls the page instead. */

import { type Accessor, createSignal } from 'solid-js';

/** Pixels of the plot's frame. */
export interface Rectangle {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Pixels; a shorter way is a click. */
const LEAST_DRAG = 6;

export interface Brush {
  /** While it is drawn. */
  readonly drawn: Accessor<Rectangle | undefined>;
  /** Whether the click that comes now ends a rectangle. */
  readonly justDrawn: () => boolean;
  readonly start: (event: PointerEvent) => void;
  /** Whether a rectangle is being drawn. */
  readonly move: (event: PointerEvent) => boolean;
  readonly end: () => void;
  readonly cancel: () => void;
}

export function createBrush(frame: () => HTMLElement, onDrawn: (rectangle: Rectangle) => void): Brush {
  const [drawn, setDrawn] = createSignal<Rectangle>();
  let from: { x: number; y: number } | undefined;
  let dragged = false;
  const placeOf = ({ clientX, clientY }: PointerEvent) => {
    const box = frame().getBoundingClientRect();
    return { x: clientX - box.left, y: clientY - box.top };
  };
  const cancel = (): void => {
    from = undefined;
    setDrawn(undefined);
  };
  return {
    drawn,
    justDrawn: () => dragged,
    start(event) {
      dragged = false;
      if (event.pointerType !== 'mouse' || event.button !== 0) return;
      from = placeOf(event);
    },
    move(event) {
      if (!from) return false;
      const to = placeOf(event);
      if (!dragged && Math.hypot(to.x - from.x, to.y - from.y) <= LEAST_DRAG) return false;
      // Not before: a captured click would miss what lies below.
      if (!dragged) frame().setPointerCapture(event.pointerId);
      dragged = true;
      setDrawn({
        left: Math.min(from.x, to.x),
        right: Math.max(from.x, to.x),
        top: Math.min(from.y, to.y),
        bottom: Math.max(from.y, to.y),
      });
      return true;
    },
    end() {
      const rectangle = drawn();
      cancel();
      if (rectangle) onDrawn(rectangle);
    },
    cancel,
  };
}
