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
import type { BackendInfo, CheckpointFiles, CheckpointFolder, ForecastSettings } from '../../src/models/types.ts';
import { abortable } from '../link/abortable.ts';
import { WorkerLink } from '../link/workerLink.ts';
import { isFailedBackend, nextRecovery } from './recovery.ts';

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
  /** What executes it now, and what did when it was loaded. */
  readonly backend: BackendInfo;
  readonly promised: BackendInfo;
}

export class ModelEngine {
  private residence: Residence | undefined;
  /** Told when the checkpoint in use had to go to another back end. */
  onBackend: ((backend: BackendInfo) => void) | undefined;
  /** Ways out of failed back ends that were taken, for whoever asks next. */
  private notes: string[] = [];
  private readonly turns = new Turns();

  constructor(
    private readonly link: Pick<
      WorkerLink<ModelService>,
      'call' | 'stop' | 'generation'
    > = new WorkerLink<ModelService>(
      () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'model' }),
      { purpose: 'the model', silenceLimitMs },
    ),
    /** What a worker is given to stop after a request was cancelled. */
    private readonly cancelLimitMs = 10_000,
  ) {}

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
    return this.enqueue(() => this.request((service) => service.measure(settings), signal), signal);
  }

  /**
   * Predicted mids of one grid; rejects at once when the signal aborts, while the worker stops within one batch. Where the back end fails
   * they are made again in a fresh worker, in smaller batches, or, if the choice was left open, on WASM: then they say so (`ranOn`, `notes`).
   */
  forecast(
    grid: Grid,
    settings: ForecastSettings,
    onProgress: OnProgress = () => {},
    signal?: AbortSignal,
  ): Promise<Forecasts> {
    const request = (service: Remote<ModelService>): Promise<Forecasts> =>
      service.forecast(grid, settings, proxy(onProgress), signal);
    return this.enqueue(async () => {
      const made = await this.request(request, signal);
      const notes = this.notes.splice(0);
      const { backend, promised } = this.residence!;
      const ranOn = backend.provider === promised.provider ? undefined : backend;
      return { ...made, ...(ranOn && { ranOn }), ...(notes.length > 0 && { notes }) };
    }, signal);
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
    const { backend } = ready;
    this.notes = [];
    this.residence = { source, preference, choices, generation: this.link.generation, backend, promised: backend };
    return ready;
  }

  /**
   * One request to the checkpoint in use. After a failed computation (a lost GPU device, memory used up, a driver that hangs) the same worker
   * cannot compute again: what `nextRecovery` says is tried in fresh ones.
   */
  private async request<T>(
    ask: (service: Remote<ModelService>) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    for (let failures = 1; ; failures++) {
      signal?.throwIfAborted();
      try {
        await this.comeBack();
        return await this.impatiently(() => this.link.call(ask), signal);
      } catch (caught) {
        if (!(caught instanceof UserError) || !isFailedBackend(caught.problem) || !this.residence) throw caught;
        this.link.stop();
        this.residence = { ...this.residence, generation: undefined };
        const { preference, backend, choices } = this.residence;
        const { provider } = backend;
        const smallBatches = choices.smallBatches === true;
        const next = nextRecovery(caught.problem, { preference, provider, smallBatches, failures });
        if (!next) throw caught;
        this.notes.push(next.note);
        this.residence = {
          ...this.residence,
          preference: next.preference,
          choices: { ...choices, smallBatches: next.smallBatches },
        };
      }
    }
  }

  /** A worker that does not stop soon after a request was cancelled would keep the next one waiting. */
  private async impatiently<T>(call: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const cancelled = (): void => {
      timer = setTimeout(() => this.link.stop(), this.cancelLimitMs);
    };
    signal?.addEventListener('abort', cancelled, { once: true });
    try {
      return await call();
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancelled);
    }
  }

  /** Loads the checkpoint again if the worker that held it is gone. */
  private async comeBack(): Promise<void> {
    if (!this.residence) throw new Error('no checkpoint is loaded');
    const { source, preference, choices, generation } = this.residence;
    if (generation !== undefined && this.link.generation === generation) return;
    const { backend } = await this.link.call((service) => service.load(source, preference, choices));
    const changed = backend.provider !== this.residence.backend.provider;
    this.residence = { ...this.residence, backend, generation: this.link.generation };
    const fallbackReason = this.notes.at(-1);
    if (changed) this.onBackend?.({ ...backend, ...(fallbackReason && { fallbackReason }) });
  }
}
