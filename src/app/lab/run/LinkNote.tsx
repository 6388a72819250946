/** Says that the study is that of a link or of an earlier run, and what of it is not here. */

import { For, Show } from 'solid-js';
import { useLab } from '../lab.ts';
import type { OpenedStudy } from '../study/openedStudy.ts';

const origins = {
  link: { opening: 'A link opened this study.', name: 'the link' },
  run: { opening: 'The settings are those of an earlier run.', name: 'that run' },
} as const;

export function LinkNote(props: { study: OpenedStudy }) {
  const { openedStudy } = useLab();
  const words = () => origins[props.study.origin];
  const sentences = () => [...(openedStudy.differences() ?? []), ...props.study.link.notes];
  return (
    <section class="card" aria-label="Study opened" data-testid="link">
      <div class="inline spread">
        <p>
          <strong>{words().opening}</strong>{' '}
          <Show when={props.study.origin === 'link'}>Its settings are in place. </Show>
          <Show when={openedStudy.differences()?.length === 0}>
            Model and quotes are those of {words().name}: Run gives the same study.
          </Show>
        </p>
        <button type="button" class="quiet" onClick={openedStudy.close}>
          Dismiss
        </button>
      </div>
      <Show when={sentences().length > 0}>
        <ul class="note warn">
          <For each={sentences()}>{(sentence) => <li>{sentence}</li>}</For>
        </ul>
      </Show>
    </section>
  );
}
