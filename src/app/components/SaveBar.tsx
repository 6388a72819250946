/** Results to take away, in groups: a button for each file. */

import { For, type JSX, Show } from 'solid-js';
import { createSaving } from '../export/saving.ts';
import { ProblemNote } from './ProblemNote.tsx';

export interface SaveOffer {
  /** Text of the button: "Save lines as CSV". */
  readonly label: string;
  readonly file: string;
  readonly content: () => Blob | Promise<Blob>;
}

export function SaveBar(props: {
  groups: readonly { readonly title: string; readonly offers: readonly SaveOffer[] }[];
  /** More, behind the last group. */
  children?: JSX.Element;
}) {
  const { problem, save } = createSaving();
  return (
    <section class="stack save-bar" aria-label="Save results">
      <For each={props.groups}>
        {(group) => (
          <fieldset class="inline">
            <legend class="small soft">{group.title}</legend>
            <For each={group.offers}>
              {(offer) => (
                <button type="button" onClick={() => void save(offer.file, offer.content)}>
                  {offer.label}
                </button>
              )}
            </For>
          </fieldset>
        )}
      </For>
      {props.children}
      <Show when={problem()}>{(shown) => <ProblemNote problem={shown()} />}</Show>
    </section>
  );
}
