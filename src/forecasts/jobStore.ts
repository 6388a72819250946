/** Where finished jobs are kept under their keys: the browser's own file system, a folder, or memory. */

import type { FileStore } from '../models/hub/store.ts';

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

const UNFINISHED = '.part';

/** Jobs as files of one folder: written beside, then renamed, so that a closed tab leaves no half job behind. */
export function fileJobStore(files: FileStore, folder = 'study-jobs'): JobStore {
  return {
    async get(key) {
      const blob = await files.read(`${folder}/${key}`);
      return blob.size > 0 ? new Uint8Array(await blob.arrayBuffer()) : undefined;
    },
    async put(key, bytes) {
      const part = `${folder}/${key}${UNFINISHED}`;
      const writer = await files.append(part, 0);
      try {
        await writer.write(bytes);
      } finally {
        await writer.close();
      }
      await files.rename(part, `${folder}/${key}`);
    },
    keys: async () => (await files.list(folder)).filter((name) => !name.endsWith(UNFINISHED) && !name.endsWith('/')),
    remove: (key) => files.remove(`${folder}/${key}`),
  };
}
