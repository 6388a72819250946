/** Efficient frontiers with their tangency portfolios and capital market lines over the series they are made of. SVG, read by keyboard. */

import { createMemo, createSignal, For, Show } from 'solid-js';
import type { FrontierCurve, Theory } from '../../analysis/theory.ts';
import { SavePlot } from '../components/SavePlot.tsx';
import { svgDrawing } from '../export/drawing.ts';
import { formatFixed2 } from '../format.ts';
import { markerPath } from './marker.ts';
import { type Extent, extent, linear, ticks } from './scale.ts';
import { createWidth } from './size.ts';

const margin = { top: 12, right: 16, bottom: 44, left: 64 };

/** Something with a place on the chart and a name. */
interface Mark {
  readonly name: string;
  readonly kind: 'series' | 'free' | 'longOnly' | 'market';
  readonly stdev: number;
  readonly mean: number;
}

export function FrontierPlot(props: { theory: Theory; riskFree: number; each: string }) {
  let frame!: HTMLDivElement;
  let svg!: SVGSVGElement;
  const width = createWidth(() => frame);
  const height = () => Math.round(Math.min(400, Math.max(260, width() * 0.5)));
  const [cursor, setCursor] = createSignal<Mark>();
  const marks = createMemo(() => marksOf(props.theory).sort((a, b) => a.stdev - b.stdev));
  const frameX = createMemo((): Extent => {
    const own = extent(marks().map((mark) => mark.stdev));
    return { min: 0, max: own.max * 1.08 };
  });
  const frameY = createMemo(() => extent([props.riskFree, ...marks().map((mark) => mark.mean)], 0.12));
  const x = createMemo(() => linear(frameX(), margin.left, width() - margin.right));
  const y = createMemo(() => linear(frameY(), height() - margin.bottom, margin.top));
  const bps = (extent_: Extent): Extent => ({ min: extent_.min * 1e4, max: extent_.max * 1e4 });

  const step = (by: number): void => {
    const all = marks();
    const now = cursor();
    const at = now ? all.indexOf(now) : -1;
    setCursor(all[Math.min(all.length - 1, Math.max(0, at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by))]);
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    Home: () => setCursor(marks()[0]),
    End: () => setCursor(marks().at(-1)),
    Escape: () => setCursor(undefined),
  };
  const nearest = (event: PointerEvent): Mark | undefined => {
    const box = frame.getBoundingClientRect();
    const distance = (mark: Mark) =>
      Math.hypot(x()(mark.stdev) - (event.clientX - box.left), y()(mark.mean) - (event.clientY - box.top));
    return marks()
      .filter((mark) => distance(mark) < 24)
      .sort((a, b) => distance(a) - distance(b))[0];
  };

  return (
    <div class="plane">
      <div
        ref={frame}
        class="plane-frame"
        role="application"
        tabindex="0"
        aria-label="Efficient frontier. Left and right arrow keys move from portfolio to portfolio in order of risk."
        onKeyDown={(event) => {
          const act = keys[event.key];
          if (!act) return;
          event.preventDefault();
          act();
        }}
        onPointerMove={(event) => setCursor((before) => nearest(event) ?? before)}
      >
        <svg ref={svg} width={width()} height={height()} viewBox={`0 0 ${width()} ${height()}`} aria-hidden="true">
          <For each={ticks(bps(frameY()), height() / 56)}>
            {(value) => (
              <g>
                <line
                  class="grid"
                  x1={margin.left}
                  x2={width() - margin.right}
                  y1={y()(value / 1e4)}
                  y2={y()(value / 1e4)}
                />
                <text class="tick" x={margin.left - 8} y={y()(value / 1e4) + 4} text-anchor="end">
                  {String(value).replace('-', '−')}
                </text>
              </g>
            )}
          </For>
          <For each={ticks(bps(frameX()), width() / 90)}>
            {(value) => (
              <text class="tick" x={x()(value / 1e4)} y={height() - margin.bottom + 18} text-anchor="middle">
                {String(value)}
              </text>
            )}
          </For>
          <text class="axis" x={(margin.left + width() - margin.right) / 2} y={height() - 8} text-anchor="middle">
            σ, bps {props.each}
          </text>
          <text
            class="axis"
            transform={`translate(14 ${(margin.top + height() - margin.bottom) / 2}) rotate(-90)`}
            text-anchor="middle"
          >
            mean return, bps {props.each}
          </text>
          <clipPath id="frontier-clip">
            <rect
              x={margin.left}
              y={margin.top}
              width={Math.max(0, width() - margin.left - margin.right)}
              height={Math.max(0, height() - margin.top - margin.bottom)}
            />
          </clipPath>
          <g clip-path="url(#frontier-clip)">
            <path class="fit" d={curvePath(props.theory.free, x(), y())} />
            <path class="fit long-only" d={curvePath(props.theory.longOnly, x(), y())} />
            <For each={marks().filter((mark) => mark.kind !== 'series')}>
              {(mark) => (
                <path
                  class={`ray ${mark.kind === 'market' ? 'market' : ''}`}
                  d={`M${x()(0)} ${y()(props.riskFree)}L${x()(frameX().max)} ${y()(
                    props.riskFree + ((mark.mean - props.riskFree) / mark.stdev) * frameX().max,
                  )}`}
                />
              )}
            </For>
            <For each={marks()}>
              {(mark) => (
                <path
                  class={mark.kind === 'series' ? 'point' : 'ray-mark'}
                  d={markerPath(shapes[mark.kind], x()(mark.stdev), y()(mark.mean), mark.kind === 'series' ? 4 : 6)}
                />
              )}
            </For>
          </g>
          <Show when={cursor()}>
            {(mark) => <circle class="ring" cx={x()(mark().stdev)} cy={y()(mark().mean)} r="9" />}
          </Show>
        </svg>
      </div>
      <ul class="legend small">
        <li>solid: efficient frontier, shorts allowed (star: tangency)</li>
        <li>dotted: long only (triangle: tangency)</li>
        <li>diamond: equal shares, the market</li>
      </ul>
      <p class="readout" aria-live="polite">
        <Show when={cursor()} fallback="Point at a portfolio, or use the arrow keys.">
          {(mark) => (
            <>
              {mark().name}: σ {formatFixed2(mark().stdev * 1e4)} bps, mean {formatFixed2(mark().mean * 1e4)} bps{' '}
              {props.each}
            </>
          )}
        </Show>
      </p>
      <SavePlot
        name="Efficient frontier, tangency portfolios and capital market lines"
        drawing={() => svgDrawing(svg)}
      />
    </div>
  );
}

const shapes = { series: 'circle', free: 'star', longOnly: 'triangle', market: 'diamond' } as const;

function marksOf({ rows, free, longOnly, market }: Theory): Mark[] {
  const marks: Mark[] = rows.map(({ name, stdev, mean }) => ({ name, kind: 'series', stdev, mean }));
  // A tangency far outside the chart would shrink everything else to a spot.
  const far = 3 * Math.max(...rows.map(({ stdev }) => stdev));
  if (free.tangency && free.tangency.stdev <= far) {
    marks.push({ name: 'Tangency, shorts allowed', kind: 'free', ...placeOf(free.tangency) });
  }
  if (longOnly.tangency) marks.push({ name: 'Tangency, long only', kind: 'longOnly', ...placeOf(longOnly.tangency) });
  if (market.stdev > 0) marks.push({ name: 'Equal shares', kind: 'market', ...placeOf(market) });
  return marks;
}

function placeOf({ stdev, mean }: { readonly stdev: number; readonly mean: number }) {
  return { stdev, mean };
}

function curvePath({ points }: FrontierCurve, x: (value: number) => number, y: (value: number) => number): string {
  return points.map(({ stdev, mean }, i) => `${i === 0 ? 'M' : 'L'}${x(stdev)} ${y(mean)}`).join('');
}
