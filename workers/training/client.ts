/** The page's side of the two training workers: each is started when it is first needed, and stopped after a training. */

import { proxy } from 'comlink';
import { toProblem, UserError } from '../../src/core/errors.ts';
import { type EngineMeasurement, type Measured, measureEngines } from '../../src/training/engineChoice.ts';
import type { FineTuneProgress } from '../../src/training/fineTuning/fineTune.ts';
import type { FineTuneSettings } from '../../src/training/fineTuning/settings.ts';
import type { FineTuneAnswer, FineTuneOutline, FineTuneRequest, TrainingService } from '../../src/training/service.ts';
import type { EngineId } from '../../src/training/trainer.ts';
import { abortable } from '../link/abortable.ts';
import { WorkerLink } from '../link/workerLink.ts';
import { isFailedBackend } from '../model/recovery.ts';

export type { FineTuneAnswer, FineTuneOutline, FineTuneProgress, FineTuneRequest };

/** A step of a large model, or its first one, can keep a worker busy for a while. */
const silenceLimitMs = 300_000;

type Links = Readonly<Record<EngineId, Pick<WorkerLink<TrainingService>, 'call' | 'stop'>>>;

/** Each is started when it is first needed. */
function newLinks(): Links {
  return {
    graph: new WorkerLink<TrainingService>(
      () => new Worker(new URL('./graph.worker.ts', import.meta.url), { type: 'module', name: 'training' }),
      { purpose: 'training', silenceLimitMs },
    ),
    tensorflow: new WorkerLink<TrainingService>(
      () => new Worker(new URL('./tensorflow.worker.ts', import.meta.url), { type: 'module', name: 'tensorflow' }),
      { purpose: 'training with TensorFlow.js', silenceLimitMs },
    ),
  };
}

export class TrainingEngine {
  constructor(private readonly links: Links = newLinks()) {}

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

  /**
   * Rejects at once when the signal aborts, while the worker saves a checkpoint and stops within a step. Where the back end fails (a lost
   * device, no memory left) the training goes on once from its last checkpoint, in a fresh worker and on the same back end.
   */
  async run(
    engine: EngineId,
    request: FineTuneRequest,
    onProgress: (progress: FineTuneProgress) => void,
    signal: AbortSignal,
  ): Promise<FineTuneAnswer> {
    const link = this.links[engine];
    for (let failures = 1; ; failures++) {
      try {
        return await link.call((service) => service.run(request, proxy(onProgress), signal));
      } catch (caught) {
        if (!(caught instanceof UserError) || !isFailedBackend(caught.problem)) throw caught;
        // The same worker cannot compute again, whoever asks next.
        link.stop();
        signal.throwIfAborted();
        if (failures > 1) throw new UserError({ ...caught.problem, hint: againHint });
      }
    }
  }

  forget(request: FineTuneRequest): Promise<void> {
    return this.links.graph.call((service) => service.forget(request));
  }
}

const againHint =
  'Start it again, on the WASM back end if need be: it goes on from its last checkpoint where the back end is the same.';
