/** Curves with bands over numbered positions, drawn as SVG: lead and lag, decay, equity. In the frame that charts have in common. */

import { createMemo, createSignal, createUniqueId, For, type JSX, Show } from 'solid-js';
import { Marker } from '../components/Marker.tsx';
import { svgDrawing } from '../export/drawing.ts';
import { legendOf } from '../export/legend.ts';
import { ChartFigure } from './frame/ChartFigure.tsx';
import { movesOf } from './frame/cursor.ts';
import { createRange } from './frame/range.ts';
import { colourOf, type MarkerStyle, markerPath } from './marker.ts';
import { axisNumber } from './plane/Axes.tsx';
import { extent, linear, ticks } from './scale.ts';
import { createWidth } from './size.ts';

export interface Curve {
  readonly name: string;
  readonly marker: MarkerStyle;
  /** [n] null: nothing there. */
  readonly values: readonly (number | null)[];
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
  readonly dashed?: boolean;
  /** No marks at the values: for many of them. */
  readonly plain?: boolean;
}

export function LinePlot(props: {
  label: string;
  /** [n] what each position is called. */
  positions: readonly string[];
  /** Positions with a name on the axis. */
  axis: readonly number[];
  curves: readonly Curve[];
  yLabel: string;
  xLabel: string;
  format: (value: number) => string;
  /** Lines at positions (which may lie between two), with a name. */
  marks?: readonly { readonly at: number; readonly name: string }[];
  /** Positions shaded from the left up to here. */
  shadedUntil?: number | undefined;
  height?: number;
}): JSX.Element {
  let frame!: HTMLDivElement;
  let svg!: SVGSVGElement;
  const clip = createUniqueId();
  const width = createWidth(() => frame);
  const height = () => props.height ?? 280;
  const [cursor, setCursor] = createSignal<number>();
  const frameY = createMemo(() =>
    extent(
      [
        0,
        ...props.curves
          .flatMap(({ values, low = [], high = [] }) => [...values, ...low, ...high])
          .map((value) => value ?? Number.NaN),
      ],
      0.06,
    ),
  );
  const ticksY = createMemo(() => ticks(frameY(), height() / 50));
  const left = createMemo(() => 34 + 7.2 * Math.max(...ticksY().map((value) => axisNumber(value).length)));
  const range = createRange(() => ({ min: -0.3, max: props.positions.length - 0.7 }));
  const x = createMemo(() => linear(range.sight(), left(), width() - 12));
  const inSight = (position: number): boolean => position >= range.sight().min && position <= range.sight().max;
  const y = createMemo(() => linear(frameY(), height() - 46, 10));
  const labelWidth = () => 22 + 6.6 * Math.max(...props.axis.map((at) => props.positions[at]?.length ?? 0));
  const named = createMemo(() => {
    const shown = props.axis.filter(inSight);
    const every = Math.max(1, Math.ceil((shown.length * labelWidth()) / Math.max(1, width() - left())));
    return shown.filter((_, i) => i % every === 0);
  });
  const path = (values: readonly (number | null)[]): string => {
    let pen = 'M';
    return values
      .map((value, i) => {
        if (value === null) {
          pen = 'M';
          return '';
        }
        const step = `${pen}${x()(i)} ${y()(value)}`;
        pen = 'L';
        return step;
      })
      .join('');
  };
  const band = ({ low, high }: Curve): string => {
    if (!low || !high) return '';
    const there = low.flatMap((value, i) => (value !== null && (high[i] ?? null) !== null ? [i] : []));
    if (there.length < 2) return '';
    const upper = there.map((i) => `${x()(i)} ${y()(high[i]!)}`);
    const lower = there.map((i) => `${x()(i)} ${y()(low[i]!)}`).reverse();
    return `M${[...upper, ...lower].join('L')}Z`;
  };
  const move = (to: number): void => void setCursor(Math.min(props.positions.length - 1, Math.max(0, to)));
  const last = () => props.positions.length - 1;
  const moves = movesOf(range, last, cursor, move);
  const onPointer = (event: PointerEvent): void => {
    const { min, max } = range.sight();
    const share = (event.clientX - frame.getBoundingClientRect().left - left()) / (width() - 12 - left());
    move(Math.round(min + share * (max - min)));
  };
  const readout = (): string => {
    const at = cursor();
    if (at === undefined) return 'Point at the plot, or use the arrow keys, for its numbers.';
    const parts = props.curves.flatMap(({ name, values, low, high }) => {
      const value = values[at] ?? null;
      if (value === null) return [];
      const [from, to] = [low?.[at] ?? null, high?.[at] ?? null];
      const between = from === null || to === null ? '' : ` (${props.format(from)} to ${props.format(to)})`;
      return [`${name} ${props.format(value)}${between}`];
    });
    return `${props.positions[at]}: ${parts.join('; ') || 'nothing'}`;
  };
  return (
    <ChartFigure
      label={props.label}
      class="line-plot"
      moves={moves}
      box={() => ({ left: left(), right: width() - 12 })}
      frame={(element) => {
        frame = element;
      }}
      onPointer={onPointer}
      readout={readout()}
      drawing={() => svgDrawing(svg)}
      legend={() => legendOf(props.curves.length > 1 ? props.curves : [])}
      below={
        <Show when={props.curves.length > 1}>
          <ul class="legend">
            <For each={props.curves}>
              {(curve) => (
                <li>
                  <Marker marker={curve.marker} /> {curve.name}
                </li>
              )}
            </For>
          </ul>
        </Show>
      }
    >
      <svg ref={svg} width={width()} height={height()} viewBox={`0 0 ${width()} ${height()}`} aria-hidden="true">
        <clipPath id={clip}>
          <rect x={left()} y="10" width={Math.max(0, width() - 12 - left())} height={height() - 56} />
        </clipPath>
        <Show when={props.shadedUntil}>
          {(until) => (
            <rect
              class="shaded"
              x={left()}
              y="10"
              width={Math.min(width() - 12 - left(), Math.max(0, x()(until()) - left()))}
              height={height() - 56}
            />
          )}
        </Show>
        <For each={ticksY()}>
          {(value) => (
            <g>
              <line
                class="grid"
                classList={{ zero: value === 0 }}
                x1={left()}
                x2={width() - 12}
                y1={y()(value)}
                y2={y()(value)}
              />
              <text class="tick" x={left() - 8} y={y()(value) + 4} text-anchor="end">
                {axisNumber(value)}
              </text>
            </g>
          )}
        </For>
        <For each={named()}>
          {(at) => (
            <text
              class="tick"
              x={Math.min(x()(at), width() - 4)}
              y={height() - 28}
              text-anchor={x()(at) > width() - 46 ? 'end' : 'middle'}
            >
              {props.positions[at]}
            </text>
          )}
        </For>
        <text class="axis" x={(left() + width() - 12) / 2} y={height() - 8} text-anchor="middle">
          {props.xLabel}
        </text>
        <text class="axis" transform={`translate(14 ${(height() - 36) / 2}) rotate(-90)`} text-anchor="middle">
          {props.yLabel}
        </text>
        <g clip-path={`url(#${clip})`}>
          <For each={props.curves}>
            {(curve) => (
              <g style={colourOf(curve.marker)}>
                <path class="curve-band" d={band(curve)} />
                <path class="curve-line" classList={{ dashed: curve.dashed ?? false }} d={path(curve.values)} />
                <Show when={!curve.plain}>
                  <For each={curve.values}>
                    {(value, i) => (
                      <Show when={value !== null}>
                        <path class="point" d={markerPath(curve.marker.shape, x()(i()), y()(value ?? 0), 3.4)} />
                      </Show>
                    )}
                  </For>
                </Show>
              </g>
            )}
          </For>
        </g>
        <For each={(props.marks ?? []).filter((mark) => inSight(mark.at))}>
          {(mark) => (
            <g>
              <line class="mark" x1={x()(mark.at)} x2={x()(mark.at)} y1="10" y2={height() - 46} />
              <text
                class="tick"
                x={x()(mark.at) + (x()(mark.at) > width() - 110 ? -5 : 5)}
                y="22"
                text-anchor={x()(mark.at) > width() - 110 ? 'end' : 'start'}
              >
                {mark.name}
              </text>
            </g>
          )}
        </For>
        <Show when={cursor() !== undefined && inSight(cursor() ?? 0)}>
          <line class="cursor" x1={x()(cursor() ?? 0)} x2={x()(cursor() ?? 0)} y1="10" y2={height() - 46} />
        </Show>
      </svg>
    </ChartFigure>
  );
}
