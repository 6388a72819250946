/** A uPlot that lives in a frame of the page: drawn when its data or the page's colours change, as wide as the frame, and saved as it is drawn. */

import { type Accessor, createEffect, on, onCleanup, onMount } from 'solid-js';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { canvasDrawing } from '../export/canvasDrawing.ts';
import type { Drawing } from '../export/drawing.ts';
import { shownTheme } from '../state/theme.ts';
import { createWidth } from './size.ts';

export interface UplotFrame {
  readonly plot: () => uPlot | undefined;
  readonly drawing: () => Drawing;
}

/**
 * @param depends what makes a new plot when it changes
 * @param make a plot in the frame, of a width in pixels
 * @param redraws data that the same plot takes when they change
 */
export function createUplot(
  frame: () => HTMLElement,
  depends: Accessor<unknown>,
  make: (frame: HTMLElement, width: number) => uPlot,
  redraws?: Accessor<uPlot.AlignedData>,
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
    createEffect(on(width, (now) => plot?.setSize({ width: now, height: plot.height }), { defer: true }));
  });
  onCleanup(() => plot?.destroy());
  return {
    plot: () => plot,
    drawing: () => {
      if (!plot) throw new Error('the plot is not drawn yet');
      const now = plot;
      return canvasDrawing(now.ctx.canvas, () => now.batch(() => now.redraw(true, true)));
    },
  };
}
