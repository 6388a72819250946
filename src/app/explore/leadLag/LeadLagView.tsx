/** Fig. 2: does the model lead the market? One plot with all resolutions, and one each. */

import { createSignal, For, Show } from 'solid-js';
import type { LeadLagFigure } from '../../../studies/figures/leadLag/result.ts';
import { figureOf, isSimulated, type StudyResults } from '../../../studies/figures/results.ts';
import { type Curve, LinePlot } from '../../charts/LinePlot.tsx';
import { type MarkerStyle, markerOf } from '../../charts/marker.ts';
import { Choice } from '../../components/Choice.tsx';
import { formatFixed3, formatStep } from '../../format.ts';

export function LeadLagView(props: { results: StudyResults }) {
  return (
    <Show when={figureOf(props.results, 'lead-lag')} fallback={<p class="note">This study has no lead-lag figure.</p>}>
      {(figure) => <LeadLag figure={figure()} results={props.results} />}
    </Show>
  );
}

type LagCurve = LeadLagFigure['curves'][number];

/** The fine-tuned curve, unless nothing could be fine-tuned. */
function changed(asItIs: LagCurve, tuned: LagCurve | undefined): LagCurve | undefined {
  const same = tuned?.correlations.every(({ value }, i) => value === asItIs.correlations[i]?.value);
  return same ? undefined : tuned;
}

/** One model at one resolution: as it is, and fine-tuned there. */
interface Pair {
  readonly name: string;
  readonly marker: MarkerStyle;
  readonly asItIs: LagCurve;
  readonly tuned: LagCurve | undefined;
}

function LeadLag(props: { figure: LeadLagFigure; results: StudyResults }) {
  const signed = (lag: number): string => (lag > 0 ? `+${lag}` : String(lag).replace('-', '−'));
  const positions = () => props.figure.lags.map(signed);
  const severalModels = () => new Set(props.figure.curves.map(({ model }) => model)).size > 1;
  const pairs = (): Pair[] =>
    props.figure.curves
      .filter(({ tuned }) => tuned === null)
      .map((asItIs, i) => ({
        name: `${formatStep(asItIs.stepMs)}${severalModels() ? `, ${asItIs.model}` : ''}`,
        marker: markerOf(i + 1),
        asItIs,
        tuned: props.figure.curves.find(
          ({ model, data, stepMs, tuned }) =>
            tuned !== null && model === asItIs.model && data === asItIs.data && stepMs === asItIs.stepMs,
        ),
      }));
  const tunable = () => pairs().some(({ tuned }) => tuned);
  const [shown, setShown] = createSignal<'as it is' | 'tuned'>('as it is');
  const tuning = () =>
    props.results.manifest.figures.flatMap((study) =>
      study.kind === 'lead-lag' && study.fineTune ? [study.fineTune] : [],
    )[0];
  const curveOf = (name: string, marker: MarkerStyle, { correlations }: LagCurve, banded: boolean): Curve => ({
    name,
    marker,
    values: correlations.map(({ value }) => value),
    ...(banded && { low: correlations.map(({ low }) => low), high: correlations.map(({ high }) => high) }),
  });
  const together = () =>
    pairs().flatMap(({ name, marker, asItIs, tuned }) => {
      const curve = shown() === 'tuned' ? changed(asItIs, tuned) : asItIs;
      return curve ? [curveOf(name, marker, curve, false)] : [];
    });
  const zero = () => props.figure.lags.indexOf(0);
  const plot = (label: string, curves: readonly Curve[], height: number) => (
    <LinePlot
      label={label}
      positions={positions()}
      axis={props.figure.lags.flatMap((lag, i) => (lag % 5 === 0 ? [i] : []))}
      curves={curves}
      marks={[{ at: zero() + 0.5, name: 'the model leads →' }]}
      xLabel="lag of the return, ticks"
      yLabel="correlation"
      format={formatFixed3}
      height={height}
    />
  );
  return (
    <>
      <Show when={tunable()}>
        <Choice
          label="The model"
          options={[
            { value: 'as it is', label: 'As it is' },
            { value: 'tuned', label: 'Fine-tuned at each resolution' },
          ]}
          value={shown()}
          onChange={setShown}
        />
      </Show>
      {plot('Correlation of model surprise with returns before and after, all resolutions', together(), 360)}
      <p class="reading">
        Right of the line, returns come after the forecast: a correlation above zero there means the model saw something
        coming. Left of it, the model answers to moves that have been. <strong>Not to conclude:</strong> that a
        correlation can be traded; it says nothing about the spread that has to be paid.
        {isSimulated(props.results)
          ? ' In this simulation nothing is planted from one day to the next: a daily curve should be flat but for chance.'
          : ''}
      </p>
      <h3>Each resolution with its 95 % interval</h3>
      <Show when={tuning()}>
        {(own) => (
          <p>
            The paper fine-tunes its model at each resolution first. Here it is fine-tuned anew before every week, on
            the {own().trailingMonths} months before it ({own().settings.steps} steps), so that no forecast has seen its
            own week.
          </p>
        )}
      </Show>
      <div class="small-plots">
        <For each={pairs()}>
          {({ name, asItIs, tuned }) => (
            <div>
              <h4>
                {name}: {asItIs.days} days, {asItIs.forecasts.toLocaleString('en')} forecasts
              </h4>
              {plot(
                `Lead and lag at ${name}`,
                [
                  curveOf(changed(asItIs, tuned) ? 'as it is' : name, markerOf(3), asItIs, true),
                  ...(changed(asItIs, tuned) ? [curveOf('fine-tuned', markerOf(5), tuned!, true)] : []),
                ],
                240,
              )}
              <Show when={tuned?.tuned}>
                {(about) => (
                  <Show when={about().weeksAsItWas > 0}>
                    <p class="soft small">
                      {changed(asItIs, tuned)
                        ? `${about().weeksAsItWas === 1 ? 'The first week has' : `${about().weeksAsItWas} weeks have`} too little before to be fine-tuned on: there the checkpoint forecasts as it is.`
                        : 'Not fine-tuned: no session before holds a whole window of context and horizon to train on.'}
                    </p>
                  </Show>
                )}
              </Show>
            </div>
          )}
        </For>
      </div>
      <p class="reading">
        The paper’s Fig. 2 finds, for TimesFM-v2 on crypto, that surprises correlate with coming returns at 100 ms and
        hardly at one day. Bands draw blocks of days anew, all assets together.{' '}
        <Show when={tunable()}>
          <strong>Not to conclude:</strong> that fine-tuning does not help; these trainings are short, and the model may
          have seen such a market before.
        </Show>
      </p>
    </>
  );
}
