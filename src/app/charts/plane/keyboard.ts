/** What keys do on the plane: walk the points, open one, zoom, and grow a rectangle with the shift key held. */

import type { PlanePosition } from './model.ts';
import type { PlaneParts } from './pointer.ts';

/** How the keys are described to who cannot see the plane. */
export const keysInWords = (one: string, opens: boolean): string =>
  `Left and right arrow keys move from ${one} to ${one}${opens ? ', Enter opens one' : ''}, plus and minus zoom, arrow keys with Shift draw a rectangle.`;

const shifts: Readonly<Record<string, readonly [right: number, up: number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** Handles an event, or leaves it to the page. */
export function keyboardOf({ sight, view, cursor, selection, open }: PlaneParts): (event: KeyboardEvent) => void {
  /** A rectangle begins at the cursor, else in the middle of what is in sight. */
  const start = (): PlanePosition => {
    const { sigma, mean } = sight();
    return cursor.at()?.point ?? { sigma: (sigma.min + sigma.max) / 2, mean: (mean.min + mean.max) / 2 };
  };
  const walk = (move: () => void) => (): void => {
    move();
    selection.putAway();
    const at = cursor.at();
    if (at) view.reveal({ x: at.point.sigma, y: at.point.mean });
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowRight: walk(() => cursor.step(1)),
    ArrowLeft: walk(() => cursor.step(-1)),
    PageDown: walk(() => cursor.step(10)),
    PageUp: walk(() => cursor.step(-10)),
    Home: walk(() => cursor.toEnd('first')),
    End: walk(() => cursor.toEnd('last')),
    '+': () => view.zoom(0.5),
    '-': () => view.zoom(2),
    0: () => view.reset(),
    Escape: () => {
      cursor.set(undefined);
      selection.clear();
    },
    Enter: () => open(cursor.at()),
    ' ': () => open(cursor.at()),
  };
  return (event) => {
    const shift = event.shiftKey ? shifts[event.key] : undefined;
    const act = shift ? () => selection.grow(start(), shift[0], shift[1], sight()) : keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };
}
