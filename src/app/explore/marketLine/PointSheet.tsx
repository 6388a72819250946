/** One strategy's tear sheet: its settings, its returns beside those of the other models under the same rules, and its equity. */

import { createMemo, For, Show } from 'solid-js';
import { periodWords } from '../../../marketLine/periods.ts';
import { completeConfig } from '../../../strategy/config.ts';
import type { MarketLineFigure } from '../../../studies/figures/marketLine/result.ts';
import type { StudyResults } from '../../../studies/figures/results.ts';
import { LinePlot } from '../../charts/LinePlot.tsx';
import type { PlanePick } from '../../charts/plane/model.ts';
import { Marker } from '../../components/Marker.tsx';
import { TableBox } from '../../components/TableBox.tsx';
import { formatFixed2, formatPercent, formatShort } from '../../format.ts';
import { markersOf } from './model.ts';

export function PointSheet(props: {
  results: StudyResults;
  figure: MarketLineFigure;
  picked: PlanePick;
  onPick: (picked: PlanePick | undefined) => void;
}) {
  const markers = createMemo(() => markersOf(props.results.models));
  const config = () => completeConfig(props.figure.configs[props.picked.index]!);
  const twins = createMemo(() =>
    props.figure.clouds.flatMap(({ model, points }) => {
      const point = points.find(({ index }) => index === props.picked.index);
      return point ? [{ model, point, marker: markers().get(model)! }] : [];
    }),
  );
  const curves = createMemo(() =>
    twins()
      .filter(({ model }) => model === props.picked.series)
      .map(({ model, point, marker }) => {
        let equity = 0;
        return { name: model, marker, values: [0, ...point.returnsBps.map((value) => (equity += value))] };
      }),
  );
  const each = () => periodWords[props.figure.period].each;
  const off = (value: number | null, unit: string): string =>
    value === null ? 'none' : `${formatShort(value)} ${unit}`;
  const positions = () => ['start', ...props.figure.periods];
  return (
    <article class="card sheet" aria-label={`Configuration ${props.picked.index} of ${props.picked.series}`}>
      <div class="inline spread">
        <h3>
          {props.picked.series}, configuration {props.picked.index}
        </h3>
        <button type="button" onClick={() => props.onPick(undefined)}>
          Close
        </button>
      </div>
      <p>
        Enters beyond {formatShort(config().thresholdBps)} bps of surprise; stop loss {off(config().stopLossBps, 'bps')}
        , take profit {off(config().takeProfitBps, 'bps')}, longest hold {off(config().maxHoldTicks, 'ticks')}.
      </p>
      <LinePlot
        label={`Equity of configuration ${props.picked.index} of ${props.picked.series}`}
        positions={positions()}
        axis={positions().map((_, i) => i)}
        curves={curves()}
        xLabel={`end of the ${props.figure.period}`}
        yLabel="return, bps"
        format={(value) => `${formatFixed2(value)} bps`}
        height={220}
      />
      <TableBox caption={`The same rules on every model’s forecasts; bps ${each()}`}>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Mean</th>
            <th scope="col">Gross</th>
            <th scope="col">Aleatory σ</th>
            <th scope="col">Epistemic σ</th>
            <th scope="col">Sharpe, annual</th>
            <th scope="col">Trades</th>
            <th scope="col">Hit rate</th>
          </tr>
        </thead>
        <tbody>
          <For each={twins()}>
            {({ model, point, marker }) => (
              <tr classList={{ chosen: model === props.picked.series }}>
                <th scope="row">
                  <button
                    type="button"
                    class="quiet with-marker"
                    onClick={() => props.onPick({ series: model, index: props.picked.index })}
                  >
                    <Marker marker={marker} /> {model}
                  </button>
                </th>
                <Show when={point.traded} fallback={<td colSpan={7}>never traded</td>}>
                  <td>{formatFixed2(point.meanBps)}</td>
                  <td>{formatFixed2(point.grossBps)}</td>
                  <td>{formatFixed2(point.sigmaBps.aleatory)}</td>
                  <td>{formatFixed2(point.sigmaBps.epistemic)}</td>
                  <td>{formatFixed2(point.sharpe ?? Number.NaN)}</td>
                  <td>{formatShort(point.tradesPerPeriod)}</td>
                  <td>{formatPercent(point.hitRate ?? Number.NaN)}</td>
                </Show>
              </tr>
            )}
          </For>
        </tbody>
      </TableBox>
      <p class="reading">
        The curve adds up net returns, averaged over the dropout variants. <strong>Not to conclude:</strong> that the
        best of {props.figure.configs.length} strategies will stay the best; it was picked after the fact.
      </p>
    </article>
  );
}
