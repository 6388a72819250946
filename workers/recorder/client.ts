/** The page's side of the recorder worker. */

import { proxy } from 'comlink';
import type { RecordingSettings } from '../../src/quotes/recording/recorder.ts';
import type { RecorderService, RecordingReport } from '../../src/quotes/recording/service.ts';
import type { StoredRecording } from '../../src/quotes/recording/storage.ts';
import { WorkerLink } from '../link/workerLink.ts';

const silenceLimitMs = 60_000;

export class RecorderEngine {
  private readonly link = new WorkerLink<RecorderService>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'recorder' }),
    { purpose: 'recording', silenceLimitMs },
  );

  /** Resolves when the recording has begun; `onReport` is called until it is stopped. */
  start(settings: RecordingSettings, onReport: (report: RecordingReport) => void): Promise<void> {
    return this.link.call((service) => service.start(settings, proxy(onReport)));
  }

  /** Ends the recording; its CSV. */
  stop(): Promise<File> {
    return this.link.call((service) => service.stop());
  }

  list(): Promise<readonly StoredRecording[]> {
    return this.link.call((service) => service.list());
  }

  read(name: string): Promise<File> {
    return this.link.call((service) => service.read(name));
  }

  remove(name: string): Promise<void> {
    return this.link.call((service) => service.remove(name));
  }
}
