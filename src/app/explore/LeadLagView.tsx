/** Fig. 2: does the model lead the market? One plot with all resolutions, and one each. */

import { For, Show } from 'solid-js';
import { figureOf, type LeadLagFigure, type StudyResults } from '../../studies/figures/results.ts';
import { markerOf } from '../charts/marker.ts';
import { formatFixed3, formatStep } from '../format.ts';
import { type Curve, LinePlot } from './LinePlot.tsx';

export function LeadLagView(props: { results: StudyResults }) {
  return (
    <Show when={figureOf(props.results, 'lead-lag')} fallback={<p class="note">This study has no lead-lag figure.</p>}>
      {(figure) => <LeadLag figure={figure()} />}
    </Show>
  );
}

function LeadLag(props: { figure: LeadLagFigure }) {
  const signed = (lag: number): string => (lag > 0 ? `+${lag}` : String(lag).replace('-', '−'));
  const positions = () => props.figure.lags.map(signed);
  const curves = () =>
    props.figure.curves.map((curve, i) => ({
      name: `${formatStep(curve.stepMs)}${new Set(props.figure.curves.map(({ model }) => model)).size > 1 ? `, ${curve.model}` : ''}`,
      marker: markerOf(i + 1),
      values: curve.correlations.map(({ value }) => value),
      low: curve.correlations.map(({ low }) => low),
      high: curve.correlations.map(({ high }) => high),
      about: curve,
    }));
  const zero = () => props.figure.lags.indexOf(0);
  const plot = (label: string, shown: readonly Curve[], height: number) => (
    <LinePlot
      label={label}
      positions={positions()}
      axis={props.figure.lags.flatMap((lag, i) => (lag % 5 === 0 ? [i] : []))}
      curves={shown}
      marks={[{ at: zero() + 0.5, name: 'the model leads →' }]}
      xLabel="lag of the return, ticks"
      yLabel="correlation"
      format={formatFixed3}
      height={height}
    />
  );
  return (
    <>
      {plot(
        'Correlation of model surprise with returns before and after, all resolutions',
        curves().map(({ low: _, high: __, ...curve }) => curve),
        360,
      )}
      <p class="reading">
        Right of the line, returns come after the forecast: a correlation above zero there means the model saw something
        coming. Left of it, the model answers to moves that have been. <strong>Not to conclude:</strong> that a
        correlation can be traded; it says nothing about the spread that has to be paid. In this simulation nothing is
        planted from one day to the next, so the daily curve should be flat but for chance.
      </p>
      <h3>Each resolution with its 95 % interval</h3>
      <div class="small-plots">
        <For each={curves()}>
          {(curve) => (
            <div>
              <h4>
                {curve.name}: {curve.about.days} days, {curve.about.forecasts.toLocaleString('en')} forecasts
              </h4>
              {plot(`Lead and lag at ${curve.name}`, [curve], 220)}
            </div>
          )}
        </For>
      </div>
      <p class="reading">
        The paper’s Fig. 2 finds, for TimesFM-v2 on crypto, that surprises correlate with coming returns at 100 ms and
        hardly at one day. Bands draw blocks of days anew, all assets together.
      </p>
    </>
  );
}
