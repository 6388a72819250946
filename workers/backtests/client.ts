/**
 * Backtests on a few workers at once: each gets a share of the prediction variants, and the shares are put together again.
 * Predictions in shared memory are read in place; others are sent once altogether, each worker its own rows.
 */

import { proxy, transfer } from 'comlink';
import { partToSend } from '../../src/core/sharedArray.ts';
import type { OnProgress } from '../../src/core/types.ts';
import type { BacktestDetail, Backtester, BacktestJob, DetailJob } from '../../src/marketLine/backtester.ts';
import type { BatchResult } from '../../src/strategy/batch.ts';
import { abortable } from '../link/abortable.ts';
import { WorkerLink } from '../link/workerLink.ts';
import { joinBatches, splitEvenly } from './shares.ts';

/** Beyond this, what is shared (memory, caches) is what limits. */
const mostWorkers = 8;
const silenceLimitMs = 30_000;

export class BacktestPool implements Backtester {
  private readonly links: readonly WorkerLink<Backtester>[];

  /** As many as there are cores: the page itself has nothing to do while it waits. */
  constructor(workers = Math.min(mostWorkers, Math.max(1, navigator.hardwareConcurrency))) {
    this.links = Array.from({ length: workers }, (_, i) => newLink(i + 1));
  }

  async run(job: BacktestJob, onProgress?: OnProgress, signal?: AbortSignal): Promise<BatchResult> {
    const ticks = job.market.bid.length;
    const rows = ticks === 0 ? 0 : job.predictedMid.length / ticks;
    const shares = splitEvenly(rows, Math.min(this.links.length, rows));
    const done = shares.map(() => 0);
    const report = (share: number): OnProgress =>
      proxy((progress) => {
        done[share] = progress.done;
        const all = done.reduce((sum, count) => sum + count, 0);
        onProgress?.({ ...progress, done: all, total: rows * job.configs.length });
      });
    const batches = shares.map(([first, endExclusive], i) => {
      return this.link(i).call((service) => {
        const { part, transfers } = partToSend(job.predictedMid, first * ticks, endExclusive * ticks);
        return service.run(transfer({ ...job, predictedMid: part }, transfers), report(i), signal);
      });
    });
    return joinBatches(await abortable(Promise.all(batches), signal));
  }

  detail(job: DetailJob): Promise<BacktestDetail> {
    return this.link(0).call((service) => {
      const { part, transfers } = partToSend(job.prediction, 0, job.prediction.length);
      return service.detail(transfer({ ...job, prediction: part }, transfers));
    });
  }

  private link(index: number): WorkerLink<Backtester> {
    const link = this.links[index];
    if (!link) throw new RangeError(`no worker ${index}`);
    return link;
  }
}

function newLink(number: number): WorkerLink<Backtester> {
  const spawn = () =>
    new Worker(new URL('./worker.ts', import.meta.url), {
      type: 'module',
      name: `backtest ${number}`,
    });
  return new WorkerLink<Backtester>(spawn, { purpose: 'backtests', silenceLimitMs });
}
