/**
 * Bid and ask tick by tick, with what the variants predicted and where trades were entered and left. Dragging moves through time, pinching
 * or the wheel with the control key zooms, and so do keys; what lies under the cursor is read out below.
 */

import { createSignal, Show } from 'solid-js';
import uPlot from 'uplot';
import { formatPrice } from '../format.ts';
import type { QuotesWindow } from '../lab/data/quotesWindow.ts';
import { ChartFigure, type ChartMoves } from './frame/ChartFigure.tsx';
import { createUplot, uplotBase } from './frame/uplot.ts';

export interface QuotesChartProps {
  readonly label: string;
  readonly window: QuotesWindow;
  /** "09:30:01" for a tick. */
  readonly nameAt: (tick: number) => string;
  /** By a share of what is in sight; negative is earlier. */
  readonly onPan: (share: number) => void;
  /** Below 1 is closer; around a tick, or the middle. */
  readonly onZoom: (factor: number, around?: number) => void;
}

export function QuotesChart(props: QuotesChartProps) {
  let frame!: HTMLDivElement;
  const [at, setAt] = createSignal<number>();
  const data = (): uPlot.AlignedData => {
    const { ticks, bid, ask, low, high, bought, sold } = props.window;
    return [ticks, low, high, bid, ask, bought, sold];
  };
  const { plot, drawing, box } = createUplot(
    () => frame,
    () => props.label,
    (within, width) =>
      new uPlot(
        options(within, width, (tick) => props.nameAt(tick), setAt),
        data(),
        within,
      ),
    { redraws: data },
  );
  const moveCursor = (by: number): void => {
    const now = plot();
    const { ticks, bid } = props.window;
    const next = (at() ?? (by > 0 ? -1 : ticks.length)) + by;
    if (next < 0 || next >= ticks.length) props.onPan(next < 0 ? -0.25 : 0.25);
    else now?.setCursor({ left: now.valToPos(ticks[next]!, 'x'), top: now.valToPos(bid[next] ?? 0, 'y') });
  };
  const moves: ChartMoves = {
    step: moveCursor,
    page: (direction) => props.onPan(0.5 * direction),
    zoom: (factor, at) => {
      const [now, { left, right }] = [plot(), box()];
      props.onZoom(factor, at === undefined ? undefined : now?.posToVal(at * (right - left), 'x'));
    },
    pan: (share) => props.onPan(share),
    pannable: () => true,
    // Less than a tick moves nothing.
    leastShare: () => 1 / props.window.ticks.length,
  };
  const readout = (): string => {
    const index = at();
    const { ticks, bid, ask } = props.window;
    const tick = index === undefined ? undefined : ticks[index];
    if (index === undefined || tick === undefined)
      return 'Arrow keys move the cursor, + and − zoom, Page Up and Page Down go on.';
    return `${props.nameAt(tick)}: bid ${formatPrice(bid[index] ?? Number.NaN)}, ask ${formatPrice(ask[index] ?? Number.NaN)}`;
  };
  const predicted = () => props.window.low.some((value) => value !== null);
  const traded = () => [...props.window.bought, ...props.window.sold].some((value) => value !== null);

  return (
    <ChartFigure
      label={props.label}
      caption={props.label}
      moves={moves}
      box={box}
      frame={(element) => {
        frame = element;
      }}
      readout={readout()}
      drawing={drawing}
      note={
        <p class="small soft">
          Lines: bid and ask
          <Show when={predicted()}>; band: predictions of the dropout variants</Show>
          <Show when={traded()}>; filled mark: bought, hollow mark: sold</Show>. Drag to move, pinch or hold Ctrl and
          turn the wheel to zoom.
        </p>
      }
    />
  );
}

function options(
  frame: HTMLElement,
  width: number,
  nameAt: (tick: number) => string,
  setAt: (index: number | undefined) => void,
): uPlot.Options {
  const { look, base } = uplotBase(frame, width, 260, setAt);
  const { colour, axis, grid } = look;
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const quote = { stroke: colour('--accent'), width: 1.5, points: { show: false }, ...(stepped && { paths: stepped }) };
  const edge = { stroke: colour('--band'), width: 1, points: { show: false }, ...(stepped && { paths: stepped }) };
  const mark = (fill: string) => ({
    stroke: colour('--point'),
    paths: () => null,
    points: { show: true, size: 11, width: 2, stroke: colour('--point'), fill },
  });
  return {
    ...base,
    scales: { x: { time: false } },
    axes: [
      {
        ...axis,
        size: 28,
        grid,
        space: 90,
        incrs: [1, 2, 5, 10, 20, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 3e4, 1e5, 2e5, 5e5, 1e6, 5e6],
        values: (_, at) => at.map(nameAt),
      },
      { ...axis, grid, size: 78, values: (_, at) => at.map(formatPrice) },
    ],
    series: [{}, edge, edge, quote, quote, mark(colour('--point')), mark(colour('--surface'))],
    bands: [{ series: [2, 1], fill: colour('--band') }],
  };
}
