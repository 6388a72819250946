/** Grid, ticks and names of the risk-return plane's axes, and the risk-free rate. */

import { For, Show } from 'solid-js';
import { formatFixed2 } from '../../format.ts';
import type { Sight } from './geometry.ts';
import type { PlaneModel } from './model.ts';

export function Axes(props: {
  model: PlaneModel;
  width: number;
  height: number;
  sight: Sight;
  ticksX: readonly number[];
  ticksY: readonly number[];
}) {
  const box = () => props.sight.box;
  const unit = () => `${props.model.unit.symbol} ${props.model.unit.each}`;
  return (
    <>
      <For each={props.ticksY}>
        {(value) => (
          <g>
            <line class="grid" x1={box().left} x2={box().right} y1={props.sight.y(value)} y2={props.sight.y(value)} />
            <text class="tick" x={box().left - 8} y={props.sight.y(value) + 4} text-anchor="end">
              {axisNumber(value)}
            </text>
          </g>
        )}
      </For>
      <For each={props.ticksX}>
        {(value) => (
          <g>
            <line class="grid" x1={props.sight.x(value)} x2={props.sight.x(value)} y1={box().top} y2={box().bottom} />
            <text class="tick" x={props.sight.x(value)} y={box().bottom + 18} text-anchor="middle">
              {axisNumber(value)}
            </text>
          </g>
        )}
      </For>
      <text class="axis" x={(box().left + box().right) / 2} y={props.height - 8} text-anchor="middle">
        {props.model.sigmaLabel}, {unit()}
      </text>
      <text class="axis" transform={`translate(14 ${(box().top + box().bottom) / 2}) rotate(-90)`} text-anchor="middle">
        mean return, {unit()}
      </text>
      <Show when={props.model.riskFree !== undefined && isIn(props.sight, props.model.riskFree)}>
        <line
          class="risk-free"
          x1={box().left}
          x2={box().right}
          y1={props.sight.y(props.model.riskFree ?? 0)}
          y2={props.sight.y(props.model.riskFree ?? 0)}
        />
        <text class="tick" x={box().right - 4} y={props.sight.y(props.model.riskFree ?? 0) - 5} text-anchor="end">
          risk-free {formatFixed2(props.model.riskFree ?? Number.NaN)}
        </text>
      </Show>
    </>
  );
}

function isIn({ mean }: Sight, value: number): boolean {
  return value >= mean.min && value <= mean.max;
}

export function axisNumber(value: number): string {
  return String(value).replace('-', '−');
}
