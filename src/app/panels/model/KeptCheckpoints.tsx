/** Checkpoints kept on this device: opened, completed, deleted. */

import { For, onMount, Show } from 'solid-js';
import type { KeptCheckpoint } from '../../../models/hub/library.ts';
import { formatBytes } from '../../format.ts';
import { useLab } from '../../state/lab.ts';

export function KeptCheckpoints(props: { disabled: boolean }) {
  const { hub, model } = useLab();
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
                  {kept.repo} <span class="soft small">{sizeOf(kept)}</span>
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
                        Resume
                      </button>
                    }
                  >
                    <button type="button" disabled={props.disabled} onClick={() => void use(kept)}>
                      Use
                    </button>
                  </Show>
                  <button
                    type="button"
                    aria-label={`Delete ${kept.repo}`}
                    disabled={props.disabled}
                    onClick={() => void hub.remove(kept.id)}
                  >
                    Delete
                  </button>
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
