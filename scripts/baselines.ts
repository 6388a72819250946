/**
 * `npm run baselines [-- --only NAME] [--steps N] [--out DIR]`: trains the baselines that the embedded study holds pretrained models against,
 * from scratch and on the simulated market under another seed, and writes `public/checkpoints/baselines`. Each file says how it came about.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { floatValues, readSafetensors, writeSafetensors } from '../src/models/checkpoints/safetensors.ts';
import type { ModelShape } from '../src/models/family.ts';
import { openArchitecture } from '../src/models/registry.ts';
import { openNodeRuntime } from '../src/models/runtime/node.ts';
import { resample } from '../src/quotes/resample.ts';
import { simulateMarket } from '../src/quotes/simulator.ts';
import { defaultSimulatorSettings } from '../src/quotes/simulatorSettings.ts';
import { baselineConfig, baselineIds, defaultBaselineChoice } from '../src/training/baselineConfigs.ts';
import { baselineWindows, joinWindows } from '../src/training/baselineWindows.ts';
import { defaultBaselineRecipe, trainBaseline } from '../src/training/trainBaseline.ts';
import { baselinesFolder } from './study/defaultManifest.ts';

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, steps: { type: 'string' }, out: { type: 'string', default: baselinesFolder } },
});

/** The demonstration's market on other days: the same kind of signal, and none of the quotes that strategies trade on. */
const market = { ...defaultSimulatorSettings, seed: 20_260_202, days: 16 };
const validationDays = 4;
/** Every so many ticks. */
const windowStride = 8;
/** Forecasts then fall on the ticks of the pretrained models, whose contexts are multiples of 64. */
const choice = { ...defaultBaselineChoice, contextTicks: 32 };
const recipe = { ...defaultBaselineRecipe, seed: 1, steps: Number(options.steps ?? 1500) };

const grids = simulateMarket(market).series.map((one) =>
  resample(one, { stepMs: market.stepMs, window: null, staleAfterMs: null }),
);

function windowsOf(shape: ModelShape) {
  const between = (firstDay: number, endDayExclusive: number) =>
    joinWindows(
      grids.map((grid) => {
        const [first, endExclusive] = [firstDay, endDayExclusive].map(
          (day) => grid.sessionStarts[day] ?? grid.timeMs.length,
        ) as [number, number];
        return baselineWindows(grid, shape, { first, endExclusive }, windowStride);
      }),
    );
  const cut = market.days - validationDays;
  return { training: between(0, cut), validation: between(cut, market.days) };
}

const chosen = baselineIds.filter((id) => options.only === undefined || id === options.only);
if (chosen.length === 0) {
  console.error(`There is no baseline ${options.only}; known: ${baselineIds.join(', ')}.`);
  process.exit(2);
}
const runtime = openNodeRuntime();
for (const id of chosen) {
  const configJson = `${JSON.stringify(baselineConfig(id, choice), null, 2)}\n`;
  const data = windowsOf(openArchitecture(configJson, `${id}/config.json`).shape);
  const started = performance.now();
  const { files, bestStep, validationLoss, persistenceLoss } = await trainBaseline(
    id,
    configJson,
    data,
    recipe,
    runtime,
  );
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const loss = `squared error ${((100 * validationLoss) / persistenceLoss).toFixed(1)} % of persistence's on ${data.validation.count} later windows`;
  console.log(`${id}: best after ${bestStep} steps (${seconds} s), ${loss}`);
  const stored = readSafetensors(files.weights, id);
  const tensors = [...stored.tensors].map(
    ([tensor, entry]) => [tensor, entry.shape, floatValues(stored, entry)] as const,
  );
  const weights = writeSafetensors(tensors, {
    ...stored.metadata,
    description: 'A small baseline, trained from scratch by PML Lab on simulated quotes. It is no official checkpoint.',
    command: `npm run baselines -- --only ${id}`,
    market: JSON.stringify({ ...market, windowStride, validationDays }),
    heldOut: loss,
  });
  const folder = join(options.out, id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), configJson);
  writeFileSync(join(folder, 'model.safetensors'), weights);
  console.log(`${id}: ${weights.length} bytes written to ${folder}`);
}
// The WASM threads would keep the process alive.
process.exit(0);
