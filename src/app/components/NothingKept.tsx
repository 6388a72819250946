/** Where the browser keeps nothing: that this is so, and everything that would be lost with the page as one file. */

import { createSignal, onCleanup, onMount, Show } from 'solid-js';
import { keepsFiles, onMemoryChange, pathsInMemory } from '../../storage/place.ts';
import { createSaving } from '../export/saving.ts';
import { formatQuantity } from '../format.ts';
import { ProblemNote } from './ProblemNote.tsx';

/** Forecasts are made again from what the runs say, and are by far the most. */
const notTaken = 'study-jobs';

export function NothingKept() {
  const [keeps, setKeeps] = createSignal(true);
  const [paths, setPaths] = createSignal<readonly string[]>([]);
  const { problem, save } = createSaving();
  const look = async (): Promise<void> => {
    setPaths((await pathsInMemory()).filter((path) => !path.startsWith(notTaken) && !path.endsWith('.part')));
  };
  const leave = (event: BeforeUnloadEvent): void => {
    if (paths().length > 0) event.preventDefault();
  };
  onMount(async () => {
    setKeeps(await keepsFiles());
    if (keeps()) return;
    onCleanup(onMemoryChange(() => void look()));
    addEventListener('beforeunload', leave);
    void look();
  });
  onCleanup(() => removeEventListener('beforeunload', leave));
  return (
    <Show when={!keeps()}>
      <div class="page-head">
        <div class="note warn" role="status" data-testid="nothing-kept">
          <p>
            <strong>This browser keeps nothing on this device</strong>, as private windows and blocked site data do.
            Runs, checkpoints and recordings are in memory, and gone when this page is closed.
          </p>
          <div class="inline">
            <button
              type="button"
              disabled={paths().length === 0}
              onClick={() =>
                void save('pml-lab.zip', async () => (await import('../export/memoryArchive.ts')).archive(paths()))
              }
            >
              Download now
            </button>
            <span class="soft small">
              {paths().length === 0
                ? 'There is nothing to be lost yet.'
                : `${formatQuantity(paths().length, 'file')}: runs and results as JSON, recordings as CSV, checkpoints.`}
            </span>
          </div>
          <Show when={problem()}>{(shown) => <ProblemNote problem={shown()} />}</Show>
        </div>
      </div>
    </Show>
  );
}
