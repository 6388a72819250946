/** How much of the past a forecast needs. */

import type { ModelCard } from '../models/types.ts';

/** Ticks of context that a forecast needs at least. */
export function neededContext(
  { contextLength, causal }: Pick<ModelCard, 'contextLength' | 'causal'>,
  { anchoredPatches }: { readonly anchoredPatches: number | null },
): number {
  return causal && anchoredPatches !== null ? anchoredPatches * causal.patchLength : contextLength;
}
