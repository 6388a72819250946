/** Reads dropped files side by side, each in one of a few workers. What is read does not depend on how many there are. */

import { proxy, type Remote } from 'comlink';
import { fail, isAbort, toProblem } from '../../src/core/errors.ts';
import type { FileRead } from '../../src/quotes/cache/rememberedFile.ts';
import type { Trial } from '../../src/quotes/table/trial.ts';
import type { FileOverrides, ImportOverrides, QuotePreview, ReadProgress } from '../../src/quotes/types.ts';
import { failedFile, overridesFor } from '../../src/quotes/unread.ts';
import { abortable } from '../link/abortable.ts';
import { WorkerLink } from '../link/workerLink.ts';
import type { NamedFile, QuoteReaderService } from './worker.ts';

/** The disk and the memory are shared: more gain little. */
const mostWorkers = 4;
/**
 * Readers answer between two pieces of a file; a column of a Parquet file is one piece. What takes longer than the slowest device would
 * is not slow but damaged.
 */
const silenceLimitMs = { least: 8_000, perMegabyte: 200 };

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
  private readonly readers: readonly Reader[];
  /** Apart from the others: what is tried out does not wait for files that are read. */
  private readonly trier: Reader;

  constructor(
    workers = Math.min(mostWorkers, Math.max(1, navigator.hardwareConcurrency - 1)),
    spawn: (number: number) => Worker = spawnReader,
    leastSilenceMs = silenceLimitMs.least,
  ) {
    this.readers = Array.from({ length: workers }, (_, i) => new Reader(() => spawn(i + 1), leastSilenceMs));
    this.trier = new Reader(() => spawn(0), leastSilenceMs);
  }

  /** The beginning of a file, read by given settings: what they would give. Does not reject for what is in it. */
  async tryReading(file: NamedFile, member: string | undefined, overrides: FileOverrides): Promise<Trial> {
    try {
      return await this.trier.call(file, (service) => service.tryReading(file, member, overrides));
    } catch (caught) {
      return { problem: toProblem(caught) };
    }
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
    const run = async (reader: Reader): Promise<void> => {
      for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
        progress.begin(index);
        const read = await readOne(reader, files[index]!, options, (done) => progress.report(index!, done), signal);
        results[index] = read;
        progress.end(index, read);
      }
    };
    const readers = this.readers.slice(0, files.length);
    const stop = (): void => {
      for (const reader of readers) reader.stop();
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      await abortable(Promise.all(readers.map(run)), signal);
    } finally {
      signal.removeEventListener('abort', stop);
    }
    return results;
  }
}

/** A worker that reads one file at a time, and is replaced where it does not answer: the file is then taken for damaged. */
class Reader {
  private readonly link: WorkerLink<QuoteReaderService>;
  private limitMs: number;

  constructor(
    spawn: () => Worker,
    private readonly leastMs: number,
  ) {
    this.limitMs = leastMs;
    this.link = new WorkerLink<QuoteReaderService>(spawn, {
      purpose: 'reading quotes',
      silenceLimitMs: () => this.limitMs,
    });
  }

  /** @throws UserError `quotes/unreadable` where it took too long */
  async call<T>({ file }: NamedFile, request: (service: Remote<QuoteReaderService>) => Promise<T>): Promise<T> {
    this.limitMs = this.leastMs + (file.size / 1e6) * silenceLimitMs.perMegabyte;
    try {
      return await this.link.call(request);
    } catch (caught) {
      if (toProblem(caught).code !== 'worker/silent') throw caught;
      const seconds = Math.round(this.limitMs / 1000);
      return fail(
        'quotes/unreadable',
        `The file could not be read within ${seconds} s: it is damaged, or made to be.`,
        {
          hint: 'Download it again; if it opens elsewhere, save it there as CSV.',
        },
      );
    }
  }

  stop(): void {
    this.link.stop();
  }
}

async function readOne(
  reader: Reader,
  file: NamedFile,
  { overrides = {}, onPreview, remember = true }: ReadOptions,
  onBytes: (done: number) => void,
  signal: AbortSignal,
): Promise<FileRead> {
  try {
    return await reader.call(file, (service) =>
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
