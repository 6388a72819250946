/** Opens runs that were saved as JSON: they appear beside the runs of this page, marked as imported. */

import { For, Show } from 'solid-js';
import { DropZone } from '../../components/DropZone.tsx';
import { Fold } from '../../components/Fold.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { exploreHash } from '../../routes.ts';
import { useLab } from '../lab.ts';

export function ImportBox() {
  const { imports } = useLab();
  return (
    <Fold title="Open a saved run" testId="import">
      <DropZone
        label="Choose saved runs"
        hint="or drop them anywhere on the page: files that “Save run as JSON” made. What can be computed from the returns in them is computed again and compared."
        disabled={imports.state.busy}
        onFiles={(files) => void imports.add(files)}
      />
      <div role="status">
        <Show when={imports.state.busy}>
          <p class="soft small">Reading …</p>
        </Show>
        <For each={imports.state.imported}>
          {({ id, file, manifest }) => (
            <div class="note stack tight">
              <p>
                {file}: {manifest.model.name} on {manifest.data.map(({ symbol }) => symbol).join(', ')}, imported. It is
                among the runs to compare and the earlier runs, and can be{' '}
                <a href={exploreHash('plane', [id])}>shown in Explore</a>.
              </p>
              <details>
                <summary>Its manifest</summary>
                <pre class="small">{JSON.stringify(manifest, null, 1)}</pre>
              </details>
            </div>
          )}
        </For>
      </div>
      <For each={imports.state.problems}>{(problem) => <ProblemNote problem={problem} />}</For>
    </Fold>
  );
}
