/**
 * A curve or bars over ticks or days, on uPlot. uPlot has no accessibility of its own: the figure takes focus, arrow keys move
 * the cursor, and what lies under it is read out below.
 */

import { createSignal } from 'solid-js';
import uPlot from 'uplot';
import { SavePlot } from '../components/SavePlot.tsx';
import { createUplot } from './uplot.ts';

export interface TimeChartProps {
  /** What is shown, for the figure's name: "Equity of configuration 3". */
  label: string;
  /** [n] one value for each position. */
  values: ArrayLike<number>;
  /** [n] drawn as a shaded band behind a curve. */
  band?: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> };
  kind: 'curve' | 'bars';
  /** The name of position i, for the readout: a day, or a day and time. */
  nameAt: (index: number) => string;
  /** Positions that carry an axis label, with the label; ascending. */
  marks: readonly { readonly index: number; readonly text: string }[];
  formatValue: (value: number) => string;
  /** Shorter, for the axis. */
  formatTick: (value: number) => string;
  height?: number;
}

export function TimeChart(props: TimeChartProps) {
  let frame!: HTMLDivElement;
  const [at, setAt] = createSignal<number>();
  const { plot, drawing } = createUplot(
    () => frame,
    () => [props.values, props.band, props.kind, props.marks],
    (within, width) => {
      const positions = Array.from(props.values, (_, i) => i);
      const finite = (values: ArrayLike<number>) =>
        Array.from(values, (value) => (Number.isFinite(value) ? value : null));
      const band = props.band ? [finite(props.band.low), finite(props.band.high)] : [];
      return new uPlot(options(props, within, width, setAt), [positions, finite(props.values), ...band], within);
    },
  );

  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    const now = plot();
    if (!by || !now) return;
    event.preventDefault();
    const next = Math.min(props.values.length - 1, Math.max(0, (at() ?? (by > 0 ? -1 : props.values.length)) + by));
    now.setCursor({ left: now.valToPos(next, 'x'), top: now.valToPos(props.values[next] ?? 0, 'y') });
  };

  const readout = (): string => {
    const index = at();
    if (index === undefined) return ' ';
    const value = `${props.nameAt(index)}: ${props.formatValue(props.values[index] ?? Number.NaN)}`;
    const { band } = props;
    if (!band) return value;
    return `${value}; variants ${props.formatValue(band.low[index]!)} to ${props.formatValue(band.high[index]!)}`;
  };

  return (
    <figure class="chart" aria-label={`${props.label}. Arrow keys move the cursor.`} onKeyDown={onKeyDown} tabindex="0">
      <figcaption>{props.label}</figcaption>
      <div ref={frame} class="chart-frame" />
      <p class="readout" aria-live="polite">
        {readout()}
      </p>
      <SavePlot name={props.label} drawing={drawing} />
    </figure>
  );
}

function options(
  props: TimeChartProps,
  frame: HTMLElement,
  width: number,
  onCursor: (index: number | undefined) => void,
): uPlot.Options {
  const style = getComputedStyle(frame);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const bars = props.kind === 'bars';
  const axis = { stroke: colour('--ink-soft'), font: `12px ${style.fontFamily}`, ticks: { show: false } };
  const grid = { stroke: colour('--rule'), width: 1 };
  const edge = { stroke: colour('--band'), width: 1, points: { show: false } };
  return {
    width,
    height: props.height ?? 200,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { time: false, ...(bars && { range: () => [-0.6, props.values.length - 0.4] }) },
      // Bars stand on zero, so zero has to be in sight; a curve starts there anyway.
      y: { range: (_, min, max) => uPlot.rangeNum(Math.min(0, min ?? 0), Math.max(0, max ?? 0), 0.1, true) },
    },
    axes: [
      {
        ...axis,
        size: 28,
        grid: { ...grid, show: !bars },
        splits: (self) => thin(props.marks, self.width / 84).map((mark) => mark.index),
        values: (_, splits) => splits.map((split) => props.marks.find((mark) => mark.index === split)?.text ?? ''),
      },
      { ...axis, grid, size: 62, values: (_, splits) => splits.map((split) => props.formatTick(split)) },
    ],
    series: [
      {},
      {
        stroke: colour('--accent'),
        width: bars ? 0 : 1.5,
        points: { show: false },
        ...(bars && uPlot.paths.bars ? { fill: colour('--accent'), paths: uPlot.paths.bars({ size: [0.7, 48] }) } : {}),
      },
      ...(props.band ? [edge, edge] : []),
    ],
    ...(props.band && { bands: [{ series: [3, 2], fill: colour('--band') }] }),
    hooks: { setCursor: [(self) => onCursor(self.cursor.idx ?? undefined)] },
  };
}

/** At most `limit` of the marks, evenly chosen, so that labels do not run into each other. */
function thin<T>(marks: readonly T[], limit: number): readonly T[] {
  const every = Math.max(1, Math.ceil(marks.length / Math.max(1, limit)));
  return marks.filter((_, i) => i % every === 0);
}
