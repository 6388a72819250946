/** What is set off on the plane: the point that is open, the same one of the other series, the one under the cursor, and the rectangle. */

import { For, Show } from 'solid-js';
import type { Sight } from './geometry.ts';
import { type Pickable, type PlanePick, type PlanePosition, samePick } from './model.ts';
import type { PlaneRectangle } from './selection.ts';

export function Rings(props: {
  points: readonly Pickable[];
  sight: Sight;
  opened: PlanePick | undefined;
  cursor: Pickable | undefined;
  rectangle: PlaneRectangle | undefined;
}) {
  const alike = () => props.points.filter(({ index }) => index === props.opened?.index);
  return (
    <>
      <Show when={props.rectangle}>
        {(drawn) => (
          <rect
            class="brush"
            x={props.sight.x(drawn().sigma.min)}
            y={props.sight.y(drawn().mean.max)}
            width={props.sight.x(drawn().sigma.max) - props.sight.x(drawn().sigma.min)}
            height={props.sight.y(drawn().mean.min) - props.sight.y(drawn().mean.max)}
          />
        )}
      </Show>
      <For each={alike()}>
        {(each) => (
          <Ring
            kind={samePick(each, props.opened) ? 'chosen' : 'twin'}
            at={each.point}
            sight={props.sight}
            radius={8}
          />
        )}
      </For>
      <Show when={props.cursor}>{(under) => <Ring kind="" at={under().point} sight={props.sight} radius={7} />}</Show>
    </>
  );
}

function Ring(props: { kind: string; at: PlanePosition; sight: Sight; radius: number }) {
  return (
    <circle
      class={`ring ${props.kind}`}
      cx={props.sight.x(props.at.sigma)}
      cy={props.sight.y(props.at.mean)}
      r={props.radius}
    />
  );
}
