/** Which ticks the model in use may trade, and what a run on them will take. */

import { createMemo, createSignal } from 'solid-js';
import { bothTimes, type TradedTime, tradedTimeOf } from '../../../training/fineTuning/walkForward.ts';
import { tradable } from '../run/inUse.ts';
import { createPlan } from '../run/shownPlan.ts';
import type { createSettings } from '../settings/settings.ts';
import type { ModelPart } from './model.ts';
import type { QuotesPart } from './quotes.ts';

export function createPlanPart(
  settings: ReturnType<typeof createSettings>,
  { loadedGrids }: QuotesPart,
  { engine, model }: ModelPart,
) {
  /** The time left to every member of a family, while it is run. */
  const [familyTime, setFamilyTime] = createSignal<TradedTime>();
  // A model that was tuned here has seen what came before.
  const traded = createMemo(() => bothTimes(tradedTimeOf(model.state.loaded?.card.metadata), familyTime()), undefined, {
    equals: (a, b) => a?.startMs === b?.startMs && a?.endExclusiveMs === b?.endExclusiveMs,
  });
  const studied = createMemo(() => tradable(loadedGrids(), traded()));
  return {
    studied,
    /** From when on the model in use may be traded; undefined: from the first tick. */
    tradedFromMs: (): number | undefined => traded()?.startMs,
    familyTime,
    setFamilyTime,
    plan: createPlan({
      grids: studied,
      settings: settings.values,
      model: () => model.state.loaded,
      measure: (forecast, signal) => engine.measure(forecast, signal),
    }),
  };
}

export type PlanPart = ReturnType<typeof createPlanPart>;
