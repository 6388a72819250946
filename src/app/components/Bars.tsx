/** A row of small bars, one a position: how much there is of something, and where there is none. */

import { For } from 'solid-js';

const width = 320;
const height = 48;

export function Bars(props: {
  label: string;
  /** [n] not negative; 0 is drawn as a mark on the ground. */
  values: readonly number[];
  /** 0 is a count like any other, not something that is missing. */
  countsOnly?: boolean;
}) {
  const most = () => Math.max(1, ...props.values);
  const step = () => width / Math.max(1, props.values.length);
  return (
    <svg class="bars" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={props.label}>
      <For each={props.values}>
        {(value, i) => {
          const tall = () => (value === 0 ? 2 : Math.max(2, (value / most()) * (height - 2)));
          return (
            <rect
              classList={{ none: value === 0 && !props.countsOnly }}
              x={i() * step() + step() * 0.08}
              width={step() * 0.84}
              y={height - tall()}
              height={tall()}
            />
          );
        }}
      </For>
    </svg>
  );
}
