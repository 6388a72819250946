/** The part of a long list that is in sight, in a box that scrolls. Loaded when a list is long. */

import { createVirtualizer } from '@tanstack/solid-virtual';
import { createEffect, createSignal, For, on, onCleanup, onMount, Show } from 'solid-js';
import type { LongListProps } from './LongList.tsx';

export function PartInSight<T>(props: LongListProps<T>) {
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
