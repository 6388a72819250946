/**
 * The risk-return plane: what its layers say, drawn as SVG, so that points are hit exactly, read by assistive technology through the cursor, and saved
 * as a picture without a second drawing. It is zoomed, moved, walked, and selected from by rectangles, with the mouse, fingers or keys.
 */

import { createMemo, createUniqueId, For, type JSX, Show } from 'solid-js';
import { SavePlot } from '../../components/SavePlot.tsx';
import { svgDrawing } from '../../export/drawing.ts';
import { legendOf } from '../../export/legend.ts';
import { formatFixed2 } from '../../format.ts';
import type { MarkerStyle } from '../marker.ts';
import { linear, ticks } from '../scale.ts';
import { createWidth } from '../size.ts';
import { Axes, axisNumber } from './Axes.tsx';
import { createCursor } from './cursor.ts';
import { meanFrame, type Sight, sigmaFrame } from './geometry.ts';
import { keyboardOf, keysInWords } from './keyboard.ts';
import { Layer } from './Layer.tsx';
import { keyOf, nameOfPick, type Pickable, type PlaneModel, type PlanePick, pickables } from './model.ts';
import { type PlaneParts, pointerOf } from './pointer.ts';
import { Rings } from './Rings.tsx';
import { type SelectionColumn, SelectionTable } from './SelectionTable.tsx';
import { createSelection } from './selection.ts';
import { createPlaneView } from './view.ts';

const edge = { top: 12, right: 16, bottom: 46 };
/** Width of a tick label's digit, in pixels. */
const digitWidth = 7.2;
/** Pixels; names of marks would lie on top of the points in less. */
const widthForNames = 520;

export function RiskReturnPlane(props: {
  /** What is shown: the plane's name, also in a saved picture. */
  label: string;
  model: PlaneModel;
  /** The point that is open elsewhere on the page. */
  opened?: PlanePick | undefined;
  /** Absent: points are only pointed at. */
  onOpen?: (pick: PlanePick) => void;
  /** A series to be set off from the others. */
  lit?: string | undefined;
  onLight?: (series: string | undefined) => void;
  /** What else is known of points, in the table of those selected. */
  columns?: readonly SelectionColumn[];
  /** Pixels; default 500. */
  mostHeight?: number;
  /** Said while nothing is pointed at, behind how to point. */
  hint?: string;
}): JSX.Element {
  let frame!: HTMLDivElement;
  let svg!: SVGSVGElement;
  const [clip, head] = [createUniqueId(), createUniqueId()];
  const width = createWidth(() => frame);
  const height = () => Math.round(Math.min(props.mostHeight ?? 500, Math.max(280, width() * 0.54)));
  const points = createMemo(() => pickables(props.model));
  const view = createPlaneView(
    createMemo(() => sigmaFrame(props.model)),
    createMemo(() => meanFrame(props.model)),
  );
  const ticksY = createMemo(() => ticks(view.y(), height() / 56));
  const sight = createMemo((): Sight => {
    const digits = Math.max(0, ...ticksY().map((value) => axisNumber(value).length));
    const box = {
      left: 36 + digitWidth * digits,
      top: edge.top,
      right: width() - edge.right,
      bottom: height() - edge.bottom,
    };
    const [sigma, mean] = [view.x(), view.y()];
    return { sigma, mean, box, x: linear(sigma, box.left, box.right), y: linear(mean, box.bottom, box.top) };
  });
  const cursor = createCursor(points);
  const selection = createSelection(points);
  const parts: PlaneParts = {
    frame: () => frame,
    sight,
    points,
    view,
    cursor,
    selection,
    open: (pick) => {
      if (pick) props.onOpen?.({ series: pick.series, index: pick.index });
    },
    onHover: (pick) => props.onLight?.(pick?.series),
  };
  const pointer = pointerOf(parts);
  const series = createMemo(() => new Map(props.model.series.map((each) => [each.name, each])));
  /** What is lit lies before all. */
  const layers = createMemo(() => {
    const isLit = (layer: PlaneModel['layers'][number]): boolean =>
      props.lit !== undefined && layer.series === props.lit;
    return [...props.model.layers.filter((layer) => !isLit(layer)), ...props.model.layers.filter(isLit)];
  });
  const many = () => props.model.noun.many;
  const readout = (at: Pickable): string => {
    const { symbol, each } = props.model.unit;
    const { sigma, mean } = at.point;
    return `${sentence(nameOfPick(props.model, at), props.model)}: σ ${formatFixed2(sigma)} ${symbol}, mean ${formatFixed2(mean)} ${symbol} ${each}`;
  };
  const howTo = (): string =>
    [
      `Point at one of the ${many()}, or use the arrow keys${props.onOpen ? '; click or press Enter to open it' : ''}.`,
      view.zoomed()
        ? 'Drag to move the plane, with Shift to draw a rectangle.'
        : 'Draw a rectangle, or hold Shift with the arrow keys, to list what is in it.',
      props.hint ?? '',
    ].join(' ');

  return (
    <div class="plane">
      <div
        ref={frame}
        class="plane-frame"
        classList={{ pannable: view.zoomed(), 'in-part': view.zoomed() }}
        role="application"
        tabindex="0"
        aria-label={`${props.label}. ${keysInWords(props.model.noun.one, props.onOpen !== undefined)}`}
        onKeyDown={keyboardOf(parts)}
        onPointerDown={pointer.down}
        onPointerMove={pointer.move}
        onPointerUp={pointer.up}
        onPointerCancel={pointer.cancel}
        onPointerLeave={() => props.onLight?.(undefined)}
        onClick={pointer.click}
        on:wheel={pointer.wheel}
      >
        <svg ref={svg} width={width()} height={height()} viewBox={`0 0 ${width()} ${height()}`} aria-hidden="true">
          <defs>
            <clipPath id={clip}>
              <rect
                x={sight().box.left}
                y={sight().box.top}
                width={Math.max(0, sight().box.right - sight().box.left)}
                height={Math.max(0, sight().box.bottom - sight().box.top)}
              />
            </clipPath>
            <marker id={head} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path class="arrow-head" d="M0 0L8 4L0 8Z" />
            </marker>
          </defs>
          <Axes
            model={props.model}
            width={width()}
            height={height()}
            sight={sight()}
            ticksX={ticks(view.x(), width() / 90)}
            ticksY={ticksY()}
          />
          <g clip-path={`url(#${clip})`}>
            <For each={layers()}>
              {(layer) => (
                <Layer
                  layer={layer}
                  series={series().get(layer.series ?? '')}
                  riskFree={props.model.riskFree ?? 0}
                  sight={sight()}
                  lit={props.lit}
                  stepsBack={({ index }) =>
                    layer.kind === 'points' &&
                    layer.pickable &&
                    selection.stepsBack(keyOf({ series: layer.series ?? '', index }))
                  }
                  names={width() >= widthForNames}
                  head={head}
                />
              )}
            </For>
            <Rings
              points={points()}
              sight={sight()}
              opened={props.opened}
              cursor={cursor.at()}
              rectangle={selection.rectangle()}
            />
          </g>
          <For each={beyondEdge(props.model)}>
            {({ name, sigma, mean }, i) => (
              <text class="tick" x={sight().box.left + 8} y={sight().box.top + 14 + 16 * i()}>
                ↑ {name}: {formatFixed2(mean)} at σ {formatFixed2(sigma)}
              </text>
            )}
          </For>
        </svg>
      </div>
      <p class="readout" aria-live="polite">
        <Show when={cursor.at()} fallback={howTo()}>
          {(at) => <>{readout(at())}</>}
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
      <Show when={selection.selected()}>
        {(selected) => (
          <SelectionTable
            model={props.model}
            selected={selected()}
            columns={props.columns ?? []}
            onOpen={props.onOpen}
            onClear={selection.clear}
          />
        )}
      </Show>
      <SavePlot
        name={props.label}
        drawing={() => svgDrawing(svg)}
        legend={() => legendOf(props.model.series.filter(hasMarker))}
      />
    </div>
  );
}

function hasMarker<T extends { readonly marker?: MarkerStyle }>(series: T): series is T & { marker: MarkerStyle } {
  return series.marker !== undefined;
}

/** A name as a sentence begins with it: what points are is written large, names of models are not. */
function sentence(name: string, { noun }: PlaneModel): string {
  return name.startsWith(noun.one) ? `${name.charAt(0).toUpperCase()}${name.slice(1)}` : name;
}

/** Points that the whole plane has no room for, and that are to be named then. */
function beyondEdge(model: PlaneModel): { name: string; sigma: number; mean: number }[] {
  const [sigmas, means] = [sigmaFrame(model), meanFrame(model)];
  return model.layers.flatMap((layer) => {
    const name = layer.kind === 'points' ? layer.namedAtEdge : undefined;
    if (layer.kind !== 'points' || name === undefined) return [];
    return layer.points
      .filter(({ sigma, mean }) => mean > means.max || sigma > sigmas.max)
      .map(({ sigma, mean }) => ({ name, sigma, mean }));
  });
}
