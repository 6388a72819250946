/** The front page: finished results to explore at once, figure by figure, with the paper's numbers beside them. */

import { createEffect, createMemo, createResource, For, lazy, Show, Suspense } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { toProblem } from '../../core/errors.ts';
import type { StudyResults } from '../../studies/figures/results.ts';
import { Part } from '../components/Part.tsx';
import { ProblemNote } from '../components/ProblemNote.tsx';
import { ProvenanceProvider } from '../export/provenance.ts';
import { exploreHash } from '../routes.ts';
import { type ExploreView, figurePanels, panelAt } from './panels.ts';
import { fetchResults } from './results.ts';
import '../styles/explore.css';

const StudyChoice = lazy(async () => ({ default: (await import('./StudyChoice.tsx')).StudyChoice }));
const TakeAway = lazy(async () => ({ default: (await import('./TakeAway.tsx')).TakeAway }));
export function ExplorePage(props: { view: ExploreView; runs: readonly string[] }) {
  const runs = createMemo(() => props.runs, undefined, { equals: (a, b) => String(a) === String(b) });
  const [results, { refetch }] = createResource(runs, async (ids) =>
    ids.length === 0 ? fetchResults() : (await import('./shownRuns.ts')).keptResults(ids),
  );
  const panel = () => panelAt(props.view);
  // Its code comes while the results do.
  createEffect(() => void panel().View.preload());
  return (
    <div class="explore">
      <nav class="views" aria-label="Figures">
        <For each={figurePanels}>
          {(each) => (
            <a href={exploreHash(each.address, props.runs)} aria-current={each === panel() ? 'page' : undefined}>
              {each.title}
            </a>
          )}
        </For>
      </nav>
      <section class="card" aria-labelledby="explore-title">
        <h2 id="explore-title">{panel().question}</h2>
        <Part name="Studies">
          <StudyChoice view={panel().address} runs={props.runs} />
        </Part>
        <Show
          when={!results.error}
          fallback={
            <ProblemNote problem={toProblem(results.error)}>
              <button type="button" onClick={() => void refetch()}>
                Try again
              </button>
            </ProblemNote>
          }
        >
          <Suspense fallback={opening()}>
            <Show when={results()}>
              {(found) => (
                <ProvenanceProvider value={() => found().manifest}>
                  <Figure panel={panel()} results={found()} />
                  <Part name="Take away">
                    <TakeAway results={found()} question={panel().question} />
                  </Part>
                  <Show when={props.runs.length === 0} fallback={<KeptProvenance results={found()} />}>
                    <Provenance results={found()} />
                  </Show>
                </ProvenanceProvider>
              )}
            </Show>
          </Suspense>
        </Show>
      </section>
    </div>
  );
}

const opening = () => <p class="soft opening">Opening the study …</p>;

/** One that fails does not stand in the way of the next. */
function Figure(props: { panel: (typeof figurePanels)[number]; results: StudyResults }) {
  return (
    <Show when={props.panel} keyed>
      {(panel) => (
        <Part name={panel.title} opening={opening()}>
          <Dynamic component={panel.View} results={props.results} />
        </Part>
      )}
    </Show>
  );
}

function Provenance(props: { results: StudyResults }) {
  return (
    <p class="soft small provenance">
      Precomputed by <code>npm run precompute</code> from <a href="studies/embedded.manifest.json">its manifest</a> (
      {props.results.provider === 'webgpu' ? 'WebGPU' : 'WASM'}, seed {props.results.manifest.settings.seed}, K ={' '}
      {props.results.manifest.settings.variants}). The same manifest gives the same numbers. To use your own quotes and
      models, go on to the <a href="#lab">Lab</a>; for the ideas, to <a href="#learn">Learn</a>.
    </p>
  );
}

function KeptProvenance(props: { results: StudyResults }) {
  const manifest = () => props.results.manifest;
  return (
    <p class="soft small provenance">
      {manifest().title}. Computed on this device ({props.results.provider === 'webgpu' ? 'WebGPU' : 'WASM'}, seed{' '}
      {manifest().settings.seed}, K = {manifest().settings.variants}) and kept here alone. The paper’s numbers are
      beside families it has. Run again or remove it in the <a href="#run">Lab</a>.
    </p>
  );
}
