/** What the page keeps of its runs on this device: forecasts by the day, records, results. */

import { fileJobStore, type JobStore, notingStore, sealedStore } from '../../src/forecasts/jobStore.ts';
import { forecastLimit } from '../../src/forecasts/tidying.ts';
import { whileInUse } from '../../src/storage/inUse.ts';
import { openFiles } from '../../src/storage/place.ts';
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

/** One folder of this page's files. Written by a worker, read here. */
export function keptFiles(folder: string): JobStore {
  const { get, keys } = fileJobStore(openFiles(), folder);
  const store: JobStore = {
    get,
    keys,
    put: (key, bytes) => writer().call((service) => service.put(folder, key, bytes)),
    remove: (key) => writer().call((service) => service.remove(folder, key)),
  };
  // Forecasts have checksums of their own.
  return folder === keptFolders.forecasts ? store : sealedStore(store);
}

/**
 * Does what reads and keeps forecasts with a store for it: meanwhile none are removed, and afterwards those that were used longest ago are,
 * where there are more than the bound.
 */
export async function withForecasts<T>(work: (store: JobStore) => Promise<T>): Promise<T> {
  const folder = keptFolders.forecasts;
  const used = new Set<string>();
  try {
    return await whileInUse(folder, () => work(notingStore(keptFiles(folder), (key) => used.add(key))));
  } finally {
    // Nobody waits for it, and what goes wrong is tried again after the next run.
    if (used.size > 0)
      void writer()
        .call((service) => service.tidy(folder, [...used]))
        .catch(() => {});
  }
}

/** Bytes that kept forecasts may take. */
export const keptLimit = {
  get: (): Promise<number> => forecastLimit(openFiles(), keptFolders.forecasts),
  set: (bytes: number): Promise<void> => writer().call((service) => service.setLimit(keptFolders.forecasts, bytes)),
};

/** Bytes in a folder. */
export async function keptBytes(folder: string): Promise<number> {
  const files = openFiles();
  const sizes = await Promise.all((await files.list(folder)).map((name) => files.size(`${folder}/${name}`)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Removes all that a folder holds. */
export async function forgetKept(folder: string): Promise<void> {
  await writer().call((service) => service.forget(folder));
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
