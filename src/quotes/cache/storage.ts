/** Where parsed quotes are kept: a folder of this page's files, anything with the same few operations in a test. */

import { type FileStore, writeWhole } from '../../storage/files.ts';
import { openFiles } from '../../storage/place.ts';

/** Named files without folders. Every operation may reject; what it rejects with is not told apart but for a full storage. */
export interface CacheStorage {
  names(): Promise<readonly string[]>;
  /** `undefined` where there is no such file. */
  open(name: string): Promise<File | undefined>;
  /** Writes a new file; one that cannot be completed may be left behind. Rejects with a `QuotaExceededError` where there is no room. */
  write(name: string, parts: readonly Uint8Array[]): Promise<void>;
  /** Replaces a file of the new name at once. */
  rename(from: string, to: string): Promise<void>;
  /** Does nothing where there is no such file. */
  remove(name: string): Promise<void>;
  /** Bytes that can still be written, about. */
  room(): Promise<number>;
  /** Runs `work` while no other tab or worker is within the same name's. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
}

const FOLDER = 'quotes';

/** Where this page keeps files; `undefined` where they would not outlive it: what was parsed is in memory once already. */
export async function browserStorage(files: FileStore = openFiles()): Promise<CacheStorage | undefined> {
  return (await files.lasting()) ? new FolderOf(files) : undefined;
}

class FolderOf implements CacheStorage {
  constructor(private readonly files: FileStore) {}

  names(): Promise<readonly string[]> {
    return this.files.list(FOLDER);
  }

  open(name: string): Promise<File | undefined> {
    return this.files.open(`${FOLDER}/${name}`);
  }

  write(name: string, parts: readonly Uint8Array[]): Promise<void> {
    return writeWhole(this.files, `${FOLDER}/${name}`, parts);
  }

  rename(from: string, to: string): Promise<void> {
    return this.files.rename(`${FOLDER}/${from}`, `${FOLDER}/${to}`);
  }

  remove(name: string): Promise<void> {
    return this.files.remove(`${FOLDER}/${name}`);
  }

  room(): Promise<number> {
    return this.files.room();
  }

  exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.files.exclusively(`${FOLDER}/${name}`, work);
  }
}
