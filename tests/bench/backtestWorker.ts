/** One worker of the benchmark of a whole study's backtests: its share of the variants, read in place from shared memory. */

import { parentPort, workerData } from 'node:worker_threads';
import { runBatch } from '../../src/strategy/batch.ts';
import type { StrategyConfig } from '../../src/strategy/config.ts';
import type { Market } from '../../src/strategy/types.ts';

const { market, configs } = workerData as { market: Market; configs: readonly StrategyConfig[] };

parentPort!.on('message', async (predictions: Float64Array) => {
  const batch = await runBatch(market, predictions, configs);
  parentPort!.postMessage(batch.periodReturns.reduce((sum, value) => sum + value, 0));
});
parentPort!.postMessage('ready');
