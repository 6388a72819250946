/** Naive forecasts and the oracle on the risk-return plane: the middle of each one's configurations as a grey mark, the oracle a hollow one. */

import { For } from 'solid-js';
import type { NaiveLine } from '../../marketLine/naiveLines.ts';
import { naiveNames } from '../../strategy/naive.ts';
import { naiveMiddle } from '../lab/results/naive.ts';

export function NaiveMarks(props: {
  lines: readonly NaiveLine[];
  x: (sigmaBps: number) => number;
  y: (meanBps: number) => number;
  /** Right edge of the plane, in pixels: names near it stand left of their marks. */
  right: number;
}) {
  const leftwards = (x: number): boolean => x > props.right - 150;
  const marks = () =>
    props.lines.flatMap((line) => {
      const middle = naiveMiddle(line);
      return middle ? [{ id: line.id, x: props.x(middle.sigmaBps), y: props.y(middle.meanBps) }] : [];
    });
  return (
    <For each={marks()}>
      {(mark) => (
        <g class="naive" classList={{ oracle: mark.id === 'oracle' }}>
          <path d={`M${mark.x} ${mark.y - 5}l5 5l-5 5l-5 -5z`} />
          <text
            class="tick"
            x={mark.x + (leftwards(mark.x) ? -8 : 8)}
            y={mark.y + 4}
            text-anchor={leftwards(mark.x) ? 'end' : 'start'}
          >
            {naiveNames[mark.id]}
          </text>
        </g>
      )}
    </For>
  );
}
