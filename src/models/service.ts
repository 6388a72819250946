/**
 * The model worker's service: one checkpoint on one back end at a time. Pure of Comlink and of any worker API but the ones
 * onnxruntime-web needs; `workers/model.worker.ts` exposes it.
 */

import type { Forecasts, Grid, OnProgress } from '../core/types.ts';
import { openCheckpoint } from './checkpoint.ts';
import { createForecaster } from './forecaster.ts';
import { openBrowserRuntime, type ProviderPreference } from './runtime/browser.ts';
import type { Runtime } from './runtime/runtime.ts';
import type { BackendInfo, CheckpointFiles, Forecaster, ForecastSettings, ModelCard } from './types.ts';

/** A checkpoint made ready. */
export interface ReadyModel {
  readonly card: ModelCard;
  readonly backend: BackendInfo;
}

export interface ModelService {
  /**
   * Checks a checkpoint and makes it ready; the one loaded before stays in use if this one is refused.
   * @throws UserError for a broken checkpoint or a missing back end.
   */
  load(files: CheckpointFiles, preference: ProviderPreference): Promise<ReadyModel>;
  /** Seconds of one forward pass with these settings, from a short measurement. */
  measure(settings: ForecastSettings): Promise<number>;
  /** Forecasts of the loaded model over one grid. Rejects with an AbortError within a batch of the signal. */
  forecast(grid: Grid, settings: ForecastSettings, onProgress?: OnProgress, signal?: AbortSignal): Promise<Forecasts>;
}

export function createModelService(): ModelService {
  const runtimes = new Map<ProviderPreference, Promise<Runtime>>();
  let forecaster: Forecaster | undefined;

  const runtimeFor = (preference: ProviderPreference): Promise<Runtime> => {
    const known = runtimes.get(preference);
    if (known) return known;
    const opening = openBrowserRuntime(preference);
    runtimes.set(preference, opening);
    // A failure is not remembered: the GPU may be back when the user tries again.
    opening.catch(() => runtimes.delete(preference));
    return opening;
  };

  const loaded = (): Forecaster => {
    if (!forecaster) throw new Error('no checkpoint is loaded');
    return forecaster;
  };

  return {
    async load(files, preference) {
      const model = await openCheckpoint(files);
      const next = createForecaster(model, await runtimeFor(preference));
      await forecaster?.release();
      forecaster = next;
      return { card: next.card, backend: next.backend };
    },
    measure: async (settings) => loaded().measure(settings),
    forecast: async (...request) => loaded().forecast(...request),
  };
}
