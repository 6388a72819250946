/** A question with a check: every answer says why it is right or wrong, and another can be tried. */

import { createEffect, createSignal, createUniqueId, For, on, Show } from 'solid-js';
import type { LessonQuestion } from './lesson.ts';

export function QuestionBox(props: { question: LessonQuestion; onRight: () => void }) {
  const name = createUniqueId();
  const [chosen, setChosen] = createSignal<number>();
  const [checked, setChecked] = createSignal<number>();
  createEffect(
    on(
      () => props.question,
      () => {
        setChosen(undefined);
        setChecked(undefined);
      },
    ),
  );
  const verdict = () => props.question.answers[checked() ?? -1];
  const check = (event: SubmitEvent): void => {
    event.preventDefault();
    setChecked(chosen());
    if (verdict()?.right) props.onRight();
  };
  return (
    <form class="question" onSubmit={check}>
      <fieldset>
        <legend>{props.question.ask}</legend>
        <For each={props.question.answers}>
          {(answer, i) => (
            <label>
              <input type="radio" name={name} checked={chosen() === i()} onChange={() => setChosen(i())} />{' '}
              {answer.text}
            </label>
          )}
        </For>
      </fieldset>
      <button type="submit" disabled={chosen() === undefined}>
        Check
      </button>
      <div role="status">
        <Show when={verdict()}>
          {(answer) => (
            <p class="note" classList={{ good: answer().right === true, warn: !answer().right }}>
              <strong>{answer().right ? 'Right.' : 'Not quite.'}</strong> {answer().why}
            </p>
          )}
        </Show>
      </div>
    </form>
  );
}
