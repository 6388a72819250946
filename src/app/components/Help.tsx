/** A sentence of explanation behind a question mark, for pointer, keyboard and screen reader alike. */

import { createSignal, createUniqueId, Show } from 'solid-js';

export function Help(props: { about: string; text: string }) {
  const [open, setOpen] = createSignal(false);
  const id = createUniqueId();
  return (
    <span class="help">
      <button
        type="button"
        aria-label={`What is ${props.about}?`}
        aria-expanded={open()}
        aria-controls={id}
        onClick={() => setOpen(!open())}
        onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}
        onBlur={() => setOpen(false)}
      >
        ?
      </button>
      <Show when={open()}>
        <span id={id} class="help-text" role="status">
          {props.text}
        </span>
      </Show>
    </span>
  );
}
