/** Bid and ask around a trade, tick by tick, with what the variants predicted and where the trade was entered and left. */

import uPlot from 'uplot';
import { SavePlot } from '../components/SavePlot.tsx';
import { formatPrice } from '../format.ts';
import type { QuotesWindow } from '../state/quotesWindow.ts';
import { createUplot } from './uplot.ts';

export function QuotesChart(props: {
  label: string;
  window: QuotesWindow;
  /** "09:30:01" for a tick. */
  nameAt: (tick: number) => string;
}) {
  let frame!: HTMLDivElement;
  const { drawing } = createUplot(
    () => frame,
    () => props.window,
    (within, width) => {
      const { ticks, bid, ask, low, high, bought, sold } = props.window;
      return new uPlot(options(within, width, props.nameAt), [ticks, low, high, bid, ask, bought, sold], within);
    },
  );
  return (
    <figure class="chart" aria-label={props.label}>
      <figcaption>{props.label}</figcaption>
      <div ref={frame} class="chart-frame" />
      <p class="small soft">
        Lines: bid and ask; band: predictions of the dropout variants; filled mark: bought, hollow mark: sold.
      </p>
      <SavePlot name={props.label} drawing={drawing} />
    </figure>
  );
}

function options(frame: HTMLElement, width: number, nameAt: (tick: number) => string): uPlot.Options {
  const style = getComputedStyle(frame);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis = { stroke: colour('--ink-soft'), font: `12px ${style.fontFamily}`, ticks: { show: false } };
  const grid = { stroke: colour('--rule'), width: 1 };
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const quote = { stroke: colour('--accent'), width: 1.5, points: { show: false }, ...(stepped && { paths: stepped }) };
  const edge = { stroke: colour('--band'), width: 1, points: { show: false }, ...(stepped && { paths: stepped }) };
  const mark = (fill: string) => ({
    stroke: colour('--point'),
    paths: () => null,
    points: { show: true, size: 11, width: 2, stroke: colour('--point'), fill },
  });
  return {
    width,
    height: 260,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: { x: { time: false } },
    axes: [
      {
        ...axis,
        size: 28,
        grid,
        space: 90,
        incrs: [1, 2, 5, 10, 20, 60, 120, 300, 600, 1800, 3600],
        values: (_, at) => at.map(nameAt),
      },
      { ...axis, grid, size: 78, values: (_, at) => at.map(formatPrice) },
    ],
    series: [{}, edge, edge, quote, quote, mark(colour('--point')), mark(colour('--surface'))],
    bands: [{ series: [2, 1], fill: colour('--band') }],
  };
}
