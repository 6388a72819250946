/** The page's side of the worker that resamples: intervals of a run, everything else about it, and runs against each other. */

import { proxy } from 'comlink';
import type { Comparison } from '../../src/analysis/comparison.ts';
import type { RunAnalysis } from '../../src/analysis/runAnalysis.ts';
import type { OnProgress } from '../../src/core/types.ts';
import type { MarketLineResult } from '../../src/marketLine/marketLineResult.ts';
import type { intervalsOf, SlopeIntervals } from '../../src/marketLine/slopeIntervals.ts';
import type { PricedRisk } from '../../src/risk/decomposition/pricedRisk.ts';
import { abortable } from '../link/abortable.ts';
import { WorkerLink } from '../link/workerLink.ts';
import type { RiskService } from './worker.ts';

/** Lines that are fitted anew for every draw keep a slow device busy for long. */
const silenceLimitMs = 120_000;

export class RiskEngine {
  private readonly link = new WorkerLink<RiskService>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'risk' }),
    { purpose: 'intervals', silenceLimitMs },
  );

  /** As the function of that name. */
  readonly intervals = (
    summary: Parameters<typeof intervalsOf>[0],
    seed: number,
    onProgress?: OnProgress,
    signal?: AbortSignal,
  ): Promise<SlopeIntervals> =>
    abortable(
      this.link.call((service) => service.intervalsOf(summary, seed, onProgress && proxy(onProgress), signal)),
      signal,
    );

  analyse(result: MarketLineResult, seed: number, triedBefore: number, signal: AbortSignal): Promise<RunAnalysis> {
    return abortable(
      this.link.call((service) => service.analyseRun(result, seed, triedBefore, signal)),
      signal,
    );
  }

  compare(
    reference: MarketLineResult,
    others: readonly MarketLineResult[],
    priced: PricedRisk,
    seed: number,
    signal: AbortSignal,
  ): Promise<Comparison[]> {
    return abortable(
      this.link.call((service) => service.compareRuns(reference, others, priced, seed)),
      signal,
    );
  }
}
