/** The page's side of the two training workers: each is started when it is first needed, and stopped after a training. */

import { proxy } from 'comlink';
import { toProblem } from '../../src/core/errors.ts';
import { type EngineMeasurement, type Measured, measureEngines } from '../../src/training/engineChoice.ts';
import type { FineTuneProgress } from '../../src/training/fineTuning/fineTune.ts';
import type { FineTuneSettings } from '../../src/training/fineTuning/settings.ts';
import type { FineTuneAnswer, FineTuneOutline, FineTuneRequest, TrainingService } from '../../src/training/service.ts';
import type { EngineId } from '../../src/training/trainer.ts';
import { abortable } from '../link/abortable.ts';
import { WorkerLink } from '../link/workerLink.ts';

export type { FineTuneAnswer, FineTuneOutline, FineTuneProgress, FineTuneRequest };

/** A step of a large model, or its first one, can keep a worker busy for a while. */
const silenceLimitMs = 300_000;

export class TrainingEngine {
  private readonly links: Readonly<Record<EngineId, WorkerLink<TrainingService>>> = {
    graph: new WorkerLink(
      () =>
        new Worker(new URL('./graph.worker.ts', import.meta.url), {
          type: 'module',
          name: 'training',
        }),
      { purpose: 'training', silenceLimitMs },
    ),
    tensorflow: new WorkerLink(
      () =>
        new Worker(new URL('./tensorflow.worker.ts', import.meta.url), {
          type: 'module',
          name: 'tensorflow',
        }),
      { purpose: 'training with TensorFlow.js', silenceLimitMs },
    ),
  };

  outline(request: FineTuneRequest, signal?: AbortSignal): Promise<FineTuneOutline> {
    return abortable(
      this.links.graph.call((service) => service.outline(request)),
      signal,
    );
  }

  /** What the results of other settings would be called. */
  names(request: FineTuneRequest, settings: readonly FineTuneSettings[], signal?: AbortSignal): Promise<string[]> {
    return abortable(
      this.links.graph.call((service) => service.names(request, settings)),
      signal,
    );
  }

  /** A few steps by each engine. */
  measure(request: FineTuneRequest, signal?: AbortSignal): Promise<Measured> {
    return measureEngines(async (engine, preference): Promise<EngineMeasurement> => {
      try {
        return await abortable(
          this.links[engine].call((service) => service.measure(request, preference)),
          signal,
        );
      } catch (caught) {
        signal?.throwIfAborted();
        return { problem: toProblem(caught) };
      }
    }, request.preference);
  }

  /** Rejects at once when the signal aborts, while the worker saves a checkpoint and stops within a step. */
  run(
    engine: EngineId,
    request: FineTuneRequest,
    onProgress: (progress: FineTuneProgress) => void,
    signal: AbortSignal,
  ): Promise<FineTuneAnswer> {
    return this.links[engine].call((service) => service.run(request, proxy(onProgress), signal));
  }

  forget(request: FineTuneRequest): Promise<void> {
    return this.links.graph.call((service) => service.forget(request));
  }
}
