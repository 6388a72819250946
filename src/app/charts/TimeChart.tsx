/** A curve or bars over ticks or days, on uPlot in the frame that charts have in common. */

import { createSignal } from 'solid-js';
import uPlot from 'uplot';
import { ChartFigure } from './frame/ChartFigure.tsx';
import { movesOf } from './frame/cursor.ts';
import { createRange } from './frame/range.ts';
import { createUplot, uplotBase } from './frame/uplot.ts';
import type { Extent } from './scale.ts';

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
  const range = createRange(() => {
    const last = Math.max(1, props.values.length - 1);
    return props.kind === 'bars' ? { min: -0.6, max: last + 0.6 } : { min: 0, max: last };
  });
  const { plot, drawing, box } = createUplot(
    () => frame,
    () => [props.values, props.band, props.kind, props.marks],
    (within, width) => {
      const positions = Array.from(props.values, (_, i) => i);
      const finite = (values: ArrayLike<number>) =>
        Array.from(values, (value) => (Number.isFinite(value) ? value : null));
      const band = props.band ? [finite(props.band.low), finite(props.band.high)] : [];
      const chosen = options(props, within, width, range.sight, setAt);
      return new uPlot(chosen, [positions, finite(props.values), ...band], within);
    },
    { sight: range.sight },
  );
  const moves = movesOf(
    range,
    () => props.values.length - 1,
    at,
    (next) => {
      const now = plot();
      now?.setCursor({ left: now.valToPos(next, 'x'), top: now.valToPos(props.values[next] ?? 0, 'y') });
    },
  );

  const readout = (): string => {
    const index = at();
    if (index === undefined) return ' ';
    const value = `${props.nameAt(index)}: ${props.formatValue(props.values[index] ?? Number.NaN)}`;
    const { band } = props;
    if (!band) return value;
    return `${value}; variants ${props.formatValue(band.low[index]!)} to ${props.formatValue(band.high[index]!)}`;
  };

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
    />
  );
}

function options(
  props: TimeChartProps,
  frame: HTMLElement,
  width: number,
  sight: () => Extent,
  onCursor: (index: number | undefined) => void,
): uPlot.Options {
  const { look, base } = uplotBase(frame, width, props.height ?? 200, onCursor);
  const { colour, axis, grid } = look;
  const bars = props.kind === 'bars';
  const edge = { stroke: colour('--band'), width: 1, points: { show: false } };
  const inSight = ({ index }: TimeChartProps['marks'][number]): boolean => index >= sight().min && index <= sight().max;
  return {
    ...base,
    scales: {
      x: { time: false, range: () => [sight().min, sight().max] },
      // Bars stand on zero, so zero has to be in sight; a curve starts there anyway.
      y: { range: (_, min, max) => uPlot.rangeNum(Math.min(0, min ?? 0), Math.max(0, max ?? 0), 0.1, true) },
    },
    axes: [
      {
        ...axis,
        size: 28,
        grid: { ...grid, show: !bars },
        splits: (self) => thin(props.marks.filter(inSight), self.width / 84).map((mark) => mark.index),
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
  };
}

/** At most `limit` of the marks, evenly chosen, so that labels do not run into each other. */
function thin<T>(marks: readonly T[], limit: number): readonly T[] {
  const every = Math.max(1, Math.ceil(marks.length / Math.max(1, limit)));
  return marks.filter((_, i) => i % every === 0);
}
