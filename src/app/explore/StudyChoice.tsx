/** Which study Explore shows: the precomputed one, or a run that is kept on this device. Absent where there are none. */

import { createResource, For, Show } from 'solid-js';
import { formatInstant } from '../format.ts';
import { exploreHash } from '../routes.ts';
import type { ExploreView } from './panels.ts';
import { finishedRuns } from './shownRuns.ts';

const PRECOMPUTED = '';
const SEVERAL = 'several';

export function StudyChoice(props: { view: ExploreView; runs: readonly string[] }) {
  // Runs that end while this page is hidden are there when it is opened again.
  const [records] = createResource(
    () => props.runs,
    () => finishedRuns().catch(() => []),
  );
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const chosen = () => (props.runs.length > 1 ? SEVERAL : (props.runs[0] ?? PRECOMPUTED));
  return (
    <Show when={(records.latest?.length ?? 0) > 0 || props.runs.length > 0}>
      <div class="inline">
        <span>Study</span>
        <select
          aria-label="Study shown"
          onChange={(event) => {
            const { value } = event.currentTarget;
            if (value !== SEVERAL) location.hash = exploreHash(props.view, value === PRECOMPUTED ? [] : [value]);
          }}
        >
          <option value={PRECOMPUTED} selected={chosen() === PRECOMPUTED}>
            the precomputed study
          </option>
          <Show when={props.runs.length > 1}>
            <option value={SEVERAL} selected>
              {props.runs.length} runs together
            </option>
          </Show>
          <For each={records.latest}>
            {(record) => (
              <option value={record.id} selected={chosen() === record.id}>
                {record.title}, {formatInstant(record.startedMs, zone)}
              </option>
            )}
          </For>
        </select>
      </div>
    </Show>
  );
}
