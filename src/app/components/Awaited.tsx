/** What a worker finds, when it has found it: until then a word that it is under way, or what went wrong. */

import { type JSX, Match, Switch } from 'solid-js';
import { type Answer, found } from '../lab/results/analysis.ts';
import { ProblemNote } from './ProblemNote.tsx';

export function Awaited<T extends object>(props: { answer: Answer<T>; children: (value: T) => JSX.Element }) {
  return (
    <Switch fallback={<p class="soft small">Resampling the days …</p>}>
      <Match when={found(props.answer)} keyed>
        {(value) => props.children(value)}
      </Match>
      <Match when={props.answer.kind === 'failed' && props.answer.problem}>
        {(problem) => <ProblemNote problem={problem()} />}
      </Match>
    </Switch>
  );
}
