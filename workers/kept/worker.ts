/** Writes what the page keeps of its runs into the origin's private file system; reading needs no worker. */

import '../link/guard.ts';
import { fileJobStore } from '../../src/forecasts/jobStore.ts';
import { openOpfs } from '../../src/models/hub/opfs.ts';
import { exposeService } from '../link/expose.ts';

const files = openOpfs();

export interface KeptService {
  put(folder: string, key: string, bytes: Uint8Array): Promise<void>;
  remove(folder: string, key: string): Promise<void>;
  /** All of a folder. */
  forget(folder: string): Promise<void>;
}

const service: KeptService = {
  // Two tabs may finish the same job: a file can be open for writing once.
  put: (folder, key, bytes) => alone(folder, key, () => fileJobStore(files, folder).put(key, bytes)),
  remove: (folder, key) => alone(folder, key, () => fileJobStore(files, folder).remove(key)),
  forget: (folder) => files.remove(folder),
};

async function alone(folder: string, key: string, work: () => Promise<void>): Promise<void> {
  await (navigator.locks ? navigator.locks.request(`${folder}/${key}`, work) : work());
}

exposeService(service);
