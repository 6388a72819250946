/**
 * The pages by the fragment of the address: `#learn/STEP?query` is a step of the guided path, `#lab?query` a study in the Lab; anything else is
 * the Lab too, whose sections are fragments themselves (`#results`).
 */

export type Route = LabRoute | LearnRoute;

export interface LabRoute {
  readonly page: 'lab';
  /** Of a link to a study (`studies/link.ts`); empty where there is none. */
  readonly query: string;
}

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
  return page === 'learn' ? { page, step: step || undefined, query } : { page: 'lab', query };
}
