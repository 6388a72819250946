/** What is being read: how far it is, a first look at what is in it, and a way to stop. */

import { For, Show } from 'solid-js';
import { Sparkline } from '../../charts/Sparkline.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { formatBytes, formatInstant, formatPrice } from '../../format.ts';
import { useLab } from '../lab.ts';

/** More would push the page down; the rest shows when it is read. */
const SHOWN = 4;

export function ReadingStatus() {
  const { data } = useLab();
  return (
    <>
      <Show
        when={data.state.progress}
        fallback={
          <p role="status" class="soft">
            {data.state.busy ? `${data.state.busy} …` : ''}
          </p>
        }
      >
        {(progress) => (
          <div class="stack">
            <ProgressBar
              progress={{
                stage: `Reading ${progress().file}`,
                done: progress().bytesDone,
                total: progress().bytesTotal,
                unit: 'bytes',
              }}
              formatAmount={formatBytes}
            />
            <button type="button" onClick={() => data.cancel()}>
              Stop reading
            </button>
          </div>
        )}
      </Show>
      <Show when={data.state.progress && data.state.previews.length > 0}>
        <section class="cards" aria-label="First look">
          <For each={data.state.previews.slice(0, SHOWN)}>
            {(preview) => (
              <article class="series">
                <h3>{preview.symbols.slice(0, 3).join(', ')}</h3>
                <Sparkline
                  label={`First mids of ${preview.member ?? preview.file}`}
                  values={preview.mids}
                  sessionStarts={[0]}
                />
                <p class="soft small">
                  {preview.format}
                  <Show when={preview.quotes[0]}>
                    {(first) => (
                      <>
                        : from {formatInstant(first().timeMs, 'UTC')} UTC at {formatPrice(first().bid)} /{' '}
                        {formatPrice(first().ask)}
                      </>
                    )}
                  </Show>
                </p>
              </article>
            )}
          </For>
        </section>
      </Show>
    </>
  );
}
