/** A small mid-price curve with its sessions marked; the figures beside it say the rest. */

import { createMemo, For } from 'solid-js';
import { extent, linear } from './scale.ts';

const width = 320;
const height = 72;

export function Sparkline(props: {
  label: string;
  /** Values at evenly spaced ticks. */
  values: ArrayLike<number>;
  /** Index into `values` at which each session starts. */
  sessionStarts: readonly number[];
}) {
  const values = createMemo(() => Array.from(props.values));
  const x = createMemo(() => linear({ min: 0, max: Math.max(1, values().length - 1) }, 1, width - 1));
  const y = createMemo(() => linear(extent(values()), height - 4, 4));
  const path = () =>
    values()
      .map((value, i) => `${props.sessionStarts.includes(i) ? 'M' : 'L'}${x()(i).toFixed(1)} ${y()(value).toFixed(1)}`)
      .join('');
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={props.label}
    >
      <For each={props.sessionStarts.slice(1)}>
        {(start) => <line class="grid" x1={x()(start - 0.5)} x2={x()(start - 0.5)} y1="0" y2={height} />}
      </For>
      <path class="curve" d={path()} vector-effect="non-scaling-stroke" />
    </svg>
  );
}
