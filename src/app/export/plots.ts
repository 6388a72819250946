/** The plots that are on the page: each can be drawn as a picture, one by one or all of a part of the page. */

import type { Drawing, LegendEntry } from './drawing.ts';

export interface PlotSource {
  /** What it shows, in a sentence. */
  readonly name: string;
  readonly drawing: () => Drawing;
  readonly legend: () => readonly LegendEntry[];
}

const sources = new WeakMap<Element, PlotSource>();

/** Marks an element as a plot's. */
export const PLOT_CLASS = 'saves-plot';

export function registerPlot(element: Element, source: PlotSource): void {
  sources.set(element, source);
}

/** All that are shown within, in the order of the page. */
export function plotsWithin(element: Element): PlotSource[] {
  return [...element.querySelectorAll(`.${PLOT_CLASS}`)]
    .filter((each) => each.checkVisibility())
    .flatMap((each) => sources.get(each) ?? []);
}

/** "Risk-return plane" → "risk-return-plane": the beginning of a file's name. */
export function fileName(name: string): string {
  const words = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return `pml-${words.slice(0, 48).replace(/-$/, '')}`;
}
