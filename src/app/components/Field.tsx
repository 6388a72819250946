/** A labelled place to type or choose in. */

import { createUniqueId, type JSX, Show } from 'solid-js';

export function Field(props: {
  label: string;
  /** Shown below, while there is one. */
  problem?: string | undefined;
  /** Draws the control under the id that the label points at. */
  children: (attributes: { id: string; 'aria-invalid': boolean }) => JSX.Element;
}) {
  const id = createUniqueId();
  return (
    <div class="field">
      <label class="small" for={id}>
        {props.label}
      </label>
      {props.children({ id, 'aria-invalid': props.problem !== undefined })}
      <Show when={props.problem}>
        {(text) => (
          <p class="bad-text small" role="alert">
            {text()}
          </p>
        )}
      </Show>
    </div>
  );
}
