/**
 * What may stand on the page a moment later. Each is made in a task of its own, in the order in which they stand: a long page
 * is built without holding up what is typed or pointed at meanwhile.
 */

import { createSignal, type JSX, onCleanup, Show } from 'solid-js';

const waiting: (() => void)[] = [];
let due = false;

function schedule(): void {
  if (due || waiting.length === 0) return;
  due = true;
  setTimeout(() => {
    due = false;
    waiting.shift()?.();
    schedule();
  });
}

export function Later(props: { children: JSX.Element }) {
  const [ready, setReady] = createSignal(false);
  const make = (): void => void setReady(true);
  waiting.push(make);
  schedule();
  onCleanup(() => {
    const place = waiting.indexOf(make);
    if (place >= 0) waiting.splice(place, 1);
  });
  return <Show when={ready()}>{props.children}</Show>;
}
