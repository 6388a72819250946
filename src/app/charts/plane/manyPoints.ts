/** Very many marks as one path: what lies outside the picture, or wholly under another mark, is left out. */

import { type MarkerShape, markerPath } from '../marker.ts';
import type { PlaneScale } from './geometry.ts';
import type { PlanePosition } from './model.ts';

/** From here on marks are one path; fewer are elements of their own, each with its edge. */
export const manyPoints = 1500;
/** Of two marks closer than this, in pixels, the earlier cannot be told from the later. */
const cell = 2;

export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Later points lie on top, as they do when each is an element. */
export function pointsPath(
  points: readonly PlanePosition[],
  shape: MarkerShape,
  radius: number,
  x: PlaneScale,
  y: PlaneScale,
  box: PixelBox,
): string {
  const columns = Math.ceil((box.right - box.left + 2 * radius) / cell) + 1;
  const rows = Math.ceil((box.bottom - box.top + 2 * radius) / cell) + 1;
  const taken = new Uint8Array(Math.max(0, columns * rows));
  const marks: string[] = [];
  for (let i = points.length - 1; i >= 0; i--) {
    const at = points[i]!;
    const [left, top] = [x(at.sigma), y(at.mean)];
    if (left < box.left - radius || left > box.right + radius || top < box.top - radius || top > box.bottom + radius) {
      continue;
    }
    const place = Math.floor((top - box.top + radius) / cell) * columns + Math.floor((left - box.left + radius) / cell);
    if (taken[place]) continue;
    taken[place] = 1;
    marks.push(markerPath(shape, rounded(left), rounded(top), radius));
  }
  return marks.reverse().join('');
}

/** A tenth of a pixel is less than can be seen, and shorter to write. */
function rounded(pixels: number): number {
  return Math.round(10 * pixels) / 10;
}
