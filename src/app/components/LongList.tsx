/** A list of any length: a short one as it is, of a long one only the part in sight, in a box that scrolls. */

import { For, type JSX, lazy, Show } from 'solid-js';
import { Part } from './Part.tsx';

/** Up to here all of a list is drawn. */
const shortList = 40;

export interface LongListProps<T> {
  readonly label: string;
  readonly items: readonly T[];
  /** About how tall one is. */
  readonly rowPx: number;
  /** Where several fit beside one another: how wide one is at least. */
  readonly columnPx?: number;
  /** Class of a short list. */
  readonly class: string;
  readonly children: (item: T) => JSX.Element;
}

/** Most lists are short, and need none of it. */
const PartInSight = lazy(async () => ({ default: (await import('./PartInSight.tsx')).PartInSight<unknown> }));

export function LongList<T>(props: LongListProps<T>) {
  return (
    <Show when={props.items.length > 0}>
      <Show
        when={props.items.length > shortList}
        fallback={
          <ul class={`bare ${props.class}`}>
            <For each={props.items}>{(item) => <li>{props.children(item)}</li>}</For>
          </ul>
        }
      >
        <Part name={props.label} opening={<p class="note">Opening {props.label} …</p>}>
          <PartInSight {...(props as LongListProps<unknown>)} />
        </Part>
      </Show>
    </Show>
  );
}
