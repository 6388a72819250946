/** What the page keeps of its runs on this device: forecasts by the day, records, results. In memory where the browser keeps nothing. */

import { fileJobStore, type JobStore, memoryJobStore } from '../../src/forecasts/jobStore.ts';
import { openOpfs } from '../../src/models/hub/opfs.ts';
import { WorkerLink } from '../link/workerLink.ts';
import type { KeptService } from './worker.ts';

/** A slow disk takes its time. */
const silenceLimitMs = 60_000;

/** Folders in the private file system. `study-jobs` is where the jobs of whole studies lie too. */
export const keptFolders = { forecasts: 'study-jobs', records: 'runs', results: 'run-results' } as const;

let link: WorkerLink<KeptService> | undefined;

function writer(): WorkerLink<KeptService> {
  link ??= new WorkerLink<KeptService>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'kept' }),
    { purpose: 'keeping results', silenceLimitMs },
  );
  return link;
}

/** Whether anything outlives the page. Private windows may refuse. */
export const keepsFiles: Promise<boolean> = (async () => {
  try {
    await navigator.storage.getDirectory();
    return typeof FileSystemFileHandle === 'function' && 'move' in FileSystemFileHandle.prototype;
  } catch {
    return false;
  }
})();

/** One folder of it. Written by a worker, read here. */
export function keptFiles(folder: string): JobStore {
  const read = fileJobStore(openOpfs(), folder);
  const written: JobStore = {
    ...{ get: read.get, keys: read.keys },
    put: (key, bytes) => writer().call((service) => service.put(folder, key, bytes)),
    remove: (key) => writer().call((service) => service.remove(folder, key)),
  };
  const store = keepsFiles.then((lasts) => (lasts ? written : memoryJobStore()));
  return {
    get: async (key) => (await store).get(key),
    put: async (key, bytes) => (await store).put(key, bytes),
    keys: async () => (await store).keys(),
    remove: async (key) => (await store).remove(key),
  };
}

/** Bytes in a folder. */
export async function keptBytes(folder: string): Promise<number> {
  if (!(await keepsFiles)) return 0;
  const files = openOpfs();
  const sizes = await Promise.all((await files.list(folder)).map((name) => files.size(`${folder}/${name}`)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Removes all that a folder holds. */
export async function forgetKept(folder: string): Promise<void> {
  if (await keepsFiles) await writer().call((service) => service.forget(folder));
}

/** The same store, but a result that cannot be kept is told and not thrown: a run goes on without. */
export function forgiving(store: JobStore, onProblem: (caught: unknown) => void): JobStore {
  return {
    ...store,
    put: (key, bytes) => store.put(key, bytes).catch(onProblem),
    get: (key) =>
      store.get(key).catch((caught: unknown) => {
        onProblem(caught);
        return undefined;
      }),
  };
}
