/** Fig. 4: what is left of a model's edge from week to week, as it is and fine-tuned anew every week, with what was planted beside it. */

import { createMemo, createSignal, For, Show } from 'solid-js';
import type { DecayCourse, DecayFigure } from '../../../studies/figures/decay/result.ts';
import type { Estimate } from '../../../studies/figures/estimate.ts';
import { figureOf, type StudyResults } from '../../../studies/figures/results.ts';
import { type Curve, LinePlot } from '../../charts/LinePlot.tsx';
import { markerOf } from '../../charts/marker.ts';
import { Choice } from '../../components/Choice.tsx';
import { formatFixed2, formatFixed3, formatShort } from '../../format.ts';
import { DecayDates, placeOf } from './DecayDates.tsx';

export function DecayView(props: { results: StudyResults }) {
  return (
    <Show when={figureOf(props.results, 'decay')} fallback={<p class="note">This study has no decay figure.</p>}>
      {(figure) => <Decay figure={figure()} results={props.results} />}
    </Show>
  );
}

const names = { 'zero-shot': 'as it is', 'fine-tuned weekly': 'fine-tuned weekly' } as const;
const every = (labels: readonly string[]): number[] => labels.flatMap((_, i) => (i % 2 === 0 ? [i] : []));

type Shown = DecayCourse['renewal'] | 'both';

function Decay(props: { figure: DecayFigure; results: StudyResults }) {
  const [releases, setReleases] = createSignal(props.figure.releases);
  const [pretrainedUntil, setPretrainedUntil] = createSignal(props.figure.pretrainedUntil);
  const [shown, setShown] = createSignal<Shown>(props.figure.courses.at(-1)!.renewal);
  const [shownPlanted, setShownPlanted] = createSignal(false);
  const first = () => props.figure.courses[0]!;
  const weeks = createMemo(() => first().windows.map(({ week }) => week));
  const course = () => props.figure.courses.find(({ renewal }) => renewal === shown());
  const marks = createMemo(() =>
    releases().flatMap(({ name, day }) => {
      const at = placeOf(weeks(), day);
      return at === undefined ? [] : [{ at, name }];
    }),
  );
  const shadedUntil = () => {
    const day = pretrainedUntil();
    if (day === null) return undefined;
    return day >= (weeks().at(-1) ?? '') ? weeks().length - 0.7 : placeOf(weeks(), day);
  };
  const withBand = (
    name: string,
    id: number,
    { windows }: DecayCourse,
    of: (window: DecayCourse['windows'][number]) => Estimate,
  ): Curve => ({
    name,
    marker: markerOf(id),
    values: windows.map((window) => of(window).value),
    low: windows.map((window) => of(window).low),
    high: windows.map((window) => of(window).high),
  });
  const plain = (name: string, id: number, values: readonly (number | null)[], dashed = false): Curve => ({
    name,
    marker: markerOf(id),
    values,
    dashed,
  });
  const curves = createMemo((): Curve[] => {
    const one = course();
    if (one) {
      return [
        withBand('bound SRθ', 5, one, ({ bound }) => bound),
        withBand('observed SRθs', 7, one, ({ observed }) => observed),
      ];
    }
    // Four bands on top of each other would hide everything.
    return props.figure.courses.flatMap(({ renewal, windows }, i) => [
      plain(
        `bound SRθ, ${names[renewal]}`,
        i === 0 ? 3 : 5,
        windows.map(({ bound }) => bound.value),
      ),
      plain(
        `observed SRθs, ${names[renewal]}`,
        i === 0 ? 1 : 7,
        windows.map(({ observed }) => observed.value),
        true,
      ),
    ]);
  });
  const planted = createMemo((): Curve[] =>
    props.figure.planted
      ? [
          {
            ...plain(
              'knows what was planted',
              8,
              first().windows.map((window) => window.planted),
              true,
            ),
            plain: true,
          },
        ]
      : [],
  );
  const tuning = () =>
    props.results.manifest.figures.flatMap((study) =>
      study.kind === 'decay' && study.fineTune ? [study.fineTune] : [],
    )[0];
  return (
    <>
      <p>
        {props.figure.model}, in windows of {props.figure.windowWeeks} weeks
        <Show when={tuning()} fallback=". The model is as it is; the paper re-fine-tunes its model weekly.">
          {(own) => (
            <>
              : as it is, and as in the paper fine-tuned anew before every week, on the{' '}
              {own().trailingMonths === 1 ? 'month' : `${own().trailingMonths} months`} before it (
              {own().settings.steps} steps; the paper takes 12 months).
            </>
          )}
        </Show>
      </p>
      <Show when={props.figure.courses.length > 1}>
        <Choice
          label="The model"
          options={[
            ...props.figure.courses.map(({ renewal }) => ({ value: renewal as Shown, label: capital(names[renewal]) })),
            { value: 'both' as const, label: 'Both, without bands' },
          ]}
          value={shown()}
          onChange={setShown}
        />
      </Show>
      <LinePlot
        label="Rolling market line: bound and observed Sharpe ratio"
        positions={weeks()}
        axis={every(weeks())}
        curves={[...curves(), ...(shownPlanted() ? planted() : [])]}
        marks={marks()}
        shadedUntil={shadedUntil()}
        xLabel="last week of the window"
        yLabel="Sharpe ratio, annual"
        format={formatFixed2}
        height={360}
      />
      <Show when={planted().length > 0}>
        <label class="inline" style="flex-wrap: nowrap">
          <input
            type="checkbox"
            checked={shownPlanted()}
            onChange={(event) => setShownPlanted(event.currentTarget.checked)}
          />
          Also show a forecaster that knows what was planted
        </label>
      </Show>
      <Gap figure={props.figure} course={course() ?? first()} />
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
        positions={first().weekly.map(({ week }) => week)}
        axis={every(first().weekly.map(({ week }) => week))}
        curves={[
          ...props.figure.courses.map(({ renewal, weekly }, i) =>
            plain(
              names[renewal],
              i === 0 ? 3 : 5,
              weekly.map(({ correlation }) => correlation),
            ),
          ),
          ...(props.figure.planted
            ? [
                {
                  ...plain(
                    'knows what was planted',
                    8,
                    props.figure.planted.weekly.map(({ correlation }) => correlation),
                    true,
                  ),
                  plain: true,
                },
              ]
            : []),
        ]}
        xLabel="week"
        yLabel="correlation"
        format={formatFixed3}
        height={280}
      />
      <HalfLives figure={props.figure} />
      <DecayDates
        releases={releases()}
        onReleases={setReleases}
        pretrainedUntil={pretrainedUntil()}
        onPretrainedUntil={setPretrainedUntil}
      />
      <Show when={props.figure.skipped.length > 0}>
        <ul class="note">
          <For each={props.figure.skipped}>{(reason) => <li>{reason}</li>}</For>
        </ul>
      </Show>
    </>
  );
}

/** How far the followed strategy stays behind the bound, in the last window and on average. */
function Gap(props: { figure: DecayFigure; course: DecayCourse }) {
  const last = () => props.course.windows.findLast(({ gap }) => gap.value !== null);
  const above = () => props.course.windows.filter(({ gap }) => gap.low !== null && gap.low > 0).length;
  const told = () => props.course.windows.filter(({ gap }) => gap.low !== null).length;
  return (
    <Show when={last()}>
      {(window) => (
        <p>
          Bound less observed ({names[props.course.renewal]}): {between(window().gap)} in the window that ends in the
          week of {window().week}. The interval lies above zero in {above()} of {told()} windows.
        </p>
      )}
    </Show>
  );
}

function HalfLives(props: { figure: DecayFigure }) {
  const fades = ({ value, low, high }: Estimate): string =>
    value === null
      ? 'does not fade measurably'
      : `halves every ${formatShort(value)} weeks (95 %: ${low === null ? '0' : formatShort(low)} to ${high === null ? 'no end in sight' : formatShort(high)})`;
  return (
    <p class="reading">
      The correlation{' '}
      {props.figure.courses.map(({ renewal, halfLifeWeeks }) => `${names[renewal]} ${fades(halfLifeWeeks)}`).join('; ')}
      .{' '}
      <Show when={props.figure.planted}>
        {(planted) => (
          <>
            <Show when={planted().halfLifeWeeks}>
              {(weeks) => <>The strength that was planted halves every {formatShort(weeks())} weeks. </>}
            </Show>
            A correlation fades more slowly than the strength behind it, since a strong signal also moves the price and
            so cannot raise the correlation in proportion: that of a forecaster who knows everything{' '}
            {fades(planted().correlationHalfLifeWeeks)}, and this is the figure to hold a model’s against.{' '}
          </>
        )}
      </Show>
      <strong>Not to conclude:</strong> that real markets forget at this pace; here the pace was chosen by us.
      <Show when={props.figure.courses.length > 1}>
        {' '}
        Nor that re-tuning is useless or a cure: what fades here is the signal itself, which no training brings back,
        and a few weeks of quotes teach a model noise as well.
      </Show>
    </p>
  );
}

function between({ value, low, high }: Estimate): string {
  const bounds = low === null || high === null ? '' : ` (${formatFixed2(low)} to ${formatFixed2(high)})`;
  return `${formatFixed2(value ?? Number.NaN)}${bounds}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
