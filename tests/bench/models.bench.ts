/** Speed of forecasting with the embedded checkpoint on WASM. Results are verified before a figure counts. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Grid } from '../../src/core/types.ts';
import { openCheckpoint } from '../../src/models/checkpoint.ts';
import { drawMasks } from '../../src/models/dropout.ts';
import { createForecaster } from '../../src/models/forecaster.ts';
import { openNodeRuntime } from '../../src/models/runtime/node.ts';
import type { ForecastSettings } from '../../src/models/types.ts';
import { resample } from '../../src/quotes/resample.ts';
import { defaultSimulatorSettings, simulateMarket } from '../../src/quotes/simulator.ts';
import type { Benchmark } from './run.ts';

const folder = join(import.meta.dirname, '../../public/checkpoints/ttm-nano');
const VARIANTS = 16;

const settings: ForecastSettings = {
  variants: VARIANTS,
  dropoutRate: 0.1,
  seed: 1,
  dropoutSites: 'all',
  strideTicks: 1,
  horizonTicks: null,
  inputTransform: 'normalised',
};

export const benchmarks: Benchmark[] = [
  {
    name: 'models/variants-in-one-batch',
    async run({ full }) {
      const model = await openCheckpoint({
        name: 'ttm-nano',
        configJson: readFileSync(join(folder, 'config.json'), 'utf8'),
        weights: new Uint8Array(readFileSync(join(folder, 'model.safetensors'))),
      });
      const runtime = openNodeRuntime(1);
      const grid = someGrid(full ? 1 : 4);
      const folded = createForecaster(model, runtime);
      await folded.measure(settings);
      const ours = await timed(() => folded.forecast(grid, settings));
      await folded.release();

      // The peer computes each variant as a model of its own.
      const rows: Float64Array[] = [];
      let peerSeconds = 0;
      for (let variant = 1; variant <= VARIANTS; variant++) {
        const single = createForecaster(model, runtime, (sites, first, count, masks) =>
          drawMasks(sites, first === 0 && count === 1 ? variant : first, count, masks),
        );
        const alone = { ...settings, variants: 0 };
        await single.measure(alone);
        const run = await timed(() => single.forecast(grid, alone));
        rows.push(run.result.predictedMid);
        peerSeconds += run.seconds;
        await single.release();
      }
      const ticks = grid.timeMs.length;
      const verified = rows.every((row, i) =>
        row.every((value, tick) => Object.is(value, ours.result.predictedMid[(i + 1) * ticks + tick])),
      );
      const passes = (VARIANTS + 1) * (ticks - model.card.contextLength + 1);
      return {
        value: passes / ours.seconds,
        unit: 'forward passes/s on one WASM thread',
        verified,
        peer: 'one session run a variant',
        ratio: (peerSeconds / VARIANTS / ours.seconds) * (VARIANTS + 1),
      };
    },
  },
];

/** A part of the embedded market's first session. */
function someGrid(divisor: number): Grid {
  const [series] = simulateMarket({ ...defaultSimulatorSettings, days: 1 }).series;
  const grid = resample(series!, { stepMs: 1000, window: null, staleAfterMs: null });
  const ticks = Math.floor(grid.timeMs.length / divisor);
  return {
    ...grid,
    timeMs: grid.timeMs.slice(0, ticks),
    bid: grid.bid.slice(0, ticks),
    ask: grid.ask.slice(0, ticks),
  };
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const started = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - started) / 1000 };
}
