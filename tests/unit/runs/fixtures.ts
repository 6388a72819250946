/** A small market with a predictable component and a model of known quality, for tests of whole studies. */

import { RandomStream } from '../../../src/core/random.ts';
import type { Grid } from '../../../src/core/types.ts';
import { forecastTicks, holdForecasts } from '../../../src/models/schedule.ts';
import type { Forecaster, ModelCard } from '../../../src/models/types.ts';

export const card: ModelCard = {
  name: 'fixture',
  family: 'fixture',
  title: 'Fixture',
  contextLength: 20,
  horizon: 10,
  channels: 1,
  parameters: 0,
  weightsSha256: 'a'.repeat(64),
  configSha256: 'b'.repeat(64),
  metadata: {},
  sites: [],
};

/** A random walk with a spread of 0.2 bps, one session a day. */
export function makeGrid(symbol: string, sessionDays: readonly string[], ticksPerDay = 200): Grid {
  const tickCount = sessionDays.length * ticksPerDay;
  const stream = new RandomStream(1, `fixture/${symbol}`);
  let logMid = Math.log(100);
  const mid = Float64Array.from({ length: tickCount }, () => {
    logMid += 2e-4 * stream.normal();
    return Math.exp(logMid);
  });
  return {
    symbol,
    stepMs: 1000,
    timeMs: mid.map(
      (_, k) => Date.parse(`${sessionDays[Math.floor(k / ticksPerDay)]}T14:30Z`) + (k % ticksPerDay) * 1000,
    ),
    bid: mid.map((price) => price * (1 - 1e-5)),
    ask: mid.map((price) => price * (1 + 1e-5)),
    sessionStarts: Int32Array.from(sessionDays, (_, s) => s * ticksPerDay),
    sessionDays,
  };
}

export interface FakeForecaster extends Forecaster {
  /** Grids forecast so far. */
  readonly calls: string[];
}

/** Sees the mid ten ticks ahead, blurred by `noise` for the model and again by `noise` for each variant. */
export function leakingForecaster(noise: number): FakeForecaster {
  const calls: string[] = [];
  return {
    calls,
    card,
    backend: { provider: 'wasm', threads: 1 },
    measure: async () => 0.001,
    release: async () => {},
    async forecast(grid, settings, onProgress, signal) {
      signal?.throwIfAborted();
      calls.push(grid.symbol);
      const tickCount = grid.bid.length;
      const rows = settings.variants + 1;
      const ticks = forecastTicks(grid.sessionStarts, tickCount, card.contextLength, settings.strideTicks);
      const predictedMid = new Float64Array(rows * tickCount);
      for (let k = 0; k < rows; k++) {
        const stream = new RandomStream(settings.seed, `fixture/${grid.symbol}`, k);
        const values = Float64Array.from(ticks, (tick) => {
          const ahead = Math.min(tick + 10, tickCount - 1);
          return ((grid.bid[ahead]! + grid.ask[ahead]!) / 2) * Math.exp(noise * stream.normal());
        });
        const row = predictedMid.subarray(k * tickCount, (k + 1) * tickCount);
        holdForecasts(ticks, values, grid.sessionStarts, tickCount, row);
      }
      onProgress?.({
        stage: 'Forecasting',
        done: ticks.length * rows,
        total: ticks.length * rows,
        unit: 'forward passes',
      });
      return { symbol: grid.symbol, variants: settings.variants, predictedMid };
    },
  };
}
