/** Checkpoints kept on this device: opened, completed, deleted. */

import { createSignal, For, onMount, Show } from 'solid-js';
import type { KeptCheckpoint } from '../../../models/hub/library.ts';
import { formatBytes } from '../../format.ts';
import { useLab } from '../lab.ts';

export function KeptCheckpoints(props: { disabled: boolean }) {
  const { hub, model } = useLab();
  const [asking, setAsking] = createSignal<string>();
  onMount(() => void hub.refresh());
  const use = (kept: KeptCheckpoint): Promise<void> => model.openKept(() => hub.open(kept.id));
  const resume = async (kept: KeptCheckpoint): Promise<void> => {
    const whole = await hub.resume(kept.id);
    if (whole) await use(whole);
  };
  return (
    <Show when={hub.state.kept.length > 0}>
      <section class="stack tight" aria-label="Kept on this device">
        <h4>Kept on this device</h4>
        <ul class="offers">
          <For each={hub.state.kept}>
            {(kept) => (
              <li>
                <span>
                  {kept.name} <span class="soft small">{sizeOf(kept)}</span>
                </span>
                <span class="inline">
                  <Show
                    when={kept.whole}
                    fallback={
                      <button
                        type="button"
                        disabled={props.disabled || hub.state.download?.status === 'running'}
                        onClick={() => void resume(kept)}
                      >
                        Resume{kept.hub === undefined || kept.hub === hub.server.official ? '' : ` from ${kept.hub}`}
                      </button>
                    }
                  >
                    <button type="button" disabled={props.disabled} onClick={() => void use(kept)}>
                      Use
                    </button>
                  </Show>
                  <Show
                    when={asking() === kept.id}
                    fallback={
                      <button
                        type="button"
                        aria-label={`Delete ${kept.name}`}
                        disabled={props.disabled}
                        onClick={() => setAsking(kept.id)}
                      >
                        Delete
                      </button>
                    }
                  >
                    <button
                      type="button"
                      aria-label={`Delete ${kept.name} for good`}
                      disabled={props.disabled}
                      onClick={() => {
                        setAsking(undefined);
                        void hub.remove(kept.id);
                      }}
                    >
                      Delete for good
                    </button>
                    <button type="button" onClick={() => setAsking(undefined)}>
                      Keep it
                    </button>
                  </Show>
                </span>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}

function sizeOf({ whole, bytes, totalBytes }: KeptCheckpoint): string {
  if (whole) return formatBytes(bytes);
  return totalBytes === undefined
    ? `${formatBytes(bytes)}, not whole`
    : `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`;
}
