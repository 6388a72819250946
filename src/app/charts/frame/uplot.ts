/** A uPlot that lives in a frame of the page: drawn when its data or the page's colours change, as wide as the frame, and saved as it is drawn. */

import { type Accessor, createEffect, on, onCleanup, onMount } from 'solid-js';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { canvasDrawing } from '../../export/canvasDrawing.ts';
import type { Drawing } from '../../export/drawing.ts';
import { shownTheme } from '../../state/theme.ts';
import type { Extent } from '../scale.ts';
import { createWidth } from '../size.ts';

/** Colours and letters of the page, for a plot's options. */
export interface UplotLook {
  readonly colour: (name: string) => string;
  readonly axis: Pick<uPlot.Axis, 'stroke' | 'font' | 'ticks'>;
  readonly grid: uPlot.Axis.Grid;
}

/** What all plots of the page have in common: no legend, a cursor without a horizontal line, and the page's look. */
export function uplotBase(
  frame: HTMLElement,
  width: number,
  height: number,
  onCursor: (index: number | undefined) => void,
): {
  readonly look: UplotLook;
  readonly base: Pick<uPlot.Options, 'width' | 'height' | 'legend' | 'cursor' | 'hooks'>;
} {
  const style = getComputedStyle(frame);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    look: {
      colour,
      axis: { stroke: colour('--ink-soft'), font: `12px ${style.fontFamily}`, ticks: { show: false } },
      grid: { stroke: colour('--rule'), width: 1 },
    },
    base: {
      width,
      height,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      hooks: { setCursor: [(plot) => onCursor(plot.cursor.idx ?? undefined)] },
    },
  };
}

export interface UplotFrame {
  /** Where positions lie in the frame, in pixels. */
  readonly box: () => { readonly left: number; readonly right: number };
  readonly plot: () => uPlot | undefined;
  readonly drawing: () => Drawing;
}

/**
 * @param depends what makes a new plot when it changes
 * @param make a plot in the frame, of a width in pixels
 * @param redraws data that the same plot takes when they change
 * @param sight the stretch of the x axis that is shown
 */
export function createUplot(
  frame: () => HTMLElement,
  depends: Accessor<unknown>,
  make: (frame: HTMLElement, width: number) => uPlot,
  { redraws, sight }: { readonly redraws?: Accessor<uPlot.AlignedData>; readonly sight?: Accessor<Extent> } = {},
): UplotFrame {
  const width = createWidth(frame);
  let plot: uPlot | undefined;
  onMount(() => {
    createEffect(
      on([depends, shownTheme], () => {
        plot?.destroy();
        plot = make(frame(), width());
      }),
    );
    if (redraws) createEffect(on(redraws, (data) => plot?.setData(data), { defer: true }));
    if (sight) createEffect(on(sight, ({ min, max }) => plot?.setScale('x', { min, max }), { defer: true }));
    createEffect(on(width, (now) => plot?.setSize({ width: now, height: plot.height }), { defer: true }));
  });
  onCleanup(() => plot?.destroy());
  return {
    plot: () => plot,
    box: () => {
      const { offsetLeft = 0, offsetWidth = 1 } = plot?.over ?? {};
      return { left: offsetLeft, right: offsetLeft + offsetWidth };
    },
    drawing: () => {
      if (!plot) throw new Error('the plot is not drawn yet');
      const now = plot;
      return canvasDrawing(now.ctx.canvas, () => now.batch(() => now.redraw(true, true)));
    },
  };
}
