/** A table that may be wider than the page: its caption stays in sight while the table scrolls, by keyboard too. */

import { createUniqueId, type JSX } from 'solid-js';

export function TableBox(props: { caption: JSX.Element; tall?: boolean; testId?: string; children: JSX.Element }) {
  const id = createUniqueId();
  return (
    <div class="stack tight">
      <p id={id} class="soft small">
        {props.caption}
      </p>
      <section class="scroll" classList={{ tall: props.tall ?? false }} aria-labelledby={id} tabindex="0">
        <table aria-labelledby={id} data-testid={props.testId}>
          {props.children}
        </table>
      </section>
    </div>
  );
}
