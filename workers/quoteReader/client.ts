/** Reads dropped files side by side, each in one of a few workers. What is read does not depend on how many there are. */

import { proxy } from 'comlink';
import { isAbort, toProblem } from '../../src/core/errors.ts';
import type { FileRead } from '../../src/quotes/cache/rememberedFile.ts';
import type { ImportOverrides, QuotePreview, ReadProgress } from '../../src/quotes/types.ts';
import { failedFile, overridesFor } from '../../src/quotes/unread.ts';
import { abortable } from '../link/abortable.ts';
import { WorkerLink } from '../link/workerLink.ts';
import type { NamedFile, QuoteReaderService } from './worker.ts';

/** The disk and the memory are shared: more gain little. */
const mostWorkers = 4;
/** Readers answer between two pieces of a file. */
const silenceLimitMs = 60_000;

/** What else to say about a reading, and what to be told on the way. */
export interface ReadOptions {
  readonly overrides?: ImportOverrides;
  /** Several times a second while files are read. */
  readonly onProgress?: (progress: ReadProgress) => void;
  /** Once per readable content, as soon as its first rows are understood: within a second for files of any size. */
  readonly onPreview?: (preview: QuotePreview) => void;
  /** Whether quotes are remembered in the browser's storage; they are unless this is false. */
  readonly remember?: boolean;
}

export class QuoteReaderPool {
  private readonly links: readonly WorkerLink<QuoteReaderService>[];

  constructor(
    workers = Math.min(mostWorkers, Math.max(1, navigator.hardwareConcurrency - 1)),
    spawn: (number: number) => Worker = spawnReader,
  ) {
    this.links = Array.from(
      { length: workers },
      (_, i) => new WorkerLink<QuoteReaderService>(() => spawn(i + 1), { purpose: 'reading quotes', silenceLimitMs }),
    );
  }

  /**
   * One entry per file, in the order given. A worker that fails loses the file it was at, which is reported as a problem of that file.
   * Rejects with an AbortError at once when cancelled; the workers are stopped then, and their memory with them.
   */
  async read(files: readonly NamedFile[], options: ReadOptions, signal: AbortSignal): Promise<FileRead[]> {
    signal.throwIfAborted();
    const progress = new PoolProgress(files, options.onProgress);
    const results: FileRead[] = [];
    // Large files first, so that none of them is left for the end.
    const queue = [...files.keys()].sort((a, b) => files[b]!.file.size - files[a]!.file.size || a - b);
    const run = async (link: WorkerLink<QuoteReaderService>): Promise<void> => {
      for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
        progress.begin(index);
        const read = await readOne(link, files[index]!, options, (done) => progress.report(index!, done), signal);
        results[index] = read;
        progress.end(index, read);
      }
    };
    const links = this.links.slice(0, files.length);
    const stop = (): void => {
      for (const link of links) link.stop();
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      await abortable(Promise.all(links.map(run)), signal);
    } finally {
      signal.removeEventListener('abort', stop);
    }
    return results;
  }
}

async function readOne(
  link: WorkerLink<QuoteReaderService>,
  file: NamedFile,
  { overrides = {}, onPreview, remember = true }: ReadOptions,
  onBytes: (done: number) => void,
  signal: AbortSignal,
): Promise<FileRead> {
  try {
    return await link.call((service) =>
      service.read(
        file,
        overridesFor(file.name, overrides),
        remember,
        proxy(onBytes),
        onPreview && proxy(onPreview),
        signal,
      ),
    );
  } catch (caught) {
    if (isAbort(caught)) throw caught;
    return { parts: [failedFile(file.name, toProblem(caught))], remembered: false };
  }
}

function spawnReader(number: number): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: `quote reader ${number}`,
  });
}

/** Adds up what the workers report. */
class PoolProgress {
  private readonly bytesDone: number[];
  private readonly bytesTotal: number;
  private filesDone = 0;
  private rows = 0;
  private current = '';

  constructor(
    private readonly files: readonly NamedFile[],
    private readonly onProgress: ReadOptions['onProgress'],
  ) {
    this.bytesDone = files.map(() => 0);
    this.bytesTotal = files.reduce((sum, { file }) => sum + file.size, 0);
  }

  begin(index: number): void {
    this.current = this.files[index]!.name;
    this.tell();
  }

  report(index: number, bytes: number): void {
    this.bytesDone[index] = Math.min(bytes, this.files[index]!.file.size);
    this.tell();
  }

  end(index: number, { parts }: FileRead): void {
    this.bytesDone[index] = this.files[index]!.file.size;
    this.filesDone++;
    for (const { report } of parts) this.rows += report.rowsKept;
    this.tell();
  }

  private tell(): void {
    this.onProgress?.({
      file: this.current,
      filesDone: this.filesDone,
      filesTotal: this.files.length,
      bytesDone: this.bytesDone.reduce((sum, done) => sum + done, 0),
      bytesTotal: this.bytesTotal,
      rows: this.rows,
    });
  }
}
