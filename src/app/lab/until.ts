/** Waiting for the page's state to be so. */

import { createEffect, createRoot } from 'solid-js';

/** Resolves once the condition, which reads signals, holds. */
export function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) =>
    createRoot((dispose) =>
      createEffect(() => {
        if (!condition()) return;
        queueMicrotask(dispose);
        resolve();
      }),
    ),
  );
}
