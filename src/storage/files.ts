/**
 * Files that are kept on this device, as everything of this program sees them: the private file system (`privateFiles.ts`), or the memory of the
 * page where there is none (`memoryFiles.ts`). Paths have slashes and no leading one.
 */

import { nextTask } from '../core/yielding.ts';

/** A file open for writing. */
export interface FileWriter {
  /** Behind what was written before. Throws a `QuotaExceededError` where not all of it fits; none of it is then there. */
  write(bytes: Uint8Array): void;
  /** Brings what was written to the disk. */
  flush(): void;
  /** Rejects with a `QuotaExceededError` where the file is not as long as what was written. */
  close(): Promise<void>;
}

export interface FileStore {
  /** Whether it outlives the page. */
  lasting(): Promise<boolean>;
  /** Bytes of a file; 0 where there is none. */
  size(path: string): Promise<number>;
  /** Opens a file for writing behind its first `offset` bytes; what lies beyond is cut off. */
  append(path: string, offset: number): Promise<FileWriter>;
  /** Undefined where there is none. */
  open(path: string): Promise<File | undefined>;
  /** Replaces a file of the new name at once. */
  rename(path: string, to: string): Promise<void>;
  /** Deletes a file, or a folder with all it holds; nothing happens where there is none. */
  remove(path: string): Promise<void>;
  /** Names in a folder; a folder's end with a slash. */
  list(folder: string): Promise<string[]>;
  /** Whether a file is open for writing, here or in another tab. */
  beingWritten(path: string): Promise<boolean>;
  /** Bytes that can still be written, about. */
  room(): Promise<number>;
  /** Runs `work` while no other tab or worker is within the same name's. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** What is being written lies under such a name until it is whole. */
export const UNFINISHED = '.part';

/** A file system in memory, as private windows have, copies what it is given. */
const WRITE_BYTES = 1 << 20;
/** Whoever else has work for this worker gets a turn after so much. */
const TURN_BYTES = 1 << 24;

/**
 * Writes a file beside its place and gives it its name once it is whole: a closed tab, a full disk or a file system that counts wrongly
 * leave the file of before, or none. Rejects with a `QuotaExceededError` where there is no room.
 */
export async function writeWhole(files: FileStore, path: string, parts: readonly Uint8Array[]): Promise<void> {
  // Two tabs may write the same file: each has a name of its own for it, and the last to rename wins.
  const unfinished = `${path}.${crypto.randomUUID()}${UNFINISHED}`;
  try {
    const total = parts.reduce((sum, { length }) => sum + length, 0);
    await writeParts(await files.append(unfinished, 0), parts);
    if ((await files.size(unfinished)) !== total) throw storageFull();
    await files.rename(unfinished, path);
  } catch (caught) {
    await files.remove(unfinished).catch(() => {});
    throw caught;
  }
}

async function writeParts(writer: FileWriter, parts: readonly Uint8Array[]): Promise<void> {
  try {
    let sinceTurn = 0;
    for (const part of parts) {
      for (let at = 0; at < part.length; at += WRITE_BYTES) {
        writer.write(part.subarray(at, at + WRITE_BYTES));
        sinceTurn += WRITE_BYTES;
        if (sinceTurn < TURN_BYTES) continue;
        sinceTurn = 0;
        await nextTask();
      }
    }
  } finally {
    await writer.close();
  }
}

/** The whole of a small file; undefined where there is none. */
export async function readBytes(files: FileStore, path: string): Promise<Uint8Array | undefined> {
  const file = await files.open(path);
  return file && new Uint8Array(await file.arrayBuffer());
}

/** What browsers reject with where there is no room. */
export function storageFull(): DOMException {
  return new DOMException('The storage of this device is full.', 'QuotaExceededError');
}

/** Browsers make it a `DOMException`, or, lately, an error of its own kind. */
export function isFull(caught: unknown): boolean {
  return caught instanceof Error && caught.name === 'QuotaExceededError';
}
