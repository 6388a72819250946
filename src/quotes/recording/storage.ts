/** Where recordings are kept while they grow: a file of this page's, so that a closed tab loses nothing where files outlive it. */

import { fail } from '../../core/errors.ts';
import type { FileStore } from '../../storage/files.ts';
import { openFiles } from '../../storage/place.ts';
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
export async function createRecording(name: string, files: FileStore = openFiles()): Promise<OpenRecording> {
  const free = freeName(new Set(await files.list(FOLDER)), name);
  const path = `${FOLDER}/${free}`;
  const writer = await files.append(path, 0);
  const encoder = new TextEncoder();
  return {
    name: free,
    durable: await files.lasting(),
    append(text) {
      // All of a text is written or none of it: half a row would be read as a wrong one.
      writer.write(encoder.encode(text));
      writer.flush();
    },
    async finish() {
      await writer.close();
      return (await files.open(path)) ?? gone(free);
    },
  };
}

/** Recordings of this and earlier visits, the latest first; one that is being written in this or another tab is left out. */
export async function listRecordings(files: FileStore = openFiles()): Promise<StoredRecording[]> {
  const found: StoredRecording[] = [];
  for (const name of await files.list(FOLDER)) {
    const path = `${FOLDER}/${name}`;
    const file = !name.endsWith('/') && !(await files.beingWritten(path)) && (await files.open(path));
    if (file) found.push({ name, bytes: file.size, modifiedMs: file.lastModified });
  }
  return found.sort((a, b) => b.modifiedMs - a.modifiedMs);
}

/** @throws UserError `recording/gone` where there is none of that name. */
export async function readRecording(name: string, files: FileStore = openFiles()): Promise<File> {
  return (await files.open(`${FOLDER}/${name}`)) ?? gone(name);
}

/** @throws UserError `recording/in-use` while it is being written. */
export async function removeRecording(name: string, files: FileStore = openFiles()): Promise<void> {
  const path = `${FOLDER}/${name}`;
  if (await files.beingWritten(path)) inUse(name);
  // Another tab may have begun to write it just now.
  await files.remove(path).catch(() => inUse(name));
}

function gone(name: string): never {
  return fail('recording/gone', 'The recording is no longer on this device.', { where: name });
}

function inUse(name: string): never {
  return fail('recording/in-use', 'The recording is still being written and cannot be deleted.', {
    where: name,
    hint: 'Stop it first, in whichever tab it runs.',
  });
}

function freeName(taken: ReadonlySet<string>, name: string): string {
  const [, stem = name, ending = ''] = /^(.*?)(\.\w+)?$/.exec(name) ?? [];
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${stem} (${number})${ending}`;
  return free;
}
