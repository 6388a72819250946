/** A legend for a saved picture, out of the marks on the plot. */

import { type MarkerStyle, markerPath } from '../charts/marker.ts';
import type { LegendEntry } from './drawing.ts';

export function legendOf(entries: readonly { readonly name: string; readonly marker: MarkerStyle }[]): LegendEntry[] {
  const style = getComputedStyle(document.documentElement);
  return entries.map(({ name, marker }) => ({
    name,
    path: markerPath(marker.shape, 6, 6, 5),
    colour: style.getPropertyValue(`--cloud-${marker.colour}`).trim(),
  }));
}
