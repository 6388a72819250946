/** Fig. 3b and what it leaves open: where larger models lie on the plane, and what they still earn once they are slow. */

import { createMemo, createSignal, For, Show } from 'solid-js';
import { figureOf, type StudyResults } from '../../../studies/figures/results.ts';
import { delayOf, sharpeAtDelay } from '../../../studies/figures/scaling/delays.ts';
import type { ScalingFigure } from '../../../studies/figures/scaling/result.ts';
import { LinePlot } from '../../charts/LinePlot.tsx';
import { markerOf } from '../../charts/marker.ts';
import type { PlaneLayer, PlaneModel } from '../../charts/plane/model.ts';
import { RiskReturnPlane } from '../../charts/plane/RiskReturnPlane.tsx';
import { Choice } from '../../components/Choice.tsx';
import { Marker } from '../../components/Marker.tsx';
import { TableBox } from '../../components/TableBox.tsx';
import { formatCompact, formatFixed2, formatShort, formatStep } from '../../format.ts';

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
  const models = () => [...new Set(props.figure.sizes.map(({ model }) => model))];
  const [times, setTimes] = createSignal<number>(1);
  const rows = createMemo(() =>
    props.figure.sizes.map((size, i) => {
      const measured = props.results.device?.latencyMs[size.model];
      const latency = measured === undefined ? undefined : measured * times();
      const delay = latency === undefined ? undefined : delayOf(latency, size.stepMs);
      const sharpe = delay === undefined ? null : sharpeAtDelay(props.figure, size.sharpeByDelay, delay);
      return { ...size, latency, delay, sharpe, marker: markerOf((i % models().length) + 1) };
    }),
  );
  const steps = () => [...new Set(props.figure.sizes.map(({ stepMs }) => stepMs))];
  const [step, setStep] = createSignal(props.figure.sizes[0]?.stepMs ?? 1000);
  const shown = createMemo(() => rows().filter(({ stepMs }) => stepMs === step()));
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
      <Show when={steps().length > 1}>
        <Choice
          label="Resolution"
          options={steps().map((value) => ({ value, label: formatStep(value) }))}
          value={step()}
          onChange={setStep}
        />
      </Show>
      <Centroids rows={shown()} />
      <p class="reading">
        The middle of each cloud. <Show when={several()}>Arrows go from one size to the next larger one. </Show>
        <Show when={!several()}>There is one size of this family here. </Show>
        In the paper’s Fig. 3b larger Chronos models move left and up: less risk, more return.{' '}
        <strong>Not to conclude:</strong> a scaling law; these sizes are all tiny, and differences within a cloud’s
        spread mean nothing.
      </p>
      <h3>What an answer is worth when it comes later</h3>
      <LinePlot
        label="Net Sharpe ratio by delay from decision to fill"
        positions={props.figure.delaysTicks.map(String)}
        axis={props.figure.delaysTicks.map((_, i) => i)}
        curves={shown().map((row) => ({ name: row.model, marker: row.marker, values: row.sharpeByDelay }))}
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

/** One precision of one size. */
const nameOf = ({ model, precision }: Row): string => (precision === 'f32' ? model : `${model}, ${precision}`);

function Centroids(props: { rows: readonly Row[] }) {
  const model = createMemo(() => centroidsModel(props.rows));
  return <RiskReturnPlane label="Middles of the clouds by size" model={model()} mostHeight={340} />;
}

function centroidsModel(rows: readonly Row[]): PlaneModel {
  const there = rows.flatMap((row) =>
    row.centroid ? [{ row, at: { sigma: row.centroid.sigmaBps, mean: row.centroid.meanBps } }] : [],
  );
  return {
    unit: { symbol: 'bps', each: 'a day' },
    sigmaLabel: 'mean priced σ',
    noun: { one: 'size', many: 'sizes' },
    room: { sigma: 0.25, mean: 0.25 },
    series: there.map(({ row }) => ({ name: nameOf(row), tone: 'equal', marker: row.marker })),
    layers: [
      // From size to size of one resolution, at full precision.
      ...there.flatMap(({ row, at }, i): PlaneLayer[] => {
        const next = there
          .slice(i + 1)
          .find(({ row: { stepMs, precision } }) => stepMs === row.stepMs && precision === 'f32');
        return row.precision === 'f32' && next ? [{ kind: 'arrow', from: at, to: next.at }] : [];
      }),
      ...there.map(
        ({ row, at }, i): PlaneLayer => ({
          kind: 'points',
          series: nameOf(row),
          points: [{ index: 0, name: nameOf(row), ...at }],
          pickable: true,
          radius: 6,
          labelled: true,
          labelsLower: 15 * ((i % 3) - 1),
        }),
      ),
    ],
  };
}
