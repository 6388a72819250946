/**
 * The pages by the fragment of the address: `#learn/STEP?query` is a step of the guided path, `#explore/VIEW` a figure of the precomputed study
 * or, with `?run=ID`, of runs kept on this device,
 * `#lab?query` a study in the Lab, anything else the Lab too, whose sections are fragments themselves (`#results`). Without a fragment it is
 * Explore, but for addresses whose parameters are about the Lab (`address.ts`).
 */

import { type ExploreView, panelAt } from './explore/panels.ts';

export type Route = LabRoute | LearnRoute | ExploreRoute;

export interface LabRoute {
  readonly page: 'lab';
  /** Of a link to a study (`studies/link.ts`); empty where there is none. */
  readonly query: string;
}

export interface ExploreRoute {
  readonly page: 'explore';
  readonly view: ExploreView;
  /** Ids of kept runs; empty: the precomputed study. */
  readonly runs: readonly string[];
}

export interface LearnRoute {
  readonly page: 'learn';
  /** Absent: the first. */
  readonly step: string | undefined;
  readonly query: string;
}

/**
 * @param hash with its `#`
 * @param search with its `?`
 */
export function routeOf(hash: string, search = ''): Route {
  const [path = '', query = ''] = hash.slice(1).split('?', 2);
  const [page, step] = path.split('/');
  if (page === 'explore' || (hash.length <= 1 && search.length <= 1)) {
    const runs = new URLSearchParams(query).getAll('run');
    return { page: 'explore', view: panelAt(step).address, runs };
  }
  return page === 'learn' ? { page, step: step || undefined, query } : { page: 'lab', query };
}

/** The address of a figure. */
export function exploreHash(view: ExploreView, runs: readonly string[] = []): string {
  const query = new URLSearchParams(runs.map((run) => ['run', run])).toString();
  if (query) return `#explore/${view}?${query}`;
  return view === panelAt(undefined).address ? '#explore' : `#explore/${view}`;
}
