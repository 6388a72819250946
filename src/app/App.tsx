/** The frame of all pages: what there is, and the page that the address names. A page that was opened keeps its state. */

import { createMemo, createSignal, For, lazy, onCleanup, Show } from 'solid-js';
import { NothingKept } from './components/NothingKept.tsx';
import { OfflineStatus } from './components/OfflineStatus.tsx';
import { Part } from './components/Part.tsx';
import { ThemeChoice } from './components/ThemeChoice.tsx';
import { type ExploreRoute, type LearnRoute, type Route, routeOf } from './routes.ts';

const ExplorePage = lazy(async () => ({ default: (await import('./explore/ExplorePage.tsx')).ExplorePage }));
const LabPage = lazy(async () => ({ default: (await import('./lab/LabPage.tsx')).LabPage }));
const LearnPage = lazy(async () => ({ default: (await import('./learn/LearnPage.tsx')).LearnPage }));

const links: readonly { readonly page: Route['page']; readonly href: string; readonly title: string }[] = [
  { page: 'explore', href: '#explore', title: 'Explore' },
  { page: 'lab', href: '#lab', title: 'Lab' },
  { page: 'learn', href: '#learn', title: 'Learn' },
];

const opening = () => <p class="page-head soft opening">Opening …</p>;

export function App() {
  const [route, setRoute] = createSignal(routeOf(location.hash, location.search));
  const follow = (): void => void setRoute(routeOf(location.hash, location.search));
  addEventListener('hashchange', follow);
  onCleanup(() => removeEventListener('hashchange', follow));
  const page = () => route().page;
  /** Pages opened so far: they stay, hidden, so that a run goes on while one reads. */
  const opened = createMemo((before: ReadonlySet<string>) => new Set([...before, page()]), new Set<string>());
  /** The last one there was, for the page while it is hidden. */
  const learn = createMemo<LearnRoute>(
    (before) => {
      const now = route();
      return now.page === 'learn' ? now : before;
    },
    { page: 'learn', step: undefined, query: '' },
  );
  const explore = createMemo<ExploreRoute>(
    (before) => {
      const now = route();
      return now.page === 'explore' ? now : before;
    },
    { page: 'explore', view: 'plane', runs: [] },
  );
  return (
    <>
      <header class="page-head">
        <div class="inline spread">
          <h1>PML Lab</h1>
          <ThemeChoice />
        </div>
        <p class="soft">
          What a strategy built on a pretrained time-series model earns for the risk it takes. Quotes and models stay on
          this device.
        </p>
        <nav class="pages" aria-label="Pages">
          <For each={links}>
            {(link) => (
              <a href={link.href} aria-current={page() === link.page ? 'page' : undefined}>
                {link.title}
              </a>
            )}
          </For>
        </nav>
      </header>
      <NothingKept />
      <Show when={opened().has('explore')}>
        <main hidden={page() !== 'explore'}>
          <Part name="Explore" opening={opening()}>
            <ExplorePage view={explore().view} runs={explore().runs} />
          </Part>
        </main>
      </Show>
      <Show when={opened().has('lab')}>
        <div hidden={page() !== 'lab'}>
          <Part name="Lab" opening={opening()}>
            <LabPage />
          </Part>
        </div>
      </Show>
      <Show when={opened().has('learn')}>
        <main hidden={page() !== 'learn'}>
          <Part name="Learn" opening={opening()}>
            <LearnPage step={learn().step} query={learn().query} />
          </Part>
        </main>
      </Show>
      <footer class="page-foot soft small">
        <p>
          Implements{' '}
          <a href="https://arxiv.org/abs/2510.17165">
            Trading with the Devil: Risk and Return in Foundation Model Strategies
          </a>
          . Simulated and past results promise nothing.
        </p>
        <OfflineStatus />
      </footer>
    </>
  );
}
