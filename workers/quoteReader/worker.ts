/** Reads dropped files, one at a time, and hands over what they hold; nothing is kept but what the browser's storage remembers. */

import '../link/guard.ts';
import { transfer } from 'comlink';
import { buffersOf } from '../../src/core/buffers.ts';
import { QuoteCache } from '../../src/quotes/cache/quoteCache.ts';
import { type FileRead, readRememberedFile } from '../../src/quotes/cache/rememberedFile.ts';
import { browserStorage } from '../../src/quotes/cache/storage.ts';
import { type Trial, tryReading } from '../../src/quotes/table/trial.ts';
import type { FileOverrides, QuotePreview } from '../../src/quotes/types.ts';
import { exposeService } from '../link/expose.ts';

/** A file of the user's disk; its bytes are read in the worker. */
export interface NamedFile {
  /** With the folders it lay in, where they are known. */
  readonly name: string;
  readonly file: File;
}

const reportEveryMs = 100;

const service = {
  async read(
    { name, file }: NamedFile,
    overrides: FileOverrides,
    remember: boolean,
    onBytes: (done: number) => void,
    onPreview: ((preview: QuotePreview) => void) | undefined,
    signal: AbortSignal,
  ): Promise<FileRead> {
    const storage = remember ? await browserStorage() : undefined;
    let reportedMs = Number.NEGATIVE_INFINITY;
    const hooks = {
      signal,
      onPreview,
      onBytes: (done: number) => {
        if (performance.now() - reportedMs < reportEveryMs) return;
        reportedMs = performance.now();
        onBytes(done);
      },
    };
    const read = await readRememberedFile(name, file, overrides, hooks, storage && new QuoteCache(storage));
    return transfer(read, buffersOf(read));
  },

  /** Reads the beginning of a file by given settings. */
  tryReading({ name, file }: NamedFile, member: string | undefined, overrides: FileOverrides): Promise<Trial> {
    return tryReading({ name, bytes: file }, member, overrides);
  },
};

export type QuoteReaderService = typeof service;

exposeService(service);
