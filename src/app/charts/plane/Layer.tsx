/** One layer of the risk-return plane as SVG. */

import { For, Match, Show, Switch } from 'solid-js';
import { colourOf, type MarkerShape, markerPath } from '../marker.ts';
import { bandPath, linePath, outlinePath, rayPath, type Sight } from './geometry.ts';
import { manyPoints, pointsPath } from './manyPoints.ts';
import type {
  ArrowLayer,
  LineLayer,
  OutlineLayer,
  PlaneLayer,
  PlanePoint,
  PlaneSeries,
  PointsLayer,
  RayLayer,
} from './model.ts';

export interface LayerProps {
  readonly layer: PlaneLayer;
  readonly series: PlaneSeries | undefined;
  readonly riskFree: number;
  readonly sight: Sight;
  /** A series set off from the others. */
  readonly lit: string | undefined;
  /** Whether a point steps behind those that are selected. */
  readonly stepsBack: (point: PlanePoint) => boolean;
  /** Whether there is room for the names of marks beside the points. */
  readonly names: boolean;
  /** Id of the arrows' head. */
  readonly head: string;
}

export function Layer(props: LayerProps) {
  const of = <K extends PlaneLayer['kind']>(kind: K): Extract<PlaneLayer, { kind: K }> | undefined =>
    props.layer.kind === kind ? (props.layer as Extract<PlaneLayer, { kind: K }>) : undefined;
  return (
    <g
      class="cloud"
      classList={{
        [props.series?.tone ?? 'apart']: true,
        dim: props.lit !== undefined && props.series !== undefined && props.lit !== props.series.name,
        lit: props.lit !== undefined && props.lit === props.series?.name,
      }}
      style={props.series?.marker && colourOf(props.series.marker)}
    >
      <Switch>
        <Match when={of('points')}>{(layer) => <Points {...props} layer={layer()} />}</Match>
        <Match when={of('line')}>{(layer) => <Line layer={layer()} sight={props.sight} />}</Match>
        <Match when={of('outline')}>{(layer) => <Outline layer={layer()} sight={props.sight} />}</Match>
        <Match when={of('ray')}>
          {(layer) => <Ray layer={layer()} riskFree={props.riskFree} sight={props.sight} />}
        </Match>
        <Match when={of('arrow')}>{(layer) => <Arrow layer={layer()} sight={props.sight} head={props.head} />}</Match>
      </Switch>
    </g>
  );
}

function Points(props: LayerProps & { layer: PointsLayer }) {
  const shape = (): MarkerShape => props.layer.shape ?? props.series?.marker?.shape ?? 'circle';
  const radius = () => props.layer.radius ?? 4;
  const looks = () => `point ${props.layer.look ?? 'filled'}`;
  const together = (back: boolean): string =>
    pointsPath(
      props.layer.points.filter((point) => props.stepsBack(point) === back),
      shape(),
      radius(),
      props.sight.x,
      props.sight.y,
      props.sight.box,
    );
  return (
    <>
      <Show
        when={props.layer.points.length < manyPoints}
        fallback={
          <>
            <path class={`${looks()} faint`} d={together(true)} />
            <path class={looks()} d={together(false)} />
          </>
        }
      >
        <For each={props.layer.points}>
          {(point) => (
            <path
              class={looks()}
              classList={{ faint: props.stepsBack(point) }}
              d={markerPath(shape(), props.sight.x(point.sigma), props.sight.y(point.mean), radius())}
            />
          )}
        </For>
      </Show>
      <Show when={props.layer.labelled && (props.names || props.layer.pickable)}>
        <For each={props.layer.points}>
          {(point) => <Name point={point} lower={props.layer.labelsLower ?? 0} sight={props.sight} radius={radius()} />}
        </For>
      </Show>
    </>
  );
}

/** Beside its point: to the left of it near the right edge. */
function Name(props: { point: PlanePoint; lower: number; sight: Sight; radius: number }) {
  const x = () => props.sight.x(props.point.sigma);
  const leftwards = () => x() > props.sight.box.right - 150;
  return (
    <text
      class="tick"
      x={x() + (leftwards() ? -1 : 1) * (props.radius + 4)}
      y={props.sight.y(props.point.mean) + 4 + props.lower}
      text-anchor={leftwards() ? 'end' : 'start'}
    >
      {props.point.name}
    </text>
  );
}

function Line(props: { layer: LineLayer; sight: Sight }) {
  return (
    <>
      <path class="curve-band" d={bandPath(props.layer.at, props.sight)} />
      <path class={`curve-line ${props.layer.look ?? 'solid'}`} d={linePath(props.layer.at, props.sight)} />
    </>
  );
}

function Outline(props: { layer: OutlineLayer; sight: Sight }) {
  return <path class="outline" d={outlinePath(props.layer.corners, props.sight)} />;
}

function Ray(props: { layer: RayLayer; riskFree: number; sight: Sight }) {
  return <path class={`ray ${props.layer.look}`} d={rayPath(props.layer, props.riskFree, props.sight)} />;
}

function Arrow(props: { layer: ArrowLayer; sight: Sight; head: string }) {
  return (
    <line
      class="arrow"
      x1={props.sight.x(props.layer.from.sigma)}
      y1={props.sight.y(props.layer.from.mean)}
      x2={props.sight.x(props.layer.to.sigma)}
      y2={props.sight.y(props.layer.to.mean)}
      marker-end={`url(#${props.head})`}
    />
  );
}
