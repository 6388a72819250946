/**
 * The page's side of the model worker: one checkpoint at a time, one request at a time, and the checkpoint is brought back by
 * itself after the worker had to be replaced.
 */

import { proxy, type Remote } from 'comlink';
import { UserError } from '../../src/core/errors.ts';
import { Turns } from '../../src/core/turns.ts';
import type { Forecasts, Grid, OnProgress } from '../../src/core/types.ts';
import type { OnnxInspection } from '../../src/models/onnxFile/open.ts';
import type { ProviderPreference } from '../../src/models/runtime/browser.ts';
import type { LoadChoices, ModelService, ReadyModel } from '../../src/models/service.ts';
import type { CheckpointFiles, CheckpointFolder, ForecastSettings } from '../../src/models/types.ts';
import { abortable } from '../link/abortable.ts';
import { WorkerLink } from '../link/workerLink.ts';

export type { LoadChoices, OnnxInspection, ProviderPreference, ReadyModel };

/** What a model is loaded from: bytes at hand, or files that the worker reads. */
export type CheckpointSource = CheckpointFiles | CheckpointFolder;

/** Compiling the shaders of a large model can keep a worker busy for a while. */
const silenceLimitMs = 120_000;

/** What is loaded, and in which of the workers started so far. */
interface Residence {
  readonly source: CheckpointSource;
  readonly preference: ProviderPreference;
  readonly choices: LoadChoices;
  readonly generation: number | undefined;
}

export class ModelEngine {
  private readonly link = new WorkerLink<ModelService>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'model' }),
    { purpose: 'the model', silenceLimitMs },
  );
  private residence: Residence | undefined;
  private readonly turns = new Turns();

  /** The checkpoint in use, if any. */
  get source(): CheckpointSource | undefined {
    return this.residence?.source;
  }

  /** What was answered where its checkpoint left something open. */
  get answers(): Readonly<Record<string, string>> {
    return this.residence?.choices.answers ?? {};
  }

  /** Checks a checkpoint and makes it ready; one that is refused leaves the one before in use. */
  load(
    source: CheckpointSource,
    preference: ProviderPreference,
    choices: LoadChoices = {},
    signal?: AbortSignal,
  ): Promise<ReadyModel> {
    return this.enqueue(() => this.settle(source, preference, choices), signal);
  }

  /** What a dropped `.onnx` file takes and gives. */
  inspect(folder: CheckpointFolder): Promise<OnnxInspection> {
    return this.enqueue(() => this.link.call((service) => service.inspect(folder)), undefined);
  }

  /** Seconds one forward pass takes on this device with these settings. */
  measure(settings: ForecastSettings, signal?: AbortSignal): Promise<number> {
    return this.enqueue(() => this.request((service) => service.measure(settings)), signal);
  }

  /** Predicted mids of one grid; rejects at once when the signal aborts, while the worker stops within one batch. */
  forecast(
    grid: Grid,
    settings: ForecastSettings,
    onProgress: OnProgress = () => {},
    signal?: AbortSignal,
  ): Promise<Forecasts> {
    const request = (service: Remote<ModelService>): Promise<Forecasts> =>
      service.forecast(grid, settings, proxy(onProgress), signal);
    return this.enqueue(() => this.request(request), signal);
  }

  /** Starts a request when the one before has settled in the worker, even if nobody waits for that one any more. */
  private enqueue<T>(request: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const turn = this.turns.take(async () => {
      signal?.throwIfAborted();
      return request();
    });
    return abortable(turn, signal);
  }

  private async settle(
    source: CheckpointSource,
    preference: ProviderPreference,
    choices: LoadChoices,
  ): Promise<ReadyModel> {
    const ready = await this.link.call((service) => service.load(source, preference, choices));
    this.residence = { source, preference, choices, generation: this.link.generation };
    return ready;
  }

  /**
   * One request to the checkpoint in use. After a failed computation (a lost GPU device, memory used up) the same worker
   * cannot compute again, so that the next request gets a fresh one.
   */
  private async request<T>(ask: (service: Remote<ModelService>) => Promise<T>): Promise<T> {
    await this.comeBack();
    try {
      return await this.link.call(ask);
    } catch (caught) {
      if (caught instanceof UserError && caught.problem.code.startsWith('runtime/')) this.link.stop();
      throw caught;
    }
  }

  /** Loads the checkpoint again if the worker that held it is gone. */
  private async comeBack(): Promise<void> {
    if (!this.residence) throw new Error('no checkpoint is loaded');
    const { source, preference, choices, generation } = this.residence;
    if (generation === undefined || this.link.generation !== generation) await this.settle(source, preference, choices);
  }
}
