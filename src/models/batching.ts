/** How much is computed by one run of a session: enough to hide its overhead, little enough to be cancelled. */

/** One run stays below this, so that a forecast can be cancelled and a GPU's watchdog stays calm. */
const TARGET_SECONDS = 0.2;
const MOST_CONTEXTS = 256;

/** Variants × contexts of one session run. */
export interface BatchSize {
  readonly variants: number;
  readonly contexts: number;
}

/** Where larger batches failed: a quarter of the variants of one context. */
export function smallBatch(variants: number): BatchSize {
  return { variants: Math.max(1, Math.ceil(variants / 4)), contexts: 1 };
}

/**
 * A batch size whose runs come closer to the target time, given that those of this one take `seconds`; undefined where this
 * one will do. A run's time grows by less than its batch, so sizes are approached from below, and asking again after
 * another measurement ends soon.
 */
export function betterBatch({ variants, contexts }: BatchSize, seconds: number): BatchSize | undefined {
  if (seconds > TARGET_SECONDS) {
    const fewer = Math.max(1, Math.floor((variants * TARGET_SECONDS) / seconds));
    return contexts === 1 && fewer < variants ? { variants: fewer, contexts } : undefined;
  }
  const more = 2 ** Math.floor(Math.log2((contexts * TARGET_SECONDS) / seconds));
  const capped = Math.min(more, MOST_CONTEXTS);
  return capped > contexts ? { variants, contexts: capped } : undefined;
}
