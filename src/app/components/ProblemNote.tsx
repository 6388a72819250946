/** A problem as a person meets it: where, what is wrong, what to do; announced when it appears. */

import { type JSX, Show } from 'solid-js';
import type { UserProblem } from '../../core/errors.ts';

export function ProblemNote(props: { problem: UserProblem; onDismiss?: () => void; children?: JSX.Element }) {
  return (
    <div class="note bad" role="alert">
      <p>
        <Show when={props.problem.where}>{(where) => <strong>{where()}: </strong>}</Show>
        {props.problem.message}
      </p>
      <Show when={props.problem.hint}>{(hint) => <p class="soft">{hint()}</p>}</Show>
      {props.children}
      <Show when={props.onDismiss}>
        {(dismiss) => (
          <button type="button" class="quiet" onClick={() => dismiss()()}>
            Dismiss
          </button>
        )}
      </Show>
    </div>
  );
}
