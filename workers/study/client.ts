/** The page's side of the worker that does whole studies. */

import { proxy } from 'comlink';
import type { StudyResults } from '../../src/studies/figures/results.ts';
import type { StudyStep } from '../../src/studies/runStudy.ts';
import type { StudyOutline, StudyRequest, StudyService } from '../../src/studies/service.ts';
import { abortable } from '../link/abortable.ts';
import { WorkerLink } from '../link/workerLink.ts';

export type { StudyOutline, StudyRequest };

/** Simulating months of quotes, and resampling them, keeps a worker busy for a while. */
const silenceLimitMs = 300_000;

export class StudyEngine {
  private readonly link = new WorkerLink<StudyService>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'study' }),
    { purpose: 'studies', silenceLimitMs },
  );

  /** What a study will be, with a short measurement of each model. */
  outline(request: StudyRequest, signal: AbortSignal): Promise<StudyOutline> {
    return abortable(
      this.link.call((service) => service.outline(request, signal)),
      signal,
    );
  }

  /** Rejects at once when the signal aborts, while the worker stops within a batch; finished jobs are kept. */
  run(request: StudyRequest, onProgress: (progress: StudyStep) => void, signal: AbortSignal): Promise<StudyResults> {
    return abortable(
      this.link.call((service) => service.run(request, proxy(onProgress), signal)),
      signal,
    );
  }
}
