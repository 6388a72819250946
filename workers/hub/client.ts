/** The page's side of the hub worker: look-ups, downloads and the checkpoints kept on this device. */

import { proxy, type Remote } from 'comlink';
import type { DownloadProgress, HubAccess, KeptCheckpoint } from '../../src/models/hub/library.ts';
import type { HubRepository } from '../../src/models/hub/repository.ts';
import type { CheckpointFiles, CheckpointFolder } from '../../src/models/types.ts';
import { abortable } from '../link/abortable.ts';
import { WorkerLink } from '../link/workerLink.ts';
import type { HubService } from './worker.ts';

/** Writing a large file can keep a slow disk busy for a while. */
const silenceLimitMs = 120_000;

export class HubEngine {
  private readonly link = new WorkerLink<HubService>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'hub' }),
    { purpose: 'downloads', silenceLimitMs },
  );

  lookUp(typed: string, access: HubAccess, signal: AbortSignal): Promise<HubRepository> {
    return this.ask((service) => service.lookUp(typed, access, signal), signal);
  }

  /** Rejects at once when the signal aborts; what came is kept. */
  download(
    repository: HubRepository,
    access: HubAccess,
    onProgress: (progress: DownloadProgress) => void,
    signal: AbortSignal,
  ): Promise<KeptCheckpoint> {
    return this.ask((service) => service.download(repository, access, proxy(onProgress), signal), signal);
  }

  list(): Promise<KeptCheckpoint[]> {
    return this.ask((service) => service.list());
  }

  /** Keeps a checkpoint that was made on this page. */
  keep(files: CheckpointFiles): Promise<KeptCheckpoint> {
    return this.ask((service) => service.keep(files));
  }

  resumable(id: string): Promise<HubRepository> {
    return this.ask((service) => service.resumable(id));
  }

  open(id: string): Promise<CheckpointFolder> {
    return this.ask((service) => service.open(id));
  }

  remove(id: string): Promise<void> {
    return this.ask((service) => service.remove(id));
  }

  private ask<T>(request: (service: Remote<HubService>) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return abortable(
      this.link.call((service) => request(service)),
      signal,
    );
  }
}
