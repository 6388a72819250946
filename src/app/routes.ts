/**
 * The pages by the fragment of the address: `#learn/STEP?query` is a step of the guided path, anything else the Lab, whose sections are
 * fragments themselves (`#results`).
 */

export type Route = { readonly page: 'lab' } | LearnRoute;

export interface LearnRoute {
  readonly page: 'learn';
  /** Absent: the first. */
  readonly step: string | undefined;
  readonly query: string;
}

/** @param hash with its `#` */
export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.slice(1).split('?', 2);
  const [page, step] = path.split('/');
  return page === 'learn' ? { page, step: step || undefined, query } : { page: 'lab' };
}
