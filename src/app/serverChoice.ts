/** A server that the page's address names in place of an official one: nothing is asked of it before somebody agrees to that. */

import { createSignal } from 'solid-js';
import { admitServer, type Purpose, standingOf } from '../core/hosts.ts';

export type ServerChoice = ReturnType<typeof createServerChoice>;

/**
 * @param official address that is used otherwise
 * @param named address of the link, if it has one
 */
export function createServerChoice(purpose: Purpose, official: string, named: string | undefined) {
  const standing = named === undefined ? 'official' : standingOf(named, purpose);
  const [answer, setAnswer] = createSignal<'named' | 'official'>();
  return {
    official,
    named: named ?? official,
    /** Nobody has answered yet. */
    asking: (): boolean => standing === 'other' && answer() === undefined,
    /** The link names a server that the page may not reach: it is not asked. */
    refused: standing === 'unknown',
    /** Somebody agreed to the other server. */
    clicked: (): boolean => answer() === 'named',
    /** The address to use. @param instead where several servers are official */
    address: (instead = official): string =>
      named !== undefined && (standing === 'official' || answer() === 'named') ? named : instead,
    agree: (): void => {
      if (named === undefined) return;
      admitServer(named, purpose);
      setAnswer('named');
    },
    decline: (): void => void setAnswer('official'),
  };
}
