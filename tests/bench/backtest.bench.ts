/**
 * Speed of the batch backtest against native peers (numba on one thread and on all, vectorised NumPy) and against the literal
 * tick-by-tick loop of the tests, in the same run, after checking that results agree.
 */

import { Worker } from 'node:worker_threads';
import { RandomStream } from '../../src/core/random.ts';
import { defaultRunSettings, gridSettingsOf } from '../../src/runs/settings.ts';
import { runBatch } from '../../src/strategy/batch.ts';
import type { StrategyConfig } from '../../src/strategy/config.ts';
import { drawConfigs } from '../../src/strategy/grid.ts';
import type { Market } from '../../src/strategy/types.ts';
import { literalBacktest } from '../unit/strategy/literalBacktest.ts';
import { type BacktestPeer, peerBacktests } from './backtestPeers.ts';
import type { Benchmark, Figure } from './run.ts';

const SESSION_TICKS = 1800;
/** As many as a study has by default: what a market needs once is shared by all of them. */
const VARIANTS = 16;

/** How often strategies trade: from several trades a minute to one or less in half an hour. */
const loads = {
  dense: { thresholdBps: { min: 0.5, max: 4 }, off: 0.3 },
  moderate: { thresholdBps: { min: 6, max: 12 }, off: 0.3 },
  sparse: { thresholdBps: { min: 12, max: 16 }, off: 1 },
} as const;

type Load = keyof typeof loads;

const peerNames: Readonly<Record<BacktestPeer, string>> = {
  numba: 'numba, one thread',
  'numba-parallel': 'numba, all threads',
  numpy: 'vectorised NumPy',
};

export const benchmarks: readonly Benchmark[] = [
  ...(Object.keys(loads) as Load[]).flatMap((load): Benchmark[] => [
    { name: `backtest, ${load}, against numba`, run: ({ full }) => againstPeer('numba', load, full) },
    {
      name: `backtest, ${load}, against numba on all cores`,
      run: ({ full }) => againstPeer('numba-parallel', load, full),
    },
    { name: `backtest, ${load}, against the literal loop`, run: ({ full }) => againstLiteral(load, full) },
  ]),
  ...(['dense', 'moderate'] as const).map(
    (load): Benchmark => ({
      name: `backtest, ${load}, 200 configurations × 16 variants × 5 assets × 20 days of 23 400 ticks, two workers`,
      run: ({ full }) => (full ? wholeStudy(load) : undefined),
    }),
  ),
  { name: 'backtest, reversals only, against NumPy', run: ({ full }) => againstPeer('numpy', 'moderate', full) },
];

/** One worker of ours. Returns must agree to 1e-12: the peer adds them up in its own order. */
async function againstPeer(peer: BacktestPeer, load: Load, full: boolean): Promise<Figure | undefined> {
  const { market, predictions, configs } = workOf(load, full, peer === 'numpy');
  const theirs = peerBacktests(peer, market, predictions, configs, 5);
  if (!theirs) return undefined;
  const batch = await runBatch(market, predictions, configs);
  const verified = batch.periodReturns.every((ours, i) => Math.abs(ours - theirs.periodReturns[i]!) <= 1e-12);
  const seconds = await bestOf(7, () => runBatch(market, predictions, configs));
  return {
    value: tickSteps(market, configs) / seconds / 1e6,
    unit: 'million tick-steps/s',
    verified,
    peer: `${peerNames[peer]}${peer === 'numba-parallel' ? ` (${theirs.threads})` : ''}; ${tradesAnHour(batch.tradeCounts, market)} trades an hour`,
    ratio: theirs.seconds / seconds,
  };
}

async function againstLiteral(load: Load, full: boolean): Promise<Figure> {
  const { market, predictions, configs } = workOf(load, full, false);
  const few = configs.slice(0, 8);
  const rows = Array.from({ length: VARIANTS }, (_, v) =>
    predictions.subarray(v * market.bid.length, (v + 1) * market.bid.length),
  );
  const literally = () => few.map((config) => rows.map((row) => literalBacktest(market, row, config).periodReturns));
  const batch = await runBatch(market, predictions, few);
  const verified = literally()
    .flat(2)
    .every((want, i) => batch.periodReturns[i] === want);
  const seconds = await bestOf(7, () => runBatch(market, predictions, few));
  const peerSeconds = await bestOf(2, literally);
  return {
    value: tickSteps(market, few) / seconds / 1e6,
    unit: 'million tick-steps/s',
    verified,
    peer: 'the literal loop of the tests, which is written to be read',
    ratio: peerSeconds / seconds,
  };
}

/** Seconds of all backtests of a large study on two workers, against one; every asset has the same quotes and forecasts. */
async function wholeStudy(load: Load): Promise<Figure> {
  const assets = 5;
  const { market, predictions } = simulate(20, 23_400, 16);
  const { configs } = workOf(load, true, false);
  const ticks = market.bid.length;
  const shared = new Float64Array(new SharedArrayBuffer(predictions.byteLength));
  shared.set(predictions);
  const file = new URL('./backtestWorker.ts', import.meta.url).href;
  // Worker threads do not take over the loader of TypeScript.
  const boot = `import('tsx/esm/api').then(({ tsImport }) => tsImport(${JSON.stringify(file)}, ${JSON.stringify(file)}))`;
  const workers = [0, 1].map(() => new Worker(boot, { eval: true, workerData: { market, configs } }));

  const answer = (worker: Worker) => new Promise<unknown>((resolve) => void worker.once('message', resolve));
  const on = async (used: readonly Worker[]): Promise<{ seconds: number; total: number }> => {
    const start = performance.now();
    let total = 0;
    for (let asset = 0; asset < assets; asset++) {
      const sums = used.map((worker, i) => {
        const from = ((i * 16) / used.length) * ticks;
        worker.postMessage(shared.subarray(from, from + (16 / used.length) * ticks));
        return answer(worker);
      });
      total += (await Promise.all(sums)).reduce<number>((sum, value) => sum + Number(value), 0);
    }
    return { seconds: (performance.now() - start) / 1000, total };
  };
  try {
    await Promise.all(workers.map(answer));
    const one = await on(workers.slice(0, 1));
    const two = await on(workers);
    const verified = Math.abs(one.total - two.total) <= 1e-9 * Math.abs(one.total);
    return { value: two.seconds, unit: 's', verified, peer: 'one worker', ratio: one.seconds / two.seconds };
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function workOf(load: Load, full: boolean, reversalsOnly: boolean) {
  const { thresholdBps, off } = loads[load];
  const grid = gridSettingsOf(defaultRunSettings);
  const offProbability = reversalsOnly ? 1 : off;
  const drawn = drawConfigs(
    {
      ...grid,
      count: full ? 200 : 64,
      thresholdBps,
      stopLossBps: { ...grid.stopLossBps, offProbability },
      takeProfitBps: { ...grid.takeProfitBps, offProbability },
      maxHoldTicks: { ...grid.maxHoldTicks, offProbability: reversalsOnly ? 1 : 0.3 },
    },
    1,
  );
  const configs = drawn.map((config) => ({ ...config, feeBps: 0.5 }));
  return { ...simulate(full ? 111 : 20), configs };
}

function tickSteps(market: Market, configs: readonly StrategyConfig[]): number {
  return market.bid.length * configs.length * VARIANTS;
}

function tradesAnHour(tradeCounts: Int32Array, market: Market): string {
  const trades = tradeCounts.reduce((sum, count) => sum + count, 0) / tradeCounts.length;
  return (trades / (market.bid.length / 3600)).toPrecision(2);
}

/** Shortest of several runs, in seconds: the one least disturbed by other work on the machine. */
async function bestOf(runs: number, work: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work();
    best = Math.min(best, performance.now() - start);
  }
  return best / 1000;
}

/** A random walk of one-second ticks on a price grid of 0.01 around 100; forecasts err by 4 bps and fade with a memory of a minute. */
function simulate(
  sessions: number,
  ticksPerSession = SESSION_TICKS,
  variants = VARIANTS,
): { market: Market; predictions: Float64Array } {
  const stream = new RandomStream(1, 'bench/backtest');
  const tickCount = sessions * ticksPerSession;
  const sessionStarts = Int32Array.from({ length: sessions }, (_, s) => s * ticksPerSession);
  const bid = new Float64Array(tickCount);
  const ask = new Float64Array(tickCount);
  let mid = 100;
  for (let k = 0; k < tickCount; k++) {
    mid *= Math.exp(1e-4 * stream.normal());
    bid[k] = Math.floor(mid * 100) / 100;
    ask[k] = (Math.floor(mid * 100) + 1) / 100;
  }
  const memory = Math.exp(-1 / 60);
  const predictions = new Float64Array(variants * tickCount);
  for (let v = 0; v < variants; v++) {
    let surprise = 0;
    for (let k = 0; k < tickCount; k++) {
      surprise = memory * surprise + Math.sqrt(1 - memory ** 2) * 4e-4 * stream.normal();
      predictions[v * tickCount + k] = ((bid[k]! + ask[k]!) / 2) * (1 + surprise);
    }
  }
  return { market: { bid, ask, sessionStarts }, predictions };
}
