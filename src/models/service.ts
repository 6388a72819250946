/**
 * The model worker's service: one checkpoint on one back end at a time. Pure of Comlink and of any worker API but the ones
 * onnxruntime-web needs; `workers/model/worker.ts` exposes it.
 */

import { fail } from '../core/errors.ts';
import type { Forecasts, Grid, OnProgress } from '../core/types.ts';
import { type Forecastable, openCheckpoint, releaseOriginal, weightBytes, withPrecision } from './checkpoint.ts';
import { LoadedForecasters } from './loadedForecasters.ts';
import { holdsOnnx, inspectOnnx, type OnnxInspection, openOnnx } from './onnxFile/open.ts';
import { measurePrecision } from './precision.ts';
import { openBrowserRuntime, type ProviderPreference } from './runtime/browser.ts';
import type { Runtime } from './runtime/runtime.ts';
import type {
  BackendInfo,
  CheckpointFiles,
  CheckpointFolder,
  Forecaster,
  ForecastSettings,
  ModelCard,
  Precision,
  PrecisionReport,
} from './types.ts';

/** A checkpoint made ready. */
export interface ReadyModel {
  readonly card: ModelCard;
  readonly backend: BackendInfo;
  readonly precision: PrecisionReport | undefined;
}

/** How a checkpoint is to be opened. */
export interface LoadChoices {
  /** How weights are stored; absent: as the checkpoint has them. */
  readonly precision?: Precision;
  /** What a checkpoint without config leaves open, by field. */
  readonly answers?: Readonly<Record<string, string>>;
  /** Few variants and contexts at a time, after larger batches failed. */
  readonly smallBatches?: boolean;
}

export interface ModelService {
  /**
   * Checks a checkpoint and makes it ready; the one loaded before stays in use if this one is refused.
   * @throws UserError for a broken checkpoint or a missing back end.
   */
  load(
    source: CheckpointFiles | CheckpointFolder,
    preference: ProviderPreference,
    choices?: LoadChoices,
  ): Promise<ReadyModel>;
  /** What a dropped `.onnx` file takes and gives. @throws UserError for a file that is none. */
  inspect(folder: CheckpointFolder): Promise<OnnxInspection>;
  /** Seconds of one forward pass with these settings, from a short measurement. */
  measure(settings: ForecastSettings): Promise<number>;
  /** Forecasts of the loaded model over one grid. Rejects with an AbortError within a batch of the signal. */
  forecast(grid: Grid, settings: ForecastSettings, onProgress?: OnProgress, signal?: AbortSignal): Promise<Forecasts>;
}

export function createModelService(): ModelService {
  const runtimes = new Map<ProviderPreference, Promise<Runtime>>();
  let loaded: LoadedForecasters | undefined;

  const runtimeFor = (preference: ProviderPreference): Promise<Runtime> => {
    const known = runtimes.get(preference);
    if (known) return known;
    const opening = openBrowserRuntime(preference);
    runtimes.set(preference, opening);
    // A failure is not remembered: the GPU may be back when the user tries again.
    opening.catch(() => runtimes.delete(preference));
    return opening;
  };

  const forecasterFor = (settings: ForecastSettings): Forecaster => {
    if (!loaded) throw new Error('no checkpoint is loaded');
    return loaded.of(settings);
  };

  return {
    async load(source, preference, choices = {}) {
      const { smallBatches = false } = choices;
      const runtime = { ...(await runtimeFor(preference)), smallBatches };
      const { model, precision } = await openFor(source, choices, runtime);
      const next = new LoadedForecasters(model, runtime);
      await loaded?.release();
      loaded = next;
      return { card: model.card, backend: runtime.backend, precision };
    },
    inspect: inspectOnnx,
    measure: async (settings) => forecasterFor(settings).measure(settings),
    forecast: async (...request) => forecasterFor(request[1]).forecast(...request),
  };
}

/** Opens a checkpoint in the precision asked for, and measures what that does. */
async function openFor(
  source: CheckpointFiles | CheckpointFolder,
  { precision = 'f32', answers = {} }: LoadChoices,
  runtime: Runtime,
): Promise<{ model: Forecastable; precision: PrecisionReport | undefined }> {
  if ('files' in source && holdsOnnx(source)) return { model: await openOnnx(source, runtime), precision: undefined };
  const full = await openCheckpoint(source, answers);
  if (precision === 'f32') {
    const bytes = weightBytes(full);
    return { model: full, precision: { precision, weightBytes: bytes, fullBytes: bytes, error: 0 } };
  }
  if (precision === 'f16' && !runtime.half) {
    fail('runtime/no-half', `${runtime.backend.provider} cannot compute in float16 on this device.`, {
      where: full.card.name,
      hint: 'Choose float32, int8 or int4.',
    });
  }
  const model = withPrecision(full, precision);
  return { model: releaseOriginal(model), precision: await measurePrecision(full, model, precision, runtime) };
}
