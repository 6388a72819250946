/** The page's side of the quotes worker. The worker holds the series; if it is replaced, the page has to open its data again. */

import type { NamedFile, QuotesRead, QuotesService, SeriesSummary } from '../../../workers/quotes.worker.ts';
import type { Grid } from '../../core/types.ts';
import type { ResampleSettings } from '../../quotes/resample.ts';
import type { ImportOverrides, QuotePreview, ReadProgress, StoredQuotes } from '../../quotes/types.ts';
import { abortable } from './abortable.ts';
import { WorkerLink } from './workerLink.ts';

/** Large files are read in one go. */
const silenceLimitMs = 300_000;

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

/** Quotes that the browser remembers of files read before (QuotesEngine implements it). */
export interface StoredQuotesStore {
  /** The last used first. Empty where the browser has no storage. */
  stored(): Promise<readonly StoredQuotes[]>;
  /** Opens them without their files; an entry that is damaged or gone is a report with a problem. */
  openStored(keys: readonly string[], signal: AbortSignal): Promise<QuotesRead>;
  forget(key: string): Promise<void>;
  /** "Forget my data": removes all of them. */
  forgetAll(): Promise<void>;
}

export class QuotesEngine {
  private readonly link = new WorkerLink<QuotesService>(
    () => new Worker(new URL('../../../workers/quotes.worker.ts', import.meta.url), { type: 'module', name: 'quotes' }),
    { purpose: 'reading quotes', silenceLimitMs },
  );

  /** Which worker holds the series; a series opened in another one is lost. */
  get generation(): number | undefined {
    return this.link.generation;
  }

  openEmbedded(signal: AbortSignal): Promise<readonly SeriesSummary[]> {
    return abortable(
      this.link.call((service) => service.openEmbedded()),
      signal,
    );
  }

  readFiles(files: readonly NamedFile[], signal: AbortSignal, options: ReadOptions = {}): Promise<QuotesRead> {
    return abortable(
      this.link.call((service) => service.readFiles(files, options.overrides ?? {})),
      signal,
    );
  }

  sample(settings: ResampleSettings, signal: AbortSignal): Promise<readonly Grid[]> {
    return abortable(
      this.link.call((service) => service.sample(settings)),
      signal,
    );
  }
}
