/** The width an element has on the page, as a signal. */

import { type Accessor, createSignal, onCleanup, onMount } from 'solid-js';

export function createWidth(element: () => HTMLElement, initial = 640): Accessor<number> {
  const [width, setWidth] = createSignal(initial);
  onMount(() => {
    const observer = new ResizeObserver((entries) => {
      const found = entries[0]?.contentRect.width;
      // In the next frame: drawing in the observer itself would change the size it is still reporting.
      if (found) requestAnimationFrame(() => setWidth(Math.floor(found)));
    });
    observer.observe(element());
    onCleanup(() => observer.disconnect());
  });
  return width;
}
