/** Backtests on a few workers at once: each gets a share of the configurations, and the shares are put together again. */

import { proxy } from 'comlink';
import type { OnProgress } from '../../core/types.ts';
import type { BatchResult } from '../../strategy/batch.ts';
import type { BacktestDetail, Backtester, BacktestJob, DetailJob } from '../../studies/backtester.ts';
import { abortable } from './abortable.ts';
import { WorkerLink } from './workerLink.ts';

/** More workers than this gain little: the model is what takes the time. */
const mostWorkers = 4;
/** Below this many configurations a share costs more to send than to compute. */
const smallestShare = 8;
const silenceLimitMs = 30_000;

export class BacktestPool implements Backtester {
  private readonly links: readonly WorkerLink<Backtester>[];

  constructor(workers = Math.min(mostWorkers, Math.max(1, navigator.hardwareConcurrency - 1))) {
    this.links = Array.from({ length: workers }, (_, i) => newLink(i + 1));
  }

  async run(job: BacktestJob, onProgress?: OnProgress, signal?: AbortSignal): Promise<BatchResult> {
    const shares = split(job.configs, Math.min(this.links.length, Math.ceil(job.configs.length / smallestShare)));
    const done = shares.map(() => 0);
    const report = (share: number): OnProgress =>
      proxy((progress) => {
        done[share] = progress.done;
        const total = (progress.total / (shares[share]?.length || 1)) * job.configs.length;
        onProgress?.({ ...progress, done: done.reduce((sum, count) => sum + count, 0), total });
      });
    const batches = shares.map((configs, i) =>
      this.link(i).call((service) => service.run({ ...job, configs }, report(i), signal)),
    );
    return joinBatches(await abortable(Promise.all(batches), signal));
  }

  detail(job: DetailJob): Promise<BacktestDetail> {
    return this.link(0).call((service) => service.detail(job));
  }

  private link(index: number): WorkerLink<Backtester> {
    const link = this.links[index];
    if (!link) throw new RangeError(`no worker ${index}`);
    return link;
  }
}

function newLink(number: number): WorkerLink<Backtester> {
  const spawn = () =>
    new Worker(new URL('../../../workers/backtest.worker.ts', import.meta.url), {
      type: 'module',
      name: `backtest ${number}`,
    });
  return new WorkerLink<Backtester>(spawn, { purpose: 'backtests', silenceLimitMs });
}

/** At most `parts` runs of neighbours whose lengths differ by one at most; at least one, which may be empty. */
export function split<T>(items: readonly T[], parts: number): T[][] {
  const count = Math.max(1, parts);
  const bound = (part: number): number => Math.round((part * items.length) / count);
  return Array.from({ length: count }, (_, part) => items.slice(bound(part), bound(part + 1)));
}

/** Batches over neighbouring configurations as one; the configuration is the outermost axis of every array. */
export function joinBatches(batches: readonly BatchResult[]): BatchResult {
  const [first] = batches;
  if (!first) throw new RangeError('no batches');
  const configs = batches.reduce((sum, batch) => sum + batch.configs, 0);
  const cells = configs * first.variants;
  const gather = <A extends Float64Array | Int32Array>(into: A, part: (batch: BatchResult) => A): A => {
    let at = 0;
    for (const batch of batches) {
      into.set(part(batch), at);
      at += part(batch).length;
    }
    return into;
  };
  return {
    configs,
    variants: first.variants,
    sessions: first.sessions,
    periodReturns: gather(new Float64Array(cells * first.sessions), (batch) => batch.periodReturns),
    tradeCounts: gather(new Int32Array(cells), (batch) => batch.tradeCounts),
    winCounts: gather(new Int32Array(cells), (batch) => batch.winCounts),
    heldTicks: gather(new Float64Array(cells), (batch) => batch.heldTicks),
    exposureTicks: gather(new Float64Array(cells), (batch) => batch.exposureTicks),
    turnover: gather(new Float64Array(cells), (batch) => batch.turnover),
    gross: gather(new Float64Array(cells), (batch) => batch.gross),
    spread: gather(new Float64Array(cells), (batch) => batch.spread),
    slippage: gather(new Float64Array(cells), (batch) => batch.slippage),
    fees: gather(new Float64Array(cells), (batch) => batch.fees),
  };
}
