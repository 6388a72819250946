/** Speed of the batch backtest against the literal tick-by-tick loop of the tests, in the same run, after checking that they agree. */

import { RandomStream } from '../../src/core/random.ts';
import { forecastTicks, holdForecasts } from '../../src/models/schedule.ts';
import { runBatch } from '../../src/strategy/batch.ts';
import type { StrategyConfig } from '../../src/strategy/config.ts';
import { drawConfigs } from '../../src/strategy/grid.ts';
import type { Market } from '../../src/strategy/types.ts';
import { defaultStudySettings, gridSettingsOf } from '../../src/studies/settings.ts';
import { literalBacktest } from '../unit/strategy/literalBacktest.ts';
import type { Benchmark, Figure } from './run.ts';

const SESSION_TICKS = 1800;
const CONTEXT = 512;

export const benchmarks: readonly Benchmark[] = [
  { name: 'backtest, thresholds 0.5 to 8 bps', run: ({ full }) => measure(full, { min: 0.5, max: 8 }) },
  { name: 'backtest, thresholds 8 to 16 bps', run: ({ full }) => measure(full, { min: 8, max: 16 }) },
];

async function measure(full: boolean, thresholdBps: { min: number; max: number }): Promise<Figure> {
  const sessions = full ? 111 : 20;
  const configs = drawConfigs({ ...gridSettingsOf(defaultStudySettings), count: full ? 64 : 32, thresholdBps }, 1);
  const { market, prediction } = simulate(sessions);
  const tickSteps = market.bid.length * configs.length;

  const batch = await runBatch(market, prediction, configs);
  const verified = configs.every((config, c) =>
    literalBacktest(market, prediction, config).periodReturns.every(
      (want, s) => batch.periodReturns[c * batch.sessions + s] === want,
    ),
  );

  const seconds = await bestOf(5, () => runBatch(market, prediction, configs));
  const peerSeconds = await bestOf(3, () => runLiterally(market, prediction, configs));
  return {
    value: tickSteps / seconds / 1e6,
    unit: 'million tick-steps/s',
    verified,
    peer: 'the literal loop of the tests, which is written to be read',
    ratio: peerSeconds / seconds,
  };
}

function runLiterally(market: Market, prediction: Float64Array, configs: readonly StrategyConfig[]): void {
  for (const config of configs) literalBacktest(market, prediction, config);
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

/** A random walk on a grid of 0.01 around 100, with forecasts every 10 ticks that err by 4 bps. */
function simulate(sessions: number): { market: Market; prediction: Float64Array } {
  const stream = new RandomStream(1, 'bench/backtest');
  const tickCount = sessions * SESSION_TICKS;
  const sessionStarts = Int32Array.from({ length: sessions }, (_, s) => s * SESSION_TICKS);
  const bid = new Float64Array(tickCount);
  const ask = new Float64Array(tickCount);
  let mid = 100;
  for (let k = 0; k < tickCount; k++) {
    mid *= Math.exp(1e-4 * stream.normal());
    bid[k] = Math.floor(mid * 100) / 100;
    ask[k] = (Math.floor(mid * 100) + 1) / 100;
  }
  const ticks = forecastTicks(sessionStarts, tickCount, CONTEXT, 10);
  const values = Float64Array.from(ticks, (tick) => bid[tick]! * (1 + 4e-4 * stream.normal()));
  return {
    market: { bid, ask, sessionStarts },
    prediction: holdForecasts(ticks, values, sessionStarts, tickCount),
  };
}
