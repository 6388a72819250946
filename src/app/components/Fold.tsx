/** A part of the results that opens on demand; its content is made when it is first opened. */

import { createSignal, type JSX, Show } from 'solid-js';

export function Fold(props: { title: JSX.Element; testId?: string; children: JSX.Element }) {
  const [opened, setOpened] = createSignal(false);
  return (
    <details data-testid={props.testId} onToggle={(event) => event.currentTarget.open && setOpened(true)}>
      <summary>{props.title}</summary>
      <Show when={opened()}>
        <div class="stack">{props.children}</div>
      </Show>
    </details>
  );
}
