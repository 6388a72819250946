/**
 * The page's side of the quotes: a pool of workers reads files, one worker holds the series. If that one is replaced, the page has to open
 * its data again.
 */

import { transfer } from 'comlink';
import { buffersOf } from '../../src/core/buffers.ts';
import type { UserProblem } from '../../src/core/errors.ts';
import type { Grid } from '../../src/core/types.ts';
import type { GridSizes } from '../../src/quotes/gridBudget.ts';
import type { ResampleSettings } from '../../src/quotes/resample.ts';
import type { QuotesAssembled, QuotesService, Sampling, SeriesSummary } from '../../src/quotes/service.ts';
import type { Trial } from '../../src/quotes/table/trial.ts';
import type { FileOverrides, StoredQuotes } from '../../src/quotes/types.ts';
import { abortable } from '../link/abortable.ts';
import { WorkerLink } from '../link/workerLink.ts';
import { QuoteReaderPool, type ReadOptions } from '../quoteReader/client.ts';
import type { NamedFile } from '../quoteReader/worker.ts';

/** Long series are joined and sampled in one go. */
const silenceLimitMs = 300_000;

/** Series that a worker holds, until others are kept alone or the worker ends. */
export interface HeldQuotes {
  /** Which worker. */
  readonly generation: number;
  readonly set: number;
}

export interface OpenedQuotes {
  readonly series: readonly SeriesSummary[];
  readonly held: HeldQuotes;
}

/** What came of dropped files. */
export interface QuotesRead extends Omit<QuotesAssembled, 'set'> {
  /** Undefined where no file held a usable quote. */
  readonly held: HeldQuotes | undefined;
  /** Names of the files whose quotes were remembered from an earlier visit. */
  readonly remembered: readonly string[];
  /** Settles once the quotes are remembered for the next visit, with the reasons why some are not. Never rejects; nobody has to wait. */
  readonly kept: Promise<readonly UserProblem[]>;
}

/** Quotes that the browser remembers of files read before. */
export interface StoredQuotesStore {
  /** The last used first. Empty where the browser has no storage. */
  stored(): Promise<readonly StoredQuotes[]>;
  forget(key: string): Promise<void>;
  /** "Forget my data": removes all of them. */
  forgetAll(): Promise<void>;
}

export class QuotesEngine implements StoredQuotesStore {
  private readonly link = new WorkerLink<QuotesService>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'quotes' }),
    { purpose: 'the quotes', silenceLimitMs },
  );

  constructor(private readonly readers = new QuoteReaderPool()) {}

  /** Whether the worker that was given these is still there. */
  holds({ generation }: HeldQuotes): boolean {
    return this.link.generation === generation;
  }

  async openEmbedded(signal: AbortSignal): Promise<OpenedQuotes> {
    const { series, set } = await abortable(
      this.link.call((service) => service.openEmbedded()),
      signal,
    );
    return { series, held: this.heldAs(set) };
  }

  /** Files, and in front of them remembered quotes by their keys: an entry that is damaged or gone is a report with a problem. */
  async readFiles(
    files: readonly NamedFile[],
    signal: AbortSignal,
    options: ReadOptions = {},
    storedKeys: readonly string[] = [],
  ): Promise<QuotesRead> {
    // Hours are of markets, not of files: they are told when all files are put together.
    const { calendar, ...overrides } = options.overrides ?? {};
    const read = await this.readers.read(files, { ...options, overrides }, signal);
    const assembled = await abortable(
      this.link.call((service) => service.takeOver(storedKeys, transfer(read, buffersOf(read)), calendar, signal)),
      signal,
    );
    const { set, ...rest } = assembled;
    return {
      ...rest,
      held: set === undefined ? undefined : this.heldAs(set),
      remembered: files.flatMap(({ name }, i) => (read[i]!.remembered ? [name] : [])),
      kept: this.link.call((service) => service.keep()).catch(() => []),
    };
  }

  /** @throws UserError `quotes/…` where a series cannot be sampled so, or is not held any more */
  async sample(held: HeldQuotes, settings: Sampling, signal: AbortSignal): Promise<readonly Grid[]> {
    // A fresh worker counts its sets anew: another one's number means nothing to it.
    const set = this.holds(held) ? held.set : Number.NaN;
    return abortable(
      this.link.call((service) => service.sample(set, settings)),
      signal,
    );
  }

  /** What the grids of all series would take, and what there is room for. */
  sizes({ set }: HeldQuotes, settings: ResampleSettings): Promise<GridSizes> {
    return this.link.call((service) => service.sizes(set, settings));
  }

  /** These are in use: what was opened beside them is let go. */
  async keepOnly(held: HeldQuotes): Promise<void> {
    if (this.holds(held)) await this.link.call((service) => service.keepOnly(held.set));
  }

  stored(): Promise<readonly StoredQuotes[]> {
    return this.link.call((service) => service.stored());
  }

  /** The beginning of a file, read by given settings: what they would give. */
  tryReading(file: NamedFile, member: string | undefined, overrides: FileOverrides): Promise<Trial> {
    return this.readers.tryReading(file, member, overrides);
  }

  forget(key: string): Promise<void> {
    return this.link.call((service) => service.forget(key));
  }

  forgetAll(): Promise<void> {
    return this.link.call((service) => service.forgetAll());
  }

  private heldAs(set: number): HeldQuotes {
    return { generation: this.link.generation ?? Number.NaN, set };
  }
}
