/** Quotes remembered in this browser: used again without their files, or forgotten. */

import { createEffect, createSignal, For, on, Show } from 'solid-js';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { formatBytes, formatCount, formatInstant, formatQuantity } from '../../format.ts';
import { useLab } from '../lab.ts';

export function StoredBox() {
  const { data, stored, run, hub, history, recording } = useLab();
  const [asking, setAsking] = createSignal(false);
  // Every reading may have added some.
  createEffect(
    on(
      () => data.state.keptReadings,
      () => void stored.refresh(),
    ),
  );
  const checkpoints = () => hub.state.kept.length;
  const checkpointBytes = () => formatBytes(hub.state.kept.reduce((sum, { bytes }) => sum + bytes, 0));
  const anything = () =>
    stored.state.quotes.length + checkpoints() + history.records().length + recording.state.kept.length > 0;
  const forget = (checkpointsToo: boolean): void => {
    setAsking(false);
    void stored.forgetAll(checkpointsToo);
  };
  const inUse = (key: string) => data.inUse().storedKeys.includes(key);
  return (
    <Show when={anything() || stored.state.problem}>
      <details>
        <summary>Remembered on this device ({formatCount(stored.state.quotes.length)})</summary>
        <div class="stack">
          <p class="soft small">
            Quotes that were read once open at once the next time, with or without their file. They stay in this
            browser.
          </p>
          <ul class="offers" aria-label="Remembered quotes">
            <For each={stored.state.quotes}>
              {(quotes) => (
                <li>
                  <div>
                    <strong>{quotes.file}</strong>
                    <p class="soft small">
                      {quotes.symbols.slice(0, 4).join(', ')}
                      {quotes.symbols.length > 4 ? ' …' : ''} · {formatCount(quotes.rows)} quotes,{' '}
                      {formatInstant(quotes.firstMs, 'UTC')} to {formatInstant(quotes.lastMs, 'UTC')} UTC ·{' '}
                      {formatBytes(quotes.storedBytes)}
                    </p>
                  </div>
                  <div class="inline">
                    <button
                      type="button"
                      disabled={run.running() || inUse(quotes.key)}
                      aria-label={`Use ${quotes.file}`}
                      onClick={() => void data.addStored(quotes.key)}
                    >
                      {inUse(quotes.key) ? 'In use' : 'Use'}
                    </button>
                    <button
                      type="button"
                      aria-label={`Forget ${quotes.file}`}
                      onClick={() => void stored.forget(quotes.key)}
                    >
                      Forget
                    </button>
                  </div>
                </li>
              )}
            </For>
          </ul>
          <Show when={stored.state.problem}>{(problem) => <ProblemNote problem={problem()} />}</Show>
          <Show
            when={asking()}
            fallback={
              <button type="button" onClick={() => setAsking(true)}>
                Forget my data …
              </button>
            }
          >
            <div class="note warn inline">
              <span>
                Delete all remembered quotes, recordings, samples, column settings and runs with their forecasts from
                this browser
                {checkpoints() > 0 ? `, and ${formatQuantity(checkpoints(), 'checkpoint')} (${checkpointBytes()})` : ''}
                ?
              </span>
              <button type="button" onClick={() => forget(true)}>
                Delete them all
              </button>
              <Show when={checkpoints() > 0}>
                <button type="button" onClick={() => forget(false)}>
                  All but the checkpoints
                </button>
              </Show>
              <button type="button" onClick={() => setAsking(false)}>
                Keep them
              </button>
            </div>
          </Show>
        </div>
      </details>
    </Show>
  );
}
