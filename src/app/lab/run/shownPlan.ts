/** What the next run would be and take: recounted at every change, with this device's speed measured in the background. */

import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js';
import { predictionBudgetBytes } from '../../../core/deviceBudget.ts';
import type { Grid } from '../../../core/types.ts';
import { neededContext } from '../../../forecasts/neededContext.ts';
import type { ReadyModel } from '../../../models/service.ts';
import type { ForecastSettings } from '../../../models/types.ts';
import { modelProblem } from '../../../runs/modelDemands.ts';
import { planRun, type RunPlan, shapeOf } from '../../../runs/runPlan.ts';
import { forecastSettingsOf, type RunSettings } from '../../../runs/settings.ts';

/** A pause in typing before the device is measured for the new settings. */
const settleMs = 600;

export interface PlanInputs {
  readonly grids: Accessor<readonly Grid[]>;
  readonly settings: Accessor<RunSettings>;
  readonly model: Accessor<ReadyModel | undefined>;
  readonly measure: (settings: ForecastSettings, signal: AbortSignal) => Promise<number>;
}

/** The plan; undefined while there is no model. Its time is null until the device is measured. */
export function createPlan({ grids, settings, model, measure }: PlanInputs): Accessor<RunPlan | undefined> {
  const [secondsPerForwardPass, setSeconds] = createSignal<number>();
  const shapes = createMemo(() => grids().map(shapeOf));

  // The speed depends on the model, what executes it, and how many variants share a batch; a run waits for its measurement.
  const variants = createMemo(() => settings().variants);
  const anchored = createMemo(() => settings().anchoredPatches);
  const masks = createMemo(() => settings().sampler);
  createEffect(
    on([model, variants, anchored, masks], ([loaded]) => {
      const controller = new AbortController();
      onCleanup(() => controller.abort());
      setSeconds(undefined);
      if (!loaded) return;
      const timer = setTimeout(async () => {
        // Without a measurement the plan only lacks its time; whatever is wrong will be said by the run itself.
        const seconds = await measure(forecastSettingsOf(settings()), controller.signal).catch(() => undefined);
        if (!controller.signal.aborted) setSeconds(seconds);
      }, settleMs);
      onCleanup(() => clearTimeout(timer));
    }),
  );

  return createMemo(() => {
    const loaded = model();
    if (!loaded) return undefined;
    const seconds = secondsPerForwardPass();
    const costs = seconds === undefined ? undefined : { secondsPerForwardPass: seconds };
    const planned = planRun(
      shapes(),
      neededContext(loaded.card, settings()),
      settings(),
      costs,
      predictionBudgetBytes(),
    );
    const problem = modelProblem(loaded.card, settings());
    return problem ? { ...planned, problems: [...planned.problems, problem] } : planned;
  });
}
