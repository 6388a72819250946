/** Finished jobs as files of a folder: resumed from there, and merged with those of other shards by putting them into one folder. */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobStore } from '../../src/forecasts/jobStore.ts';

export function folderJobStore(folder: string): JobStore {
  mkdirSync(folder, { recursive: true });
  const at = (key: string): string => join(folder, `${key}.job`);
  return {
    get: async (key) => (existsSync(at(key)) ? new Uint8Array(readFileSync(at(key))) : undefined),
    async put(key, bytes) {
      writeFileSync(`${at(key)}.part`, bytes);
      renameSync(`${at(key)}.part`, at(key));
    },
    keys: async () =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.job'))
        .map((name) => name.slice(0, -4)),
    remove: async (key) => rmSync(at(key), { force: true }),
  };
}
