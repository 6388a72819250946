/** What lies under a run's own points on the plane: rays from the risk-free rate, other runs with their lines, and outlines of clouds. */

import { For, Show } from 'solid-js';
import { manyPoints, type PixelBox, pointsPath } from './manyPoints.ts';
import { colourOf, markerPath } from './marker.ts';
import { linePath, outlinePath, type PlaneScale, rayPath } from './planeGeometry.ts';
import type { PlaneModel } from './planeModel.ts';
import type { Extent } from './scale.ts';

export function PlaneBackground(props: {
  model: PlaneModel;
  frame: Extent;
  x: PlaneScale;
  y: PlaneScale;
  box: PixelBox;
}) {
  const many = () => (props.model.others ?? []).reduce((sum, { points }) => sum + points.length, 0) >= manyPoints;
  return (
    <>
      <For each={props.model.rays ?? []}>
        {(ray) => (
          <path class={`ray ${ray.kind}`} d={rayPath(ray, props.model.riskFreeBps, props.frame, props.x, props.y)} />
        )}
      </For>
      <For each={props.model.others ?? []}>
        {(cloud) => (
          <g style={colourOf(cloud.marker)}>
            <path class="outline" d={outlinePath(cloud.outline, props.x, props.y)} />
            <path class="other-fit" d={linePath(cloud.line, props.x, props.y)} />
            <Show
              when={!many()}
              fallback={
                <path
                  class="other-point"
                  d={pointsPath(cloud.points, cloud.marker.shape, 3.4, props.x, props.y, props.box)}
                />
              }
            >
              <For each={cloud.points}>
                {(point) => (
                  <path
                    class="other-point"
                    d={markerPath(cloud.marker.shape, props.x(point.sigmaBps), props.y(point.meanBps), 3.4)}
                  />
                )}
              </For>
            </Show>
          </g>
        )}
      </For>
      <Show when={props.model.outline}>
        {(outline) => (
          <path
            class="outline"
            style={props.model.marker && colourOf(props.model.marker)}
            d={outlinePath(outline(), props.x, props.y)}
          />
        )}
      </Show>
    </>
  );
}
