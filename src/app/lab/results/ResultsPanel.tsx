/** Step 5: what came of the run, and runs that were saved before. The code for results comes when there are some. */

import { lazy, Show } from 'solid-js';
import { Part } from '../../components/Part.tsx';
import { Section } from '../../components/Section.tsx';
import { useLab } from '../lab.ts';

const Results = lazy(async () => ({ default: (await import('./Results.tsx')).Results }));
const RunsTable = lazy(async () => ({ default: (await import('./RunsTable.tsx')).RunsTable }));
const ImportBox = lazy(async () => ({ default: (await import('../run/ImportBox.tsx')).ImportBox }));

export function ResultsPanel() {
  const { kept, run } = useLab();
  return (
    <Section
      id="results"
      step={5}
      title="Results"
      intro="Each point is one strategy: what it earns against the risk it takes. The slope of the line is the foundation Sharpe ratio, SRθ."
    >
      <Part name="Results" opening={<p class="soft">Opening …</p>}>
        <Show
          when={run.outcome()}
          fallback={
            <>
              <p class="soft">Nothing has been run yet.</p>
              <Show when={kept.runs().length > 0}>
                <RunsTable />
              </Show>
            </>
          }
          keyed
        >
          {(outcome) => <Results outcome={outcome} />}
        </Show>
      </Part>
      <Part name="Saved results">
        <ImportBox />
      </Part>
    </Section>
  );
}
