/** Live quotes off an exchange's public stream: start, watch, stop; and the recordings kept on this device. */

import { createSignal, createUniqueId, For, Match, onMount, Show, Switch } from 'solid-js';
import { type VenueId, venues } from '../../../quotes/recording/bookTicker.ts';
import type { RecordingReport } from '../../../quotes/recording/service.ts';
import { Choice } from '../../components/Choice.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { ServerQuestion } from '../../components/ServerQuestion.tsx';
import { TableBox } from '../../components/TableBox.tsx';
import { formatBytes, formatCount, formatDuration, formatInstant, formatPrice, formatQuantity } from '../../format.ts';
import { useLab } from '../lab.ts';

const venueOptions = venues.map(({ id, title }) => ({ value: id, label: title }));

export function RecordBox() {
  const { recording, run } = useLab();
  const [venue, setVenue] = createSignal<VenueId>('spot');
  const [pairs, setPairs] = createSignal('BTCUSDT, ETHUSDT');
  const pairsId = createUniqueId();
  const idle = () => recording.state.status === 'idle';
  onMount(() => void recording.refresh());
  return (
    <details>
      <summary>Record live quotes</summary>
      <div class="stack">
        <p class="soft small">
          Your browser listens to{' '}
          {recording.server.clicked() ? recording.server.address() : 'Binance’s public best bids and offers'} and keeps
          what prevails every 100 ms, stamped with the time of receipt on this device. Nothing is sent. A gap of more
          than a second in a recording is a lost connection.
        </p>
        <ServerQuestion choice={recording.server} what="live quotes" />
        <Choice
          label="Exchange"
          options={venueOptions}
          value={venue()}
          disabled={!idle() || recording.server.clicked()}
          onChange={(chosen) => setVenue(chosen)}
        />
        <div class="field">
          <label for={pairsId}>Pairs</label>
          <input
            id={pairsId}
            type="text"
            autocomplete="off"
            spellcheck={false}
            disabled={!idle()}
            value={pairs()}
            onInput={(event) => setPairs(event.currentTarget.value)}
          />
        </div>
        <Show
          when={idle()}
          fallback={
            <button
              type="button"
              disabled={recording.state.status !== 'recording'}
              onClick={() => void recording.stop()}
            >
              Stop and use
            </button>
          }
        >
          <button
            type="button"
            disabled={run.running() || recording.server.asking()}
            onClick={() => void recording.start(venue(), pairs())}
          >
            Start recording
          </button>
        </Show>
        <Show when={recording.state.problem}>{(problem) => <ProblemNote problem={problem()} />}</Show>
        <Show when={!idle() && recording.state.report}>{(report) => <Standing report={report()} />}</Show>
        <Kept />
      </div>
    </details>
  );
}

/** How the recording stands. */
function Standing(props: { report: RecordingReport }) {
  const report = () => props.report;
  const quiet = () => report().pairs.filter(({ updates }) => updates === 0);
  const seconds = () => (report().nowMs - report().startedMs) / 1000;
  return (
    <div class="stack tight">
      <p role="status">
        <Switch>
          <Match when={report().connection.kind === 'open'}>Recording.</Match>
          <Match when={report().connection.kind === 'connecting'}>Connecting …</Match>
          <Match when={waiting(report())}>
            {(state) => <>Not connected: {state().reason}. Trying again by itself.</>}
          </Match>
        </Switch>
      </p>
      <p class="soft small">
        {formatDuration(seconds())}
        <Show when={report().losses > 0}> · connection lost {formatQuantity(report().losses, 'time')}</Show>
        <Show when={report().broken > 0}> · {formatQuantity(report().broken, 'unreadable message')}</Show>
        <Show when={report().refusal}>{(reason) => <> · the exchange says: {reason()}</>}</Show>
        <Show when={!report().durable}> · kept in memory only: closing the page loses it</Show>
      </p>
      <TableBox caption="Pairs being recorded" testId="recording">
        <thead>
          <tr>
            <th scope="col">Pair</th>
            <th scope="col">Bid</th>
            <th scope="col">Ask</th>
            <th scope="col">Updates</th>
            <th scope="col">Rows</th>
            <th scope="col">Out of sequence</th>
          </tr>
        </thead>
        <tbody>
          <For each={report().pairs}>
            {(pair) => (
              <tr>
                <th scope="row">{pair.symbol}</th>
                <td>{formatPrice(pair.latest?.bid ?? Number.NaN)}</td>
                <td>{formatPrice(pair.latest?.ask ?? Number.NaN)}</td>
                <td>{formatCount(pair.updates)}</td>
                <td>{formatCount(pair.rows)}</td>
                <td>{formatCount(pair.outOfSequence)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </TableBox>
      <Show when={report().connection.kind === 'open' && seconds() > 10 && quiet().length > 0}>
        <p class="note warn small">
          No quote of{' '}
          {quiet()
            .map(({ symbol }) => symbol)
            .join(', ')}{' '}
          so far: is it traded under this name on this exchange?
        </p>
      </Show>
    </div>
  );
}

function waiting({ connection }: RecordingReport) {
  return connection.kind === 'waiting' && connection;
}

/** Recordings of this and earlier visits: a page that was closed in mid-recording left its rows here. */
function Kept() {
  const { recording, run } = useLab();
  return (
    <Show when={recording.state.kept.length > 0}>
      <ul class="offers" aria-label="Recordings kept on this device">
        <For each={recording.state.kept}>
          {({ name, bytes, modifiedMs }) => (
            <li>
              <div>
                <strong>{name}</strong>
                <p class="soft small">
                  {formatBytes(bytes)} · ended {formatInstant(modifiedMs, 'UTC')} UTC
                </p>
              </div>
              <div class="inline">
                <button type="button" disabled={run.running()} onClick={() => void recording.use(name)}>
                  Use
                </button>
                <button type="button" onClick={() => void recording.save(name)}>
                  Save as CSV
                </button>
                <button type="button" onClick={() => void recording.remove(name)} aria-label={`Delete ${name}`}>
                  Delete
                </button>
              </div>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
