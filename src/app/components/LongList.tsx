/** A list of any length: a short one as it is, of a long one only the part in sight, in a box that scrolls. */

import { createVirtualizer } from '@tanstack/solid-virtual';
import { createEffect, createSignal, For, type JSX, on, onCleanup, onMount, Show } from 'solid-js';

/** Up to here all of a list is drawn. */
const shortList = 40;

interface LongListProps<T> {
  readonly label: string;
  readonly items: readonly T[];
  /** About how tall one is. */
  readonly rowPx: number;
  /** Where several fit beside one another: how wide one is at least. */
  readonly columnPx?: number;
  /** Of a short list. */
  readonly class: string;
  readonly children: (item: T) => JSX.Element;
}

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
        <PartInSight {...props} />
      </Show>
    </Show>
  );
}

function PartInSight<T>(props: LongListProps<T>) {
  let box!: HTMLElement;
  const [lanes, setLanes] = createSignal(1);
  onMount(() => {
    const observer = new ResizeObserver(() => {
      setLanes(props.columnPx ? Math.max(1, Math.floor(box.clientWidth / props.columnPx)) : 1);
    });
    observer.observe(box);
    onCleanup(() => observer.disconnect());
  });
  const virtualizer = createVirtualizer<HTMLElement, HTMLLIElement>({
    get count() {
      return props.items.length;
    },
    get lanes() {
      return lanes();
    },
    getScrollElement: () => box,
    estimateSize: () => props.rowPx,
    gap: 8,
    overscan: 4,
  });
  createEffect(on([lanes, () => props.items], () => virtualizer.measure(), { defer: true }));
  return (
    // What scrolls has to be reached by keyboard.
    <section class="long-list" ref={box} aria-label={props.label} tabindex={0}>
      <ul class="bare long-list-rows" style={{ height: `${virtualizer.getTotalSize()}px` }}>
        <For each={virtualizer.getVirtualItems()}>
          {(row) => (
            <li
              class="long-list-row"
              ref={(element) => queueMicrotask(() => virtualizer.measureElement(element))}
              data-index={row.index}
              aria-setsize={props.items.length}
              aria-posinset={row.index + 1}
              style={{
                width: `calc(${100 / lanes()}% - 0.5rem)`,
                left: `${(100 * row.lane) / lanes()}%`,
                transform: `translateY(${row.start}px)`,
              }}
            >
              <Show when={props.items[row.index] !== undefined}>{props.children(props.items[row.index] as T)}</Show>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
