/** Where finished jobs are kept under their keys: the browser's own file system, a folder, or memory. */

import { fail } from '../core/errors.ts';
import { type FileStore, readBytes, UNFINISHED, writeWhole } from '../storage/files.ts';
import { seal, unseal } from '../storage/sealed.ts';

export interface JobStore {
  /** Undefined where the job is not done. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Kept whole or not at all. Rejects with a `QuotaExceededError` where there is no room. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  keys(): Promise<readonly string[]>;
  remove(key: string): Promise<void>;
}

export function memoryJobStore(): JobStore {
  const kept = new Map<string, Uint8Array>();
  return {
    get: async (key) => kept.get(key),
    put: async (key, bytes) => void kept.set(key, bytes),
    keys: async () => [...kept.keys()],
    remove: async (key) => void kept.delete(key),
  };
}

/** Jobs as files of one folder: written beside, then renamed, so that a closed tab leaves no half job behind. */
export function fileJobStore(files: FileStore, folder = 'study-jobs'): JobStore {
  return {
    get: (key) => readBytes(files, `${folder}/${key}`),
    // Two tabs may finish the same job.
    put: (key, bytes) => files.exclusively(`${folder}/${key}`, () => writeWhole(files, `${folder}/${key}`, [bytes])),
    keys: async () => (await files.list(folder)).filter((name) => !name.endsWith(UNFINISHED) && !name.endsWith('/')),
    remove: (key) => files.exclusively(`${folder}/${key}`, () => files.remove(`${folder}/${key}`)),
  };
}

/** The same store with a checksum over each value. `get` throws a UserError `storage/damaged` for one that has changed. */
export function sealedStore(store: JobStore): JobStore {
  return {
    ...store,
    async get(key) {
      const sealed = await store.get(key);
      if (!sealed) return undefined;
      const bytes = await unseal(sealed);
      return (
        bytes ??
        fail('storage/damaged', 'What was kept on this device has been damaged.', {
          where: key,
          hint: 'Run it again: forecasts that are kept need not be made again.',
        })
      );
    },
    put: async (key, bytes) => store.put(key, await seal(bytes)),
  };
}

/** The same store, telling which keys were read and written. */
export function notingStore(store: JobStore, note: (key: string) => void): JobStore {
  return {
    ...store,
    async get(key) {
      const found = await store.get(key);
      if (found) note(key);
      return found;
    },
    async put(key, bytes) {
      await store.put(key, bytes);
      note(key);
    },
  };
}
