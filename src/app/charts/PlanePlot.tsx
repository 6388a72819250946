/**
 * The risk-return plane: one point a configuration, the fitted line with its band, and the risk-free rate. Drawn as SVG, so that
 * points are hit exactly, read by assistive technology through the cursor, and saved as a picture without a second drawing.
 * It can be zoomed by keys, buttons, pinching, or the wheel with the control key, and then moved by dragging.
 */

import { createMemo, createSignal, createUniqueId, For, Show } from 'solid-js';
import type { NaiveLine } from '../../marketLine/naiveLines.ts';
import { SavePlot } from '../components/SavePlot.tsx';
import { svgDrawing } from '../export/drawing.ts';
import { legendOf } from '../export/legend.ts';
import { formatFixed2 } from '../format.ts';
import { manyPoints, pointsPath } from './manyPoints.ts';
import { colourOf, type MarkerStyle, markerPath, rayShapes } from './marker.ts';
import { NaiveMarks } from './NaiveMarks.tsx';
import { axisNumber, PlaneAxes } from './PlaneAxes.tsx';
import { PlaneBackground } from './PlaneBackground.tsx';
import { bandPath, linePath, meanFrame, sigmaFrame } from './planeGeometry.ts';
import type { PlaneModel, PlanePoint, PlanePosition } from './planeModel.ts';
import { createPlaneView } from './planeView.ts';
import { linear, ticks } from './scale.ts';
import { createWidth } from './size.ts';

const edge = { top: 12, right: 16, bottom: 46 };
/** Of a tick label's digit, in pixels. */
const digitWidth = 7.2;
/** How far from a point, in pixels, the pointer still means it. */
const reach = 24;
/** How far, in pixels, a press may wander and still be a click. */
const steady = 4;

export function PlanePlot(props: {
  model: PlaneModel;
  /** Marked in grey where they lie in sight. */
  naive?: readonly NaiveLine[];
  selected: number | undefined;
  /** Absent: points are only pointed at. */
  onOpen?: (config: number) => void;
  /** The figure's name in a saved picture. */
  title?: string;
}) {
  let frame!: HTMLDivElement;
  let svg!: SVGSVGElement;
  const width = createWidth(() => frame);
  const height = () => Math.round(Math.min(480, Math.max(280, width() * 0.56)));
  const [cursor, setCursor] = createSignal<PlanePoint>();

  const clip = createUniqueId();
  let pressed: { x: number; y: number } | undefined;
  let wandered = 0;
  const view = createPlaneView(
    createMemo(() => sigmaFrame(props.model)),
    createMemo(() => meanFrame(props.model)),
  );
  const { x: frameX, y: frameY } = view;
  const ticksY = createMemo(() => ticks(frameY(), height() / 56));
  const margin = createMemo(() => {
    const digits = Math.max(...ticksY().map((value) => axisNumber(value).length));
    return { ...edge, left: 36 + digitWidth * digits };
  });
  const x = createMemo(() => linear(frameX(), margin().left, width() - margin().right));
  const y = createMemo(() => linear(frameY(), height() - margin().bottom, margin().top));
  const position = (point: PlanePosition) => ({ x: x()(point.sigmaBps), y: y()(point.meanBps) });
  const ordered = createMemo(() => [...props.model.points].sort((a, b) => a.sigmaBps - b.sigmaBps));
  const selected = () => props.model.points.find((point) => point.config === props.selected);

  const nearest = (event: PointerEvent | MouseEvent): PlanePoint | undefined => {
    const box = frame.getBoundingClientRect();
    let best: PlanePoint | undefined;
    let bestDistance = reach;
    for (const point of props.model.points) {
      const at = position(point);
      const distance = Math.hypot(at.x - (event.clientX - box.left), at.y - (event.clientY - box.top));
      if (distance >= bestDistance) continue;
      best = point;
      bestDistance = distance;
    }
    return best;
  };

  const step = (by: number): void => {
    const points = ordered();
    const current = points.findIndex((point) => point.config === cursor()?.config);
    const next = current < 0 ? (by > 0 ? 0 : points.length - 1) : current + by;
    point(points[Math.min(points.length - 1, Math.max(0, next))]);
  };
  const point = (at: PlanePoint | undefined): void => {
    setCursor(at);
    if (at) view.reveal({ x: at.sigmaBps, y: at.meanBps });
  };
  const box = createMemo(() => ({
    ...{ left: margin().left, top: margin().top },
    ...{ right: width() - margin().right, bottom: height() - margin().bottom },
  }));
  /** Where a pointer is, as shares of what is in sight. */
  const sharesOf = (event: MouseEvent): { x: number; y: number } => {
    const { left, top } = frame.getBoundingClientRect();
    return {
      x: (event.clientX - left - box().left) / (box().right - box().left),
      y: (box().bottom - event.clientY + top) / (box().bottom - box().top),
    };
  };
  const drag = (event: PointerEvent): void => {
    if (!pressed) return;
    const [dx, dy] = [event.clientX - pressed.x, event.clientY - pressed.y];
    wandered += Math.hypot(dx, dy);
    pressed = { x: event.clientX, y: event.clientY };
    view.pan({ x: -dx / (box().right - box().left), y: dy / (box().bottom - box().top) });
  };
  const letGo = (): void => {
    pressed = undefined;
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    Home: () => point(ordered()[0]),
    End: () => point(ordered().at(-1)),
    '+': () => view.zoom(0.5),
    '-': () => view.zoom(2),
    0: () => view.reset(),
    Escape: () => setCursor(undefined),
    Enter: () => open(cursor()),
    ' ': () => open(cursor()),
  };
  const open = (point: PlanePoint | undefined): void => {
    if (point) props.onOpen?.(point.config);
  };

  return (
    <div class="plane">
      <div
        ref={frame}
        class="plane-frame"
        classList={{ pannable: view.zoomed(), 'in-part': view.zoomed() }}
        role="application"
        tabindex="0"
        aria-label={`Risk-return plane. Left and right arrow keys move from configuration to configuration${props.onOpen ? ', Enter opens one' : ''}, plus and minus zoom.`}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          pressed = { x: event.clientX, y: event.clientY };
          wandered = 0;
          if (view.zoomed()) frame.setPointerCapture(event.pointerId);
        }}
        onPointerUp={letGo}
        onPointerCancel={letGo}
        onPointerMove={(event) => {
          if (event.buttons === 0) letGo();
          if (pressed) drag(event);
          else setCursor((before) => nearest(event) ?? before);
        }}
        onClick={(event) => {
          if (!view.zoomed() || wandered <= steady) open(nearest(event));
        }}
        on:wheel={(event) => {
          if (!event.ctrlKey) return;
          event.preventDefault();
          view.zoom(Math.exp(event.deltaY / 200), sharesOf(event));
        }}
      >
        <svg ref={svg} width={width()} height={height()} viewBox={`0 0 ${width()} ${height()}`} aria-hidden="true">
          <PlaneAxes
            sigmaLabel={props.model.sigmaLabel}
            each={props.model.each}
            width={width()}
            height={height()}
            margin={margin()}
            x={x()}
            y={y()}
            ticksX={ticks(frameX(), width() / 90)}
            ticksY={ticksY()}
          />
          <clipPath id={clip}>
            <rect
              x={box().left}
              y={box().top}
              width={Math.max(0, box().right - box().left)}
              height={Math.max(0, box().bottom - box().top)}
            />
          </clipPath>
          <g clip-path={`url(#${clip})`}>
            <PlaneBackground model={props.model} frame={frameX()} x={x()} y={y()} box={box()} />
            <path class="band" d={bandPath(props.model.line, x(), y())} />
            <path class="fit" d={linePath(props.model.line, x(), y())} />
            <NaiveMarks lines={props.naive ?? []} x={x()} y={y()} right={width() - margin().right} />
          </g>
          <line
            class="risk-free"
            x1={margin().left}
            x2={width() - margin().right}
            y1={y()(props.model.riskFreeBps)}
            y2={y()(props.model.riskFreeBps)}
          />
          <text class="tick" x={width() - margin().right - 4} y={y()(props.model.riskFreeBps) - 5} text-anchor="end">
            risk-free {formatFixed2(props.model.riskFreeBps)}
          </text>
          <g clip-path={`url(#${clip})`}>
            <Show
              when={props.model.points.length < manyPoints}
              fallback={
                <path
                  class="point"
                  style={props.model.marker && colourOf(props.model.marker)}
                  d={pointsPath(props.model.points, props.model.marker?.shape ?? 'circle', 4, x(), y(), box())}
                />
              }
            >
              <For each={props.model.points}>
                {(point) => (
                  <Show
                    when={props.model.marker}
                    fallback={<circle class="point" cx={position(point).x} cy={position(point).y} r="4" />}
                  >
                    {(marker) => (
                      <path
                        class="point"
                        style={colourOf(marker())}
                        d={markerPath(marker().shape, position(point).x, position(point).y, 4)}
                      />
                    )}
                  </Show>
                )}
              </For>
            </Show>
          </g>
          <g clip-path={`url(#${clip})`}>
            <For each={props.model.rays ?? []}>
              {(ray) => (
                <path
                  class={`ray-mark ${ray.kind}`}
                  d={markerPath(rayShapes[ray.kind], position(ray).x, position(ray).y, 6)}
                />
              )}
            </For>
          </g>
          <g clip-path={`url(#${clip})`}>
            <Show when={selected()}>
              {(point) => <circle class="ring chosen" cx={position(point()).x} cy={position(point()).y} r="8" />}
            </Show>
            <Show when={cursor()}>
              {(point) => <circle class="ring" cx={position(point()).x} cy={position(point()).y} r="7" />}
            </Show>
          </g>
        </svg>
      </div>
      <p class="readout" aria-live="polite">
        <Show
          when={cursor()}
          fallback={`Point at a configuration, or use the arrow keys${props.onOpen ? '; click or press Enter to open it' : ''}.`}
        >
          {(point) => <>{describePoint(point(), props.model.each)}</>}
        </Show>
      </p>
      <div class="inline">
        <button type="button" onClick={() => view.zoom(0.5)}>
          Zoom in
        </button>
        <Show when={view.zoomed()}>
          <button type="button" onClick={() => view.zoom(2)}>
            Zoom out
          </button>
          <button type="button" onClick={() => view.reset()}>
            Show all
          </button>
        </Show>
      </div>
      <SavePlot
        name={props.title ?? 'Risk-return plane'}
        drawing={() => svgDrawing(svg)}
        legend={() => legendOf(cloudsOf(props.model))}
      />
    </div>
  );
}

function describePoint({ config, sigmaBps, meanBps }: PlanePoint, each: string): string {
  return `Configuration ${config}: σ ${formatFixed2(sigmaBps)} bps, mean ${formatFixed2(meanBps)} bps ${each}`;
}

/** Empty where there is but one run: the title says it then. */
function cloudsOf({ marker, others = [] }: PlaneModel): { name: string; marker: MarkerStyle }[] {
  return marker && others.length > 0 ? [{ name: 'this run', marker }, ...others] : [];
}
