/** What the plots and tables below a place on the page were made of: every file saved there carries it. */

import { createContext, useContext } from 'solid-js';
import { version } from '../../../package.json';

/** Gives a manifest, as plain data. */
export type Provenance = () => object | Promise<object>;

/** Where nothing else is said: which page it was. */
const Context = createContext<Provenance>(() => ({ appVersion: version, page: location.href.replace(/\?.*$/, '') }));

export const ProvenanceProvider = Context.Provider;

export function useProvenance(): Provenance {
  return useContext(Context);
}
