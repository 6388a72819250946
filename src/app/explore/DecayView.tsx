/** Fig. 4: what is left of a model's edge from week to week, with what was planted beside it. */

import { createMemo, createSignal, For, Show } from 'solid-js';
import { type DecayFigure, type Estimate, figureOf, type StudyResults } from '../../studies/figures/results.ts';
import { markerOf } from '../charts/marker.ts';
import { formatFixed2, formatFixed3, formatShort } from '../format.ts';
import { LinePlot } from './LinePlot.tsx';

export function DecayView(props: { results: StudyResults }) {
  return (
    <Show when={figureOf(props.results, 'decay')} fallback={<p class="note">This study has no decay figure.</p>}>
      {(figure) => <Decay figure={figure()} />}
    </Show>
  );
}

function Decay(props: { figure: DecayFigure }) {
  const [releases, setReleases] = createSignal(props.figure.releases);
  const weeks = createMemo(() => props.figure.windows.map(({ week }) => week));
  const place = (days: readonly string[], day: string): number | undefined => {
    const after = days.findIndex((week) => week > day);
    if (days.length < 2 || day < days[0]! || after < 0) return undefined;
    const [from, to] = [Date.parse(days[after - 1]!), Date.parse(days[after]!)];
    return after - 1 + (Date.parse(day) - from) / (to - from);
  };
  const marks = createMemo(() =>
    releases().flatMap(({ name, day }) => {
      const at = place(weeks(), day);
      return at === undefined ? [] : [{ at, name }];
    }),
  );
  const curve = (name: string, id: number, of: (window: DecayFigure['windows'][number]) => Estimate) => ({
    name,
    marker: markerOf(id),
    values: props.figure.windows.map((window) => of(window).value),
    low: props.figure.windows.map((window) => of(window).low),
    high: props.figure.windows.map((window) => of(window).high),
  });
  const planted = createMemo(() =>
    props.figure.windows.some((window) => window.planted !== null)
      ? [
          {
            name: 'knows what was planted',
            marker: markerOf(8),
            values: props.figure.windows.map((window) => window.planted),
            dashed: true,
            plain: true,
          },
        ]
      : [],
  );
  const [shownPlanted, setShownPlanted] = createSignal(false);
  const every = (labels: readonly string[]): number[] => labels.flatMap((_, i) => (i % 2 === 0 ? [i] : []));
  const half = () => {
    const { value, low, high } = props.figure.halfLifeWeeks;
    if (value === null) return 'The weekly correlation does not fade measurably.';
    return `Half of the weekly correlation is gone after ${formatShort(value)} weeks (95 %: ${low === null ? '0' : formatShort(low)} to ${high === null ? 'no end in sight' : formatShort(high)}).`;
  };
  return (
    <>
      <p>
        {props.figure.model},{' '}
        {props.figure.renewal === 'zero-shot'
          ? 'as it is, without being fine-tuned from week to week: the paper re-fine-tunes its model weekly.'
          : 'fine-tuned anew every week on the window before.'}{' '}
        Windows of {props.figure.windowWeeks} weeks.
      </p>
      <LinePlot
        label="Rolling market line: bound and observed Sharpe ratio"
        positions={weeks()}
        axis={every(weeks())}
        curves={[
          curve('bound SRθ', 5, ({ bound }) => bound),
          curve('observed SRθs', 7, ({ observed }) => observed),
          ...(shownPlanted() ? planted() : []),
        ]}
        marks={marks()}
        shadedUntil={props.figure.pretrainedUntil === null ? undefined : place(weeks(), props.figure.pretrainedUntil)}
        xLabel="last week of the window"
        yLabel="Sharpe ratio, annual"
        format={formatFixed2}
        height={360}
      />
      <Show when={planted().length > 0}>
        <label class="inline">
          <input
            type="checkbox"
            checked={shownPlanted()}
            onChange={(event) => setShownPlanted(event.currentTarget.checked)}
          />
          Also show a forecaster that knows what was planted
        </label>
      </Show>
      <p class="reading">
        The bound is the slope through the risk-free rate over all strategies of the window; the observed strategy is
        chosen each week as the best of the weeks before, so it never sees the week it trades. It can lie above the
        bound, which is a line through all strategies and not their best. <strong>Not to conclude:</strong> that a dip
        is decay. With {props.figure.windowWeeks * 5} days a window the bands are wide, and neighbouring windows share
        most of their days.
      </p>
      <h3>How fast it fades</h3>
      <LinePlot
        label="Correlation of surprise and what followed, week by week"
        positions={props.figure.weekly.map(({ week }) => week)}
        axis={every(props.figure.weekly.map(({ week }) => week))}
        curves={[
          {
            name: 'weekly correlation',
            marker: markerOf(2),
            values: props.figure.weekly.map(({ correlation }) => correlation),
          },
        ]}
        xLabel="week"
        yLabel="correlation"
        format={formatFixed3}
        height={240}
      />
      <p class="reading">
        {half()}{' '}
        {props.figure.plantedHalfLifeWeeks !== null &&
          `Planted was a half-life of ${formatShort(props.figure.plantedHalfLifeWeeks)} weeks. `}
        <strong>Not to conclude:</strong> that real markets forget at this pace; here the pace was chosen by us.
      </p>
      <details>
        <summary>Dates marked in the plot</summary>
        <div class="stack">
          <For each={releases()}>
            {(release, i) => (
              <label class="inline">
                {release.name}
                <input
                  type="date"
                  value={release.day}
                  style="width: auto"
                  onChange={(event) => {
                    const day = event.currentTarget.value;
                    if (day) setReleases((all) => all.map((each, j) => (j === i() ? { ...each, day } : each)));
                  }}
                />
              </label>
            )}
          </For>
          <p class="soft small">
            Releases as the paper marks them. The simulated weeks carry dates of that time for this purpose alone.
          </p>
        </div>
      </details>
      <Show when={props.figure.skipped.length > 0}>
        <ul class="note">
          <For each={props.figure.skipped}>{(reason) => <li>{reason}</li>}</For>
        </ul>
      </Show>
    </>
  );
}
