/**
 * The risk-return plane: one point a configuration, the fitted line with its band, and the risk-free rate. Drawn as SVG, so that
 * points are hit exactly, read by assistive technology through the cursor, and saved as a picture without a second drawing.
 */

import { createMemo, createSignal, For, Show } from 'solid-js';
import type { NaiveLine } from '../../studies/naiveLines.ts';
import { SavePlot } from '../components/SavePlot.tsx';
import { svgDrawing } from '../export/drawing.ts';
import { legendOf } from '../export/legend.ts';
import { formatFixed2 } from '../format.ts';
import { colourOf, type MarkerStyle, markerPath, rayShapes } from './marker.ts';
import { NaiveMarks } from './NaiveMarks.tsx';
import { axisNumber, PlaneAxes } from './PlaneAxes.tsx';
import { PlaneBackground } from './PlaneBackground.tsx';
import { bandPath, linePath, meanFrame, sigmaFrame } from './planeGeometry.ts';
import type { PlaneModel, PlanePoint, PlanePosition } from './planeModel.ts';
import { linear, ticks } from './scale.ts';
import { createWidth } from './size.ts';

const edge = { top: 12, right: 16, bottom: 46 };
/** Of a tick label's digit, in pixels. */
const digitWidth = 7.2;
/** How far from a point, in pixels, the pointer still means it. */
const reach = 24;

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

  const frameX = createMemo(() => sigmaFrame(props.model));
  const frameY = createMemo(() => meanFrame(props.model));
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
    setCursor(points[Math.min(points.length - 1, Math.max(0, next))]);
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
    Home: () => setCursor(ordered()[0]),
    End: () => setCursor(ordered().at(-1)),
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
        role="application"
        tabindex="0"
        aria-label={`Risk-return plane. Left and right arrow keys move from configuration to configuration${props.onOpen ? ', Enter opens one' : ''}.`}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => setCursor((before) => nearest(event) ?? before)}
        onClick={(event) => open(nearest(event))}
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
          <clipPath id="plane-clip">
            <rect
              x={margin().left}
              y={margin().top}
              width={Math.max(0, width() - margin().left - margin().right)}
              height={Math.max(0, height() - margin().top - margin().bottom)}
            />
          </clipPath>
          <g clip-path="url(#plane-clip)">
            <PlaneBackground model={props.model} frame={frameX()} x={x()} y={y()} />
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
          <g clip-path="url(#plane-clip)">
            <For each={props.model.rays ?? []}>
              {(ray) => (
                <path
                  class={`ray-mark ${ray.kind}`}
                  d={markerPath(rayShapes[ray.kind], position(ray).x, position(ray).y, 6)}
                />
              )}
            </For>
          </g>
          <Show when={selected()}>
            {(point) => <circle class="ring chosen" cx={position(point()).x} cy={position(point()).y} r="8" />}
          </Show>
          <Show when={cursor()}>
            {(point) => <circle class="ring" cx={position(point()).x} cy={position(point()).y} r="7" />}
          </Show>
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
