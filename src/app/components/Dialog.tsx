/** A question in front of the page: it takes the focus, Escape leaves it, and the focus goes back where it was. */

import { createUniqueId, type JSX, onMount } from 'solid-js';

export function Dialog(props: { title: string; onClose: () => void; children: JSX.Element }) {
  const titleId = createUniqueId();
  let dialog!: HTMLDialogElement;
  onMount(() => dialog.showModal());
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={titleId} onClose={() => props.onClose()}>
      <header class="dialog-head">
        <h2 id={titleId}>{props.title}</h2>
        <button type="button" aria-label="Close" onClick={() => dialog.close()}>
          ✕
        </button>
      </header>
      {props.children}
    </dialog>
  );
}
