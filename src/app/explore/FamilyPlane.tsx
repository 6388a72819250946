/**
 * The risk-return plane of several models: their clouds, lines with bands, naive forecasts and the risk-free rate. Any point can be opened, and a
 * rectangle drawn around several.
 */

import { createMemo, createSignal, createUniqueId, For, Show } from 'solid-js';
import type { NaiveLine } from '../../marketLine/naiveLines.ts';
import { naiveNames } from '../../strategy/naive.ts';
import { colourOf, markerPath } from '../charts/marker.ts';
import { axisNumber, PlaneAxes } from '../charts/PlaneAxes.tsx';
import { bandPath, linePath, outlinePath } from '../charts/planeGeometry.ts';
import { extent, linear, ticks } from '../charts/scale.ts';
import { createWidth } from '../charts/size.ts';
import { SavePlot } from '../components/SavePlot.tsx';
import { svgDrawing } from '../export/drawing.ts';
import { legendOf } from '../export/legend.ts';
import { formatFixed2 } from '../format.ts';
import { naiveMiddle } from '../lab/results/naive.ts';
import { createBrush } from './brush.ts';
import type { ShownCloud, ShownPoint } from './model.ts';

/** A configuration of a model. */
export interface Picked {
  readonly model: string;
  readonly index: number;
}

/** The line through a naive forecast's cloud, in the unit shown; empty where there is none. */
function naivePath({ points, fit }: NaiveLine, factor: { readonly mean: number; readonly sigma: number }) {
  if (fit.kind === 'none') return [];
  const { intercept, slope } = fit.leastSquares;
  const end = Math.max(...points.filter(({ traded }) => traded).map(({ sigmaBps }) => sigmaBps));
  return [0, end].map((sigmaBps) => ({
    sigmaBps: sigmaBps * factor.sigma,
    meanBps: (1e4 * intercept + slope * sigmaBps) * factor.mean,
  }));
}

const reach = 22;
const edge = { top: 12, right: 16, bottom: 46 };

export function FamilyPlane(props: {
  clouds: readonly ShownCloud[];
  naive: readonly NaiveLine[];
  /** Factors of the unit shown. */
  factor: { readonly mean: number; readonly sigma: number };
  riskFree: number;
  sigmaLabel: string;
  /** bps or %. */
  unit: string;
  /** a day, a year */
  each: string;
  picked: Picked | undefined;
  /** A model to be set off from the others. */
  lit: string | undefined;
  onPick: (picked: Picked) => void;
  onLight: (model: string | undefined) => void;
  /** Configurations to be set off from all others; undefined: none. */
  brushed: readonly Picked[] | undefined;
  /** A rectangle was drawn around these. */
  onBrush: (brushed: readonly Picked[] | undefined) => void;
}) {
  let frame!: HTMLDivElement;
  let svg!: SVGSVGElement;
  const clip = createUniqueId();
  const width = createWidth(() => frame, 900);
  const height = () => Math.round(Math.min(540, Math.max(320, width() * 0.52)));
  const [cursor, setCursor] = createSignal<Picked>();

  const points = createMemo(() => props.clouds.flatMap((cloud) => cloud.points.map((point) => ({ cloud, point }))));
  const naive = createMemo(() =>
    props.naive.flatMap((line) => {
      const middle = naiveMiddle(line);
      return middle
        ? [
            {
              id: line.id,
              sigmaBps: middle.sigmaBps * props.factor.sigma,
              meanBps: middle.meanBps * props.factor.mean,
              path: naivePath(line, props.factor),
            },
          ]
        : [];
    }),
  );
  /** The oracle may lie far above everything else: it is then named at the edge. */
  const near = createMemo(() => naive().filter(({ id }) => id !== 'oracle'));
  const frameX = createMemo(() => {
    const own = extent(
      [...points().map(({ point }) => point.sigmaBps), ...near().map(({ sigmaBps }) => sigmaBps)],
      0.06,
    );
    return own.min > 0.4 * own.max ? own : { min: 0, max: own.max };
  });
  const frameY = createMemo(() =>
    extent(
      [props.riskFree, ...points().map(({ point }) => point.meanBps), ...near().map(({ meanBps }) => meanBps)],
      0.08,
    ),
  );
  const ticksY = createMemo(() => ticks(frameY(), height() / 56));
  const margin = createMemo(() => ({
    ...edge,
    left: 36 + 7.2 * Math.max(...ticksY().map((value) => axisNumber(value).length)),
  }));
  const x = createMemo(() => linear(frameX(), margin().left, width() - margin().right));
  const y = createMemo(() => linear(frameY(), height() - margin().bottom, margin().top));
  /** Baselines behind the others, and what is lit before all. */
  const drawn = createMemo(() => {
    const height = ({ entry }: ShownCloud): number =>
      entry.name === props.lit ? 2 : entry.kind === 'baseline' ? 0 : 1;
    return [...props.clouds].sort((a, b) => height(a) - height(b));
  });
  const ordered = createMemo(() => [...points()].sort((a, b) => a.point.sigmaBps - b.point.sigmaBps));
  const same = (a: Picked | undefined, model: string, index: number): boolean =>
    a?.model === model && a.index === index;
  const found = (picked: Picked | undefined) =>
    points().find(({ cloud, point }) => same(picked, cloud.entry.name, point.index));

  const nearest = (event: PointerEvent | MouseEvent): Picked | undefined => {
    const box = frame.getBoundingClientRect();
    let best: Picked | undefined;
    let bestDistance = reach;
    for (const { cloud, point } of points()) {
      const distance = Math.hypot(
        x()(point.sigmaBps) - (event.clientX - box.left),
        y()(point.meanBps) - (event.clientY - box.top),
      );
      if (distance >= bestDistance) continue;
      best = { model: cloud.entry.name, index: point.index };
      bestDistance = distance;
    }
    return best;
  };
  const brush = createBrush(
    () => frame,
    ({ left, right, top, bottom }) => {
      const inside = points().filter(({ point }) => {
        const [px, py] = [x()(point.sigmaBps), y()(point.meanBps)];
        return px >= left && px <= right && py >= top && py <= bottom;
      });
      props.onBrush(inside.map(({ cloud, point }) => ({ model: cloud.entry.name, index: point.index })));
    },
  );
  const keptOf = createMemo(() => {
    if (!props.brushed) return undefined;
    return new Set(props.brushed.map(({ model, index }) => `${index} ${model}`));
  });
  const step = (by: number): void => {
    const all = ordered();
    const now = all.findIndex(({ cloud, point }) => same(cursor(), cloud.entry.name, point.index));
    const next = all[Math.min(all.length - 1, Math.max(0, now < 0 ? (by > 0 ? 0 : all.length - 1) : now + by))];
    if (next) setCursor({ model: next.cloud.entry.name, index: next.point.index });
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    PageDown: () => step(10),
    PageUp: () => step(-10),
    Escape: () => {
      setCursor(undefined);
      props.onBrush(undefined);
    },
    Enter: () => open(cursor()),
    ' ': () => open(cursor()),
  };
  const open = (picked: Picked | undefined): void => {
    if (picked) props.onPick(picked);
  };
  const at = (point: ShownPoint, shape: ShownCloud['marker']['shape'], size: number): string =>
    markerPath(shape, x()(point.sigmaBps), y()(point.meanBps), size);
  /** Names of marks would lie on top of the points. */
  const narrow = () => width() < 520;
  const outOfSight = () =>
    naive().find((mark) => mark.id === 'oracle' && (mark.meanBps > frameY().max || mark.sigmaBps > frameX().max));

  return (
    <div class="plane family-plane">
      <div
        ref={frame}
        class="plane-frame"
        role="application"
        tabindex="0"
        aria-label="Risk-return plane of all models. Left and right arrow keys move from configuration to configuration, Enter opens one."
        onKeyDown={(event) => {
          const act = keys[event.key];
          if (!act) return;
          event.preventDefault();
          act();
        }}
        onPointerDown={brush.start}
        onPointerUp={brush.end}
        onPointerCancel={brush.cancel}
        onPointerMove={(event) => {
          if (brush.move(event)) return;
          const picked = nearest(event);
          setCursor((before) => picked ?? before);
          props.onLight(picked?.model);
        }}
        onPointerLeave={() => props.onLight(undefined)}
        onClick={(event) => {
          if (!brush.justDrawn()) open(nearest(event));
        }}
      >
        <svg ref={svg} width={width()} height={height()} viewBox={`0 0 ${width()} ${height()}`} aria-hidden="true">
          <PlaneAxes
            sigmaLabel={props.sigmaLabel}
            unit={props.unit}
            each={props.each}
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
              x={margin().left}
              y={margin().top}
              width={Math.max(0, width() - margin().left - margin().right)}
              height={Math.max(0, height() - margin().top - margin().bottom)}
            />
          </clipPath>
          <line
            class="risk-free"
            x1={margin().left}
            x2={width() - margin().right}
            y1={y()(props.riskFree)}
            y2={y()(props.riskFree)}
          />
          <text class="tick" x={width() - margin().right - 4} y={y()(props.riskFree) - 5} text-anchor="end">
            risk-free {formatFixed2(props.riskFree)}
          </text>
          <g clip-path={`url(#${clip})`}>
            <For each={drawn()}>
              {(cloud) => (
                <g
                  class="cloud"
                  classList={{
                    baseline: cloud.entry.kind === 'baseline',
                    dim: props.lit !== undefined && props.lit !== cloud.entry.name,
                    lit: props.lit === cloud.entry.name,
                  }}
                  style={colourOf(cloud.marker)}
                >
                  <path class="curve-band" d={bandPath(cloud.line, x(), y())} />
                  <path class="outline" d={outlinePath(cloud.outline, x(), y())} />
                  <path class="curve-line" d={linePath(cloud.line, x(), y())} />
                  <For each={cloud.points}>
                    {(point) => (
                      <path
                        class="point"
                        classList={{ faint: keptOf()?.has(`${point.index} ${cloud.entry.name}`) === false }}
                        d={at(point, cloud.marker.shape, 3.8)}
                      />
                    )}
                  </For>
                </g>
              )}
            </For>
          </g>
          <g clip-path={`url(#${clip})`}>
            <For each={naive()}>
              {(mark) => (
                <g class="naive" classList={{ oracle: mark.id === 'oracle' }}>
                  <path class="naive-line" d={linePath(mark.path, x(), y())} />
                  <path d={markerPath('diamond', x()(mark.sigmaBps), y()(mark.meanBps), 5)} />
                  <Show when={!narrow()}>
                    <text
                      class="tick"
                      x={x()(mark.sigmaBps) + (x()(mark.sigmaBps) > width() - 170 ? -9 : 9)}
                      y={y()(mark.meanBps) + 4}
                      text-anchor={x()(mark.sigmaBps) > width() - 170 ? 'end' : 'start'}
                    >
                      {naiveNames[mark.id]}
                    </text>
                  </Show>
                </g>
              )}
            </For>
          </g>
          <Show when={outOfSight()}>
            {(mark) => (
              <text class="tick" x={margin().left + 8} y={margin().top + 14}>
                ↑ {narrow() ? 'Oracle' : naiveNames.oracle}: {formatFixed2(mark().meanBps)} at σ{' '}
                {formatFixed2(mark().sigmaBps)}
              </text>
            )}
          </Show>
          <Show when={brush.drawn()}>
            {(box) => (
              <rect
                class="brush"
                x={box().left}
                y={box().top}
                width={box().right - box().left}
                height={box().bottom - box().top}
              />
            )}
          </Show>
          {/* The picked configuration in every model's cloud. */}
          <For each={points().filter(({ point }) => point.index === props.picked?.index)}>
            {({ cloud, point }) => (
              <circle
                class="ring"
                classList={{
                  chosen: cloud.entry.name === props.picked?.model,
                  twin: cloud.entry.name !== props.picked?.model,
                }}
                cx={x()(point.sigmaBps)}
                cy={y()(point.meanBps)}
                r="8"
              />
            )}
          </For>
          <Show when={found(cursor())}>
            {(under) => <circle class="ring" cx={x()(under().point.sigmaBps)} cy={y()(under().point.meanBps)} r="7" />}
          </Show>
        </svg>
      </div>
      <p class="readout" aria-live="polite">
        <Show
          when={found(cursor())}
          fallback="Point at a strategy, or use the arrow keys; click or press Enter to open it, draw a rectangle around several. Diamonds with thin lines are naive forecasts: the middle of their clouds, and the lines through them."
        >
          {(under) => (
            <>
              {under().cloud.entry.name}, configuration {under().point.index}: σ {formatFixed2(under().point.sigmaBps)},
              mean {formatFixed2(under().point.meanBps)} {props.unit} {props.each}
            </>
          )}
        </Show>
      </p>
      <SavePlot
        name="Risk-return plane of all models"
        drawing={() => svgDrawing(svg)}
        legend={() => legendOf(props.clouds.map(({ entry, marker }) => ({ name: entry.name, marker })))}
      />
    </div>
  );
}
