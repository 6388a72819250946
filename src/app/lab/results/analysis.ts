/** What the risk worker finds about the shown run and about the kept runs; each answer comes when it is ready. */

import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js';
import { isAbort, toProblem, type UserProblem } from '../../../core/errors.ts';

export type Answer<T> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'failed'; readonly problem: UserProblem };

/**
 * Asks anew whenever the question changes; an answer to an earlier question is dropped.
 *
 * @param question undefined: there is nothing to ask
 */
export function createAnswer<Q, T>(
  question: Accessor<Q | undefined>,
  ask: (question: Q, signal: AbortSignal) => Promise<T>,
): Accessor<Answer<T>> {
  const [answer, setAnswer] = createSignal<Answer<T>>({ kind: 'waiting' });
  createEffect(() => {
    const asked = question();
    const controller = new AbortController();
    onCleanup(() => controller.abort());
    setAnswer({ kind: 'waiting' });
    if (asked === undefined) return;
    ask(asked, controller.signal).then(
      (value) => {
        if (!controller.signal.aborted) setAnswer({ kind: 'found', value });
      },
      (caught: unknown) => {
        if (!isAbort(caught) && !controller.signal.aborted) setAnswer({ kind: 'failed', problem: toProblem(caught) });
      },
    );
  });
  return answer;
}

export function found<T>(answer: Answer<T>): T | undefined {
  return answer.kind === 'found' ? answer.value : undefined;
}
