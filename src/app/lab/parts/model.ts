/** The model in use, where checkpoints come from, and what it says when it is tried. */

import { HubEngine } from '../../../../workers/hub/client.ts';
import { ModelEngine } from '../../../../workers/model/client.ts';
import { createHub } from '../model/hub.ts';
import { createModel } from '../model/model.ts';
import { createModelTrial } from '../model/modelTrial.ts';
import type { createSettings } from '../settings/settings.ts';

export function createModelPart(settings: ReturnType<typeof createSettings>) {
  const engine = new ModelEngine();
  const model = createModel(engine);
  return {
    engine,
    model,
    hub: createHub(new HubEngine()),
    trial: createModelTrial({
      card: () => model.state.loaded?.card,
      settings: settings.values,
      measure: (forecast) => engine.measure(forecast),
      forecast: (grid, forecast) => engine.forecast(grid, forecast),
    }),
  };
}

export type ModelPart = ReturnType<typeof createModelPart>;
