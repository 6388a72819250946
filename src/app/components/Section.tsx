/** One step of the path down the page: a numbered, titled card. */

import type { JSX } from 'solid-js';

export function Section(props: { id: string; step: number; title: string; intro?: string; children: JSX.Element }) {
  return (
    <section id={props.id} class="card" aria-labelledby={`${props.id}-title`}>
      <header class="card-head">
        <span class="step" aria-hidden="true">
          {props.step}
        </span>
        <div>
          <h2 id={`${props.id}-title`}>{props.title}</h2>
          {props.intro && <p class="soft">{props.intro}</p>}
        </div>
      </header>
      {props.children}
    </section>
  );
}
