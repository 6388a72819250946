/** Where parsed quotes are kept: the origin's private file system in a browser, anything with the same few operations in a test. */

import { nextTask } from '../../core/yielding.ts';

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

/** Known to every browser with a private file system, but not to the type library. */
interface Movable {
  move(name: string): Promise<void>;
}

/** The browser's own storage for this page, for workers; `undefined` where there is none that files can be renamed in. */
export async function browserStorage(): Promise<CacheStorage | undefined> {
  if (typeof navigator === 'undefined' || !navigator.storage?.getDirectory) return undefined;
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER, { create: true });
    const renames = typeof FileSystemFileHandle === 'function' && 'move' in FileSystemFileHandle.prototype;
    return renames ? new PrivateFiles(folder) : undefined;
  } catch {
    // Private windows and embedded pages may refuse.
    return undefined;
  }
}

class PrivateFiles implements CacheStorage {
  constructor(private readonly folder: FileSystemDirectoryHandle) {}

  async names(): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const name of this.folder.keys()) names.push(name);
    return names;
  }

  async open(name: string): Promise<File | undefined> {
    try {
      return await (await this.folder.getFileHandle(name)).getFile();
    } catch (caught) {
      if (isMissing(caught)) return undefined;
      throw caught;
    }
  }

  async write(name: string, parts: readonly Uint8Array[]): Promise<void> {
    const handle = await this.folder.getFileHandle(name, { create: true });
    const access = await handle.createSyncAccessHandle();
    try {
      access.truncate(0);
      let at = 0;
      for (const part of parts) {
        for (let done = 0; done < part.length; ) {
          const written = access.write(part.subarray(done, done + WRITE_BYTES), { at: at + done });
          if (written === 0) throw new DOMException('The storage is full.', 'QuotaExceededError');
          done += written;
          if ((at + done) % TURN_BYTES < WRITE_BYTES) await nextTask();
        }
        at += part.length;
      }
      access.flush();
    } finally {
      access.close();
    }
  }

  async rename(from: string, to: string): Promise<void> {
    const handle = await this.folder.getFileHandle(from);
    if (!isMovable(handle)) throw new TypeError('files cannot be renamed here');
    await this.remove(to);
    await handle.move(to);
  }

  async remove(name: string): Promise<void> {
    try {
      await this.folder.removeEntry(name);
    } catch (caught) {
      if (!isMissing(caught)) throw caught;
    }
  }

  async room(): Promise<number> {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined ? Number.POSITIVE_INFINITY : quota - (usage ?? 0);
  }

  async exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    // Without locks two tabs may both write; the names of what they write differ, and the last to rename wins.
    return navigator.locks ? navigator.locks.request(`${FOLDER}/${name}`, work) : work();
  }
}

/** A storage in memory, as private windows have, copies what it is given. */
const WRITE_BYTES = 1 << 20;
/** Whoever else has work for this worker gets a turn after so much. */
const TURN_BYTES = 1 << 24;

function isMovable(handle: object): handle is Movable {
  return 'move' in handle && typeof handle.move === 'function';
}

function isMissing(caught: unknown): boolean {
  return caught instanceof DOMException && caught.name === 'NotFoundError';
}
