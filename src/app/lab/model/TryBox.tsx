/** The model tried before it is run: its latency on this device, and its forecasts with their dropout fan on quotes of your choice. */

import { createMemo, createSignal, For, Show } from 'solid-js';
import { Field } from '../../components/Field.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { formatCompact, formatQuantity, formatShort } from '../../format.ts';
import { QuotesBrowser } from '../data/QuotesBrowser.tsx';
import { useLab } from '../lab.ts';

export function TryBox(props: { disabled: boolean }) {
  const { trial, studied, data, settings } = useLab();
  const { state } = trial;
  const [symbol, setSymbol] = createSignal('');
  const [session, setSession] = createSignal(0);
  const grid = createMemo(() => studied().find((each) => each.symbol === symbol()) ?? studied()[0]);
  const chosen = () => Math.min(session(), (grid()?.sessionDays.length ?? 1) - 1);
  const disabled = () => props.disabled || state.busy !== undefined || !grid();
  const timeZone = () => {
    const calendar = data.inUse().series.find((each) => each.symbol === grid()?.symbol)?.calendar;
    return calendar?.kind === 'exchange' ? calendar.timeZone : 'UTC';
  };
  const preview = (): void => {
    const now = grid();
    if (now) void trial.preview(now, chosen());
  };
  return (
    <div class="stack" data-testid="try">
      <div class="inline">
        <button type="button" disabled={disabled()} onClick={() => void trial.measure()}>
          Measure its latency here
        </button>
        <Show when={state.latency}>
          {(latency) => (
            <p role="status">
              One forecast takes {formatShort(latency().aloneMs)} ms; in batches it makes{' '}
              {formatCompact(latency().passesPerSecond)} a second.{' '}
              <button
                type="button"
                class="quiet"
                onClick={() => settings.edit('inferenceMs', Number(latency().aloneMs.toPrecision(3)))}
              >
                Let orders wait for it
              </button>
            </p>
          )}
        </Show>
      </div>
      <div class="fields">
        <Field label="Forecast on">
          {(attributes) => (
            <select {...attributes} disabled={disabled()} onChange={(event) => setSymbol(event.currentTarget.value)}>
              <For each={studied()}>
                {(each) => <option selected={each.symbol === grid()?.symbol}>{each.symbol}</option>}
              </For>
            </select>
          )}
        </Field>
        <Field label="Session">
          {(attributes) => (
            <select
              {...attributes}
              disabled={disabled()}
              onChange={(event) => setSession(event.currentTarget.selectedIndex)}
            >
              <For each={grid()?.sessionDays}>{(day, i) => <option selected={i() === chosen()}>{day}</option>}</For>
            </select>
          )}
        </Field>
      </div>
      <div class="inline">
        <button type="button" disabled={disabled()} onClick={preview}>
          Forecast
        </button>
      </div>
      <Show when={state.busy}>
        {(busy) => <p role="status">{busy() === 'measuring' ? 'Measuring …' : 'Forecasting …'}</p>}
      </Show>
      <Show when={state.problem}>{(problem) => <ProblemNote problem={problem()} />}</Show>
      <Show when={state.preview} keyed>
        {(now) => (
          <>
            <QuotesBrowser
              label={`Forecasts on ${now.grid.symbol}, ${now.day}`}
              grid={now.grid}
              forecasts={now.forecasts}
              timeZone={timeZone()}
            />
            <p class="soft small">
              Bid and ask, and from lowest to highest what {formatQuantity(now.forecasts.variants, 'dropout variant')}{' '}
              predict at each tick: the mean mid over the ticks to come. Where the whole fan lies above the ask or below
              the bid, the variants agree that a trade would pay.
            </p>
          </>
        )}
      </Show>
    </div>
  );
}
