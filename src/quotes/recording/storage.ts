/**
 * Where recordings are kept while they grow: a file of the browser's private file system, so that a closed tab loses nothing, or the
 * memory where there is no such system.
 */

import { fail } from '../../core/errors.ts';
import type { TextSink } from './recorder.ts';

/** A recording that lies on this device. */
export interface StoredRecording {
  /** Name of the CSV file. */
  readonly name: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** A recording that is being written. */
export interface OpenRecording extends TextSink {
  readonly name: string;
  /** Whether it outlives the page. */
  readonly durable: boolean;
  /** Ends the writing; the content as a file. */
  finish(): Promise<File>;
}

const FOLDER = 'recordings';

/** Creates a recording called `name`, or one of that name with a number behind it. */
export async function createRecording(name: string): Promise<OpenRecording> {
  const folder = await recordingsFolder(true);
  if (!folder) return memoryRecording(name);
  const free = await freeName(folder, name);
  const file = await folder.getFileHandle(free, { create: true });
  const access = await file.createSyncAccessHandle();
  const encoder = new TextEncoder();
  let at = 0;
  return {
    name: free,
    durable: true,
    append(text) {
      const bytes = encoder.encode(text);
      const written = access.write(bytes, { at });
      if (written < bytes.length) {
        // Half a row would be read as a wrong one.
        access.truncate(at);
        throw new DOMException('The storage of this device is full.', 'QuotaExceededError');
      }
      at += written;
      access.flush();
    },
    async finish() {
      access.close();
      return file.getFile();
    },
  };
}

/** Recordings of this and earlier visits, the latest first; one that is being written in this or another tab is left out. */
export async function listRecordings(): Promise<StoredRecording[]> {
  const folder = await recordingsFolder(false);
  const found: StoredRecording[] = [];
  if (!folder) return found;
  for await (const handle of folder.values()) {
    if (handle.kind !== 'file' || (await isBeingWritten(handle))) continue;
    const { name, size, lastModified } = await handle.getFile();
    found.push({ name, bytes: size, modifiedMs: lastModified });
  }
  return found.sort((a, b) => b.modifiedMs - a.modifiedMs);
}

/** @throws UserError `recording/gone` where there is none of that name. */
export async function readRecording(name: string): Promise<File> {
  const folder = await recordingsFolder(false);
  const handle = await folder?.getFileHandle(name).catch(() => undefined);
  if (handle) return handle.getFile();
  return fail('recording/gone', 'The recording is no longer on this device.', { where: name });
}

/** @throws UserError `recording/in-use` while it is being written. */
export async function removeRecording(name: string): Promise<void> {
  const folder = await recordingsFolder(false);
  try {
    await folder?.removeEntry(name);
  } catch (caught) {
    if (caught instanceof DOMException && caught.name === 'NotFoundError') return;
    fail('recording/in-use', 'The recording is still being written and cannot be deleted.', {
      where: name,
      hint: 'Stop it first, in whichever tab it runs.',
    });
  }
}

function memoryRecording(name: string): OpenRecording {
  const parts: string[] = [];
  return {
    name,
    durable: false,
    append: (text) => void parts.push(text),
    finish: async () => new File(parts, name, { type: 'text/csv' }),
  };
}

/** `undefined` where the browser has no private file system, or none yet. */
async function recordingsFolder(create: boolean): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle(FOLDER, { create });
  } catch {
    return undefined;
  }
}

async function freeName(folder: FileSystemDirectoryHandle, name: string): Promise<string> {
  const taken = new Set<string>();
  for await (const key of folder.keys()) taken.add(key);
  const [, stem = name, ending = ''] = /^(.*?)(\.\w+)?$/.exec(name) ?? [];
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${stem} (${number})${ending}`;
  return free;
}

/** Only one may hold a file's writing end: whoever gets it sees that nobody else does. */
async function isBeingWritten(handle: FileSystemFileHandle): Promise<boolean> {
  try {
    (await handle.createSyncAccessHandle()).close();
    return false;
  } catch {
    return true;
  }
}
