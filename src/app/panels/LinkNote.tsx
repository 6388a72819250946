/** Says that a link opened the study, and what of it is not here. */

import { For, Show } from 'solid-js';
import type { StudyLink } from '../../studies/link.ts';
import { useLab } from '../state/lab.ts';
import { createLinkDifferences } from '../state/link.ts';

export function LinkNote(props: { link: StudyLink }) {
  const lab = useLab();
  const differences = createLinkDifferences(props.link, lab.studied, () => lab.model.state.loaded?.card);
  return (
    <section class="card" aria-label="Link" data-testid="link">
      <p>
        <strong>A link opened this study.</strong> Its settings are in place.{' '}
        <Show when={differences()?.length === 0}>
          Model and quotes are those of the link: Run gives the same study.
        </Show>
      </p>
      <Show when={[...(differences() ?? []), ...props.link.notes].length > 0}>
        <ul class="note warn">
          <For each={[...(differences() ?? []), ...props.link.notes]}>{(sentence) => <li>{sentence}</li>}</For>
        </ul>
      </Show>
    </section>
  );
}
