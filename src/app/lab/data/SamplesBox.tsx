/** Public quote files to try at once: what each is, how large, under which licence, and where it comes from. */

import { For, Show } from 'solid-js';
import { type Sample, sampleBytes, samples } from '../../../quotes/samples.ts';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { ServerQuestion } from '../../components/ServerQuestion.tsx';
import { formatBytes, formatQuantity } from '../../format.ts';
import { useLab } from '../lab.ts';

export function SamplesBox() {
  const { samples: state, run } = useLab();
  const fetching = () => state.state.fetching;
  return (
    <details>
      <summary>Try a public sample</summary>
      <div class="stack">
        <p class="soft small">
          Your browser fetches the files from public repositories on GitHub, checks them against their SHA-256 and keeps
          them for the next time. The quotes stay the property of their makers.
        </p>
        <ServerQuestion choice={state.server} what="public samples" />
        <Show when={!state.server.asking()}>
          <ul class="offers" aria-label="Public samples">
            <For each={samples}>
              {(sample) => (
                <li>
                  <div>
                    <strong>{sample.title}</strong>
                    <p class="small">{sample.description}</p>
                    <p class="soft small">{provenance(sample)}</p>
                  </div>
                  <Show
                    when={fetching() === sample.id}
                    fallback={
                      <button
                        type="button"
                        disabled={run.running() || fetching() !== undefined}
                        onClick={() => void state.fetch(sample)}
                        aria-label={`Use ${sample.title}`}
                      >
                        Use
                      </button>
                    }
                  >
                    <button type="button" onClick={() => state.cancel()}>
                      Cancel
                    </button>
                  </Show>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <Show when={state.state.progress}>
          {(progress) => <ProgressBar progress={progress()} formatAmount={formatBytes} />}
        </Show>
        <Show when={state.state.problem}>{(problem) => <ProblemNote problem={problem()} />}</Show>
      </div>
    </details>
  );
}

/** "4 files, 1.05 MB · QuantConnect/Lean at 24863901, Apache-2.0" */
function provenance(sample: Sample): string {
  const { repository, commit, licence } = sample.source;
  const size = `${formatQuantity(sample.files.length, 'file')}, ${formatBytes(sampleBytes(sample))}`;
  return `${size} · ${repository} at ${commit.slice(0, 8)}, ${licence}`;
}
