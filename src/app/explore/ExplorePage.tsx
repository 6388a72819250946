/** The front page: finished results to explore at once, figure by figure, with the paper's numbers beside them. */

import { createMemo, createResource, For, lazy, Match, Show, Suspense, Switch } from 'solid-js';
import { toProblem } from '../../core/errors.ts';
import type { StudyResults } from '../../studies/figures/results.ts';
import { Part } from '../components/Part.tsx';
import { ProblemNote } from '../components/ProblemNote.tsx';
import { ProvenanceProvider } from '../export/provenance.ts';
import { type ExploreView, exploreHash } from '../routes.ts';
import { PlaneView } from './PlaneView.tsx';
import { fetchResults } from './results.ts';
import '../styles/explore.css';

const StudyChoice = lazy(async () => ({ default: (await import('./StudyChoice.tsx')).StudyChoice }));
const LeadLagView = lazy(async () => ({ default: (await import('./LeadLagView.tsx')).LeadLagView }));
const ScalingView = lazy(async () => ({ default: (await import('./ScalingView.tsx')).ScalingView }));
const DecayView = lazy(async () => ({ default: (await import('./DecayView.tsx')).DecayView }));
const TakeAway = lazy(async () => ({ default: (await import('./TakeAway.tsx')).TakeAway }));
const BeyondView = lazy(async () => ({ default: (await import('./BeyondView.tsx')).BeyondView }));

const views: readonly { readonly id: ExploreView; readonly title: string; readonly question: string }[] = [
  { id: 'plane', title: 'Risk and return', question: 'What do strategies on each model earn for the risk they take?' },
  { id: 'lead-lag', title: 'Lead and lag', question: 'Do the models see anything coming, and how far ahead?' },
  { id: 'scaling', title: 'Scaling', question: 'Do larger models pay, once their answers come later?' },
  { id: 'decay', title: 'Decay', question: 'How long does an edge last?' },
  { id: 'beyond', title: 'Beyond', question: 'Do several models together carry less risk?' },
];

export function ExplorePage(props: { view: ExploreView; runs: readonly string[] }) {
  const runs = createMemo(() => props.runs, undefined, { equals: (a, b) => String(a) === String(b) });
  const [results, { refetch }] = createResource(runs, async (ids) =>
    ids.length === 0 ? fetchResults() : (await import('./shownRuns.ts')).keptResults(ids),
  );
  const view = () => views.find(({ id }) => id === props.view) ?? views[0]!;
  return (
    <div class="explore">
      <nav class="views" aria-label="Figures">
        <For each={views}>
          {(each) => (
            <a href={exploreHash(each.id, props.runs)} aria-current={each.id === props.view ? 'page' : undefined}>
              {each.title}
            </a>
          )}
        </For>
      </nav>
      <section class="card" aria-labelledby="explore-title">
        <h2 id="explore-title">{view().question}</h2>
        <Part name="Studies">
          <StudyChoice view={view().id} runs={props.runs} />
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
                  <Figures view={props.view} results={found()} title={view().title} />
                  <Part name="Take away">
                    <TakeAway results={found()} question={view().question} />
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
function Figures(props: { view: ExploreView; results: StudyResults; title: string }) {
  return (
    <Show when={props.title} keyed>
      {(title) => (
        <Part name={title} opening={opening()}>
          <Figure view={props.view} results={props.results} />
        </Part>
      )}
    </Show>
  );
}

function Figure(props: { view: ExploreView; results: StudyResults }) {
  return (
    <Switch fallback={<PlaneView results={props.results} />}>
      <Match when={props.view === 'lead-lag'}>
        <LeadLagView results={props.results} />
      </Match>
      <Match when={props.view === 'scaling'}>
        <ScalingView results={props.results} />
      </Match>
      <Match when={props.view === 'decay'}>
        <DecayView results={props.results} />
      </Match>
      <Match when={props.view === 'beyond'}>
        <BeyondView results={props.results} />
      </Match>
    </Switch>
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
