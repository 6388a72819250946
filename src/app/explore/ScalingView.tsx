/** Fig. 3b and what it leaves open: where larger models lie on the plane, and what they still earn once they are slow. */

import { createMemo, createSignal, For, Show } from 'solid-js';
import { figureOf, type ScalingFigure, type StudyResults } from '../../studies/figures/results.ts';
import { delayOf, sharpeAtDelay } from '../../studies/figures/scalingFigure.ts';
import { colourOf, markerOf, markerPath } from '../charts/marker.ts';
import { PlaneAxes } from '../charts/PlaneAxes.tsx';
import { extent, linear, ticks } from '../charts/scale.ts';
import { createWidth } from '../charts/size.ts';
import { Marker } from '../components/Marker.tsx';
import { SavePlot } from '../components/SavePlot.tsx';
import { TableBox } from '../components/TableBox.tsx';
import { svgDrawing } from '../export/drawing.ts';
import { legendOf } from '../export/legend.ts';
import { formatCompact, formatFixed2, formatShort, formatStep } from '../format.ts';
import { LinePlot } from './LinePlot.tsx';

export function ScalingView(props: { results: StudyResults }) {
  return (
    <Show when={figureOf(props.results, 'scaling')} fallback={<p class="note">This study has no scaling figure.</p>}>
      {(figure) => <Scaling results={props.results} figure={figure()} />}
    </Show>
  );
}

/** How much slower than the measured device another one is thought to be. */
const slower = [1, 10, 100, 1000, 10_000] as const;

function Scaling(props: { results: StudyResults; figure: ScalingFigure }) {
  /** Sizes at full precision. */
  const several = () =>
    new Set(props.figure.sizes.flatMap(({ model, precision }) => (precision === 'f32' ? [model] : []))).size > 1;
  const [times, setTimes] = createSignal<number>(1);
  const rows = createMemo(() =>
    props.figure.sizes.map((size, i) => {
      const measured = props.results.device?.latencyMs[size.model];
      const latency = measured === undefined ? undefined : measured * times();
      const delay = latency === undefined ? undefined : delayOf(latency, size.stepMs);
      const sharpe = delay === undefined ? null : sharpeAtDelay(props.figure, size.sharpeByDelay, delay);
      return { ...size, latency, delay, sharpe, marker: markerOf(i + 1) };
    }),
  );
  const best = createMemo(() => {
    const found = new Map<number, string>();
    for (const step of new Set(rows().map(({ stepMs }) => stepMs))) {
      const own = rows().filter(({ stepMs, sharpe }) => stepMs === step && sharpe !== null);
      const top = own.sort((a, b) => b.sharpe! - a.sharpe!)[0];
      if (top) found.set(step, top.model);
    }
    return found;
  });
  return (
    <>
      <Centroids rows={rows()} />
      <p class="reading">
        The middle of each cloud. <Show when={several()}>Arrows go from one size to the next larger one. </Show>
        <Show when={!several()}>
          There is one size of this family here, in several precisions: larger ones would take hours on the machine that
          computed this.{' '}
        </Show>
        In the paper’s Fig. 3b larger Chronos models move left and up: less risk, more return.{' '}
        <strong>Not to conclude:</strong> a scaling law; these sizes are all tiny, and differences within a cloud’s
        spread mean nothing.
      </p>
      <h3>What an answer is worth when it comes later</h3>
      <LinePlot
        label="Net Sharpe ratio by delay from decision to fill"
        positions={props.figure.delaysTicks.map(String)}
        axis={props.figure.delaysTicks.map((_, i) => i)}
        curves={rows().map((row) => ({ name: row.model, marker: row.marker, values: row.sharpeByDelay }))}
        xLabel="delay from decision to fill, ticks"
        yLabel="Sharpe ratio, annual"
        format={formatFixed2}
        height={300}
      />
      <label class="inline">
        Another device, slower by
        <select value={times()} onChange={(event) => setTimes(Number(event.currentTarget.value))} style="width: auto">
          <For each={slower}>
            {(factor) => (
              <option value={factor}>{factor === 1 ? 'as measured' : `× ${factor.toLocaleString('en')}`}</option>
            )}
          </For>
        </select>
      </label>
      <TableBox
        caption={`Latency of one forecast as measured (${props.results.device?.description ?? 'not measured'}), and the median net Sharpe ratio at the delay it means`}
      >
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Precision</th>
            <th scope="col">Parameters</th>
            <th scope="col">Resolution</th>
            <th scope="col">Latency, ms</th>
            <th scope="col">Fills after</th>
            <th scope="col">Sharpe ratio</th>
          </tr>
        </thead>
        <tbody>
          <For each={rows()}>
            {(row) => (
              <tr classList={{ chosen: best().get(row.stepMs) === row.model }}>
                <th scope="row">
                  <span class="with-marker">
                    <Marker marker={row.marker} /> {row.model}
                  </span>
                </th>
                <td>{row.precision}</td>
                <td>{formatCompact(row.parameters)}</td>
                <td>{formatStep(row.stepMs)}</td>
                <td>{formatShort(row.latency ?? Number.NaN)}</td>
                <td>
                  {row.delay === undefined ? 'not measured' : `${row.delay} ${row.delay === 1 ? 'tick' : 'ticks'}`}
                </td>
                <td>
                  {row.sharpe === null
                    ? 'not known at this delay'
                    : `${formatFixed2(row.sharpe)}${best().get(row.stepMs) === row.model ? ', best' : ''}`}
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </TableBox>
      <p class="reading">
        A model that answers within one tick loses nothing by being slow; beyond that its forecasts age.{' '}
        <strong>Not to conclude:</strong> that latency never matters. It does as soon as a forecast takes longer than a
        tick: try a slower device above.
      </p>
    </>
  );
}

type Row = ScalingFigure['sizes'][number] & { readonly marker: ReturnType<typeof markerOf> };

function Centroids(props: { rows: readonly Row[] }) {
  let frame!: HTMLDivElement;
  let svg!: SVGSVGElement;
  const width = createWidth(() => frame);
  const height = 340;
  const there = createMemo(() => props.rows.flatMap((row) => (row.centroid ? [{ ...row, at: row.centroid }] : [])));
  const frameX = createMemo(() =>
    extent(
      there().map(({ at }) => at.sigmaBps),
      0.25,
    ),
  );
  const frameY = createMemo(() =>
    extent(
      there().map(({ at }) => at.meanBps),
      0.25,
    ),
  );
  const x = createMemo(() => linear(frameX(), 66, width() - 16));
  const y = createMemo(() => linear(frameY(), height - 46, 12));
  /** From size to size of one resolution, at full precision. */
  const arrows = createMemo(() =>
    there().flatMap((row, i) => {
      const next = there()
        .slice(i + 1)
        .find(({ stepMs, precision }) => stepMs === row.stepMs && precision === 'f32');
      return row.precision === 'f32' && next ? [{ from: row.at, to: next.at }] : [];
    }),
  );
  return (
    <figure class="chart" aria-label="Middles of the clouds by size; the same numbers are in the table below.">
      <div ref={frame} class="plane-frame">
        <svg ref={svg} width={width()} height={height} viewBox={`0 0 ${width()} ${height}`} aria-hidden="true">
          <defs>
            <marker id="arrow-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path class="arrow-head" d="M0 0L8 4L0 8Z" />
            </marker>
          </defs>
          <PlaneAxes
            sigmaLabel="mean priced σ"
            each="a day"
            width={width()}
            height={height}
            margin={{ left: 66, right: 16, top: 12, bottom: 46 }}
            x={x()}
            y={y()}
            ticksX={ticks(frameX(), width() / 100)}
            ticksY={ticks(frameY(), 6)}
          />
          <For each={arrows()}>
            {({ from, to }) => (
              <line
                class="arrow"
                x1={x()(from.sigmaBps)}
                y1={y()(from.meanBps)}
                x2={x()(to.sigmaBps)}
                y2={y()(to.meanBps)}
                marker-end="url(#arrow-head)"
              />
            )}
          </For>
          <For each={there()}>
            {(row, i) => (
              <g style={colourOf(row.marker)}>
                <path class="point" d={markerPath(row.marker.shape, x()(row.at.sigmaBps), y()(row.at.meanBps), 6)} />
                <text
                  class="tick"
                  x={x()(row.at.sigmaBps) + (x()(row.at.sigmaBps) > width() - 150 ? -10 : 10)}
                  y={y()(row.at.meanBps) + 4 + 15 * ((i() % 3) - 1)}
                  text-anchor={x()(row.at.sigmaBps) > width() - 150 ? 'end' : 'start'}
                >
                  {row.model}
                </text>
              </g>
            )}
          </For>
        </svg>
      </div>
      <SavePlot
        name="Middles of the clouds by size"
        drawing={() => svgDrawing(svg)}
        legend={() => legendOf(there().map(({ model, marker }) => ({ name: model, marker })))}
      />
    </figure>
  );
}
