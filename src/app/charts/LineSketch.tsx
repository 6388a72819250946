/** A few lines over one axis of positions, with marks: small figures that explain. What they show is said beside them in words. */

import { createMemo, For } from 'solid-js';
import { SavePlot } from '../components/SavePlot.tsx';
import { svgDrawing } from '../export/drawing.ts';
import { type Extent, extent, linear, ticks } from './scale.ts';
import { createWidth } from './size.ts';

export interface SketchLine {
  /** NaN: the line has a gap. */
  readonly values: ArrayLike<number>;
  /** `step`: a value holds until the next. */
  readonly kind: 'line' | 'step';
  /** `main`: the subject, `soft`: its surroundings, `point`: what it is compared with. */
  readonly tone: 'main' | 'soft' | 'point';
  readonly dashed?: boolean;
  /** Position of the first value; default 0. */
  readonly from?: number;
}

export interface SketchMark {
  readonly at: number;
  readonly value: number;
  readonly hollow?: boolean;
}

const margin = { top: 10, right: 12, bottom: 34, left: 66 };

export function LineSketch(props: {
  /** What the figure shows, in a sentence. */
  label: string;
  lines: readonly SketchLine[];
  marks?: readonly SketchMark[];
  xLabel: string;
  yLabel: string;
  formatY: (value: number) => string;
  /** A vertical line, and what it stands for. */
  event?: { readonly at: number; readonly name: string } | undefined;
  /** Always in sight. */
  include?: readonly number[];
  height?: number;
}) {
  let frame!: HTMLDivElement;
  let svg!: SVGSVGElement;
  const width = createWidth(() => frame);
  const height = () => props.height ?? 240;
  const last = createMemo(() =>
    Math.max(1, ...props.lines.map(({ values, from = 0 }) => from + values.length - 1), props.event?.at ?? 0),
  );
  const frameY = createMemo(
    (): Extent =>
      extent(
        [...props.lines.flatMap(({ values }) => Array.from(values)).filter(Number.isFinite), ...(props.include ?? [])],
        0.08,
      ),
  );
  const x = createMemo(() => linear({ min: 0, max: last() }, margin.left, width() - margin.right));
  const y = createMemo(() => linear(frameY(), height() - margin.bottom, margin.top));
  return (
    <div ref={frame} class="sketch">
      <svg
        ref={svg}
        width={width()}
        height={height()}
        viewBox={`0 0 ${width()} ${height()}`}
        role="img"
        aria-label={props.label}
      >
        <For each={ticks(frameY(), height() / 48)}>
          {(value) => (
            <g>
              <line class="grid" x1={margin.left} x2={width() - margin.right} y1={y()(value)} y2={y()(value)} />
              <text class="tick" x={margin.left - 6} y={y()(value) + 4} text-anchor="end">
                {props.formatY(value)}
              </text>
            </g>
          )}
        </For>
        <For each={ticks({ min: 0, max: last() }, width() / 110)}>
          {(value) => (
            <text class="tick" x={x()(value)} y={height() - margin.bottom + 15} text-anchor="middle">
              {String(value)}
            </text>
          )}
        </For>
        <text class="axis" x={(margin.left + width() - margin.right) / 2} y={height() - 4} text-anchor="middle">
          {props.xLabel}
        </text>
        <text
          class="axis"
          transform={`translate(12 ${(margin.top + height() - margin.bottom) / 2}) rotate(-90)`}
          text-anchor="middle"
        >
          {props.yLabel}
        </text>
        <For each={props.lines}>
          {(line) => (
            <path
              class="sketch-line"
              classList={{ [`tone-${line.tone}`]: true, dashed: line.dashed === true }}
              d={pathOf(line, x(), y())}
            />
          )}
        </For>
        <For each={props.marks ?? []}>
          {(mark) => (
            <circle
              class="sketch-mark"
              classList={{ hollow: mark.hollow === true }}
              cx={x()(mark.at)}
              cy={y()(mark.value)}
              r="5"
            />
          )}
        </For>
        {props.event && (
          <g>
            <line
              class="sketch-event"
              x1={x()(props.event.at)}
              x2={x()(props.event.at)}
              y1={margin.top}
              y2={height() - margin.bottom}
            />
            <text class="tick" x={x()(props.event.at) + 4} y={margin.top + 10}>
              {props.event.name}
            </text>
          </g>
        )}
      </svg>
      <SavePlot name={props.label} drawing={() => svgDrawing(svg)} />
    </div>
  );
}

type Scale = (value: number) => number;

function pathOf({ values, kind, from = 0 }: SketchLine, x: Scale, y: Scale): string {
  let path = '';
  let open = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      open = false;
      continue;
    }
    if (!open) path += `M${x(from + i)} ${y(value)}`;
    else path += kind === 'step' ? `H${x(from + i)}V${y(value)}` : `L${x(from + i)} ${y(value)}`;
    open = true;
  }
  return path;
}
