/** Writes what the page keeps of its runs into this page's files; reading needs no worker. */

import '../link/guard.ts';
import { fileJobStore } from '../../src/forecasts/jobStore.ts';
import { noteUse, setForecastLimit, tidy } from '../../src/forecasts/tidying.ts';
import { openFiles } from '../../src/storage/place.ts';
import { exposeService } from '../link/expose.ts';

const files = openFiles();

export interface KeptService {
  put(folder: string, key: string, bytes: Uint8Array): Promise<void>;
  remove(folder: string, key: string): Promise<void>;
  /** All of a folder. */
  forget(folder: string): Promise<void>;
  /** Notes what a run of forecasts used, and makes the folder as small as its bound, unless a run is under way. */
  tidy(folder: string, used: readonly string[]): Promise<void>;
  /** Bytes that the folder may hold. */
  setLimit(folder: string, bytes: number): Promise<void>;
}

const service: KeptService = {
  put: (folder, key, bytes) => fileJobStore(files, folder).put(key, bytes),
  remove: (folder, key) => fileJobStore(files, folder).remove(key),
  forget: (folder) => files.remove(folder),
  async tidy(folder, used) {
    await noteUse(files, folder, used);
    await tidy(files, folder);
  },
  async setLimit(folder, bytes) {
    await setForecastLimit(files, folder, bytes);
    await tidy(files, folder);
  },
};

exposeService(service);
