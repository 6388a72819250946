/** Grid, ticks and names of the risk-return plane's axes. */

import { For } from 'solid-js';
import type { PlaneScale } from './planeGeometry.ts';

export function PlaneAxes(props: {
  sigmaLabel: string;
  /** The period of a return: 'a day'. */
  each: string;
  /** Default: bps. */
  unit?: string;
  width: number;
  height: number;
  margin: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  x: PlaneScale;
  y: PlaneScale;
  ticksX: readonly number[];
  ticksY: readonly number[];
}) {
  return (
    <>
      <For each={props.ticksY}>
        {(value) => (
          <g>
            <line
              class="grid"
              x1={props.margin.left}
              x2={props.width - props.margin.right}
              y1={props.y(value)}
              y2={props.y(value)}
            />
            <text class="tick" x={props.margin.left - 8} y={props.y(value) + 4} text-anchor="end">
              {axisNumber(value)}
            </text>
          </g>
        )}
      </For>
      <For each={props.ticksX}>
        {(value) => (
          <g>
            <line
              class="grid"
              x1={props.x(value)}
              x2={props.x(value)}
              y1={props.margin.top}
              y2={props.height - props.margin.bottom}
            />
            <text class="tick" x={props.x(value)} y={props.height - props.margin.bottom + 18} text-anchor="middle">
              {axisNumber(value)}
            </text>
          </g>
        )}
      </For>
      <text
        class="axis"
        x={(props.margin.left + props.width - props.margin.right) / 2}
        y={props.height - 8}
        text-anchor="middle"
      >
        {props.sigmaLabel}, {props.unit ?? 'bps'} {props.each}
      </text>
      <text
        class="axis"
        transform={`translate(14 ${(props.margin.top + props.height - props.margin.bottom) / 2}) rotate(-90)`}
        text-anchor="middle"
      >
        mean return, {props.unit ?? 'bps'} {props.each}
      </text>
    </>
  );
}

export function axisNumber(value: number): string {
  return String(value).replace('-', '−');
}
