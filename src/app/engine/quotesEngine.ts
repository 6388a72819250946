/** The page's side of the quotes worker. The worker holds the series; if it is replaced, the page has to open its data again. */

import type { NamedFile, QuotesRead, QuotesService, SeriesSummary } from '../../../workers/quotes.worker.ts';
import type { Grid } from '../../core/types.ts';
import type { ResampleSettings } from '../../quotes/resample.ts';
import { abortable } from './abortable.ts';
import { WorkerLink } from './workerLink.ts';

/** Large files are read in one go. */
const silenceLimitMs = 300_000;

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

  readFiles(files: readonly NamedFile[], signal: AbortSignal): Promise<QuotesRead> {
    return abortable(
      this.link.call((service) => service.readFiles(files)),
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
