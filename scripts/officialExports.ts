/**
 * `npm run exports`: fine-tunes small models of three families, saves them as the page does, opens the files in the official PyTorch
 * classes and compares their forecasts with those made here. Needs `npm run bench:peers`; not a part of `npm test`.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpoint } from '../src/models/checkpoint.ts';
import { openNodeRuntime } from '../src/models/runtime/node.ts';
import type { CheckpointFiles } from '../src/models/types.ts';
import { defaultSimulatorSettings, simulateMarket } from '../src/quotes/market/simulator.ts';
import { resample } from '../src/quotes/resample.ts';
import { Batches } from '../src/training/fineTuning/batches.ts';
import { fineTune } from '../src/training/fineTuning/fineTune.ts';
import { type PreparedFineTuning, prepareFineTuning } from '../src/training/fineTuning/prepare.ts';
import { columnsOf } from '../src/training/fineTuning/quoteWindows.ts';
import { type FineTuneSettings, parseFineTuneSettings } from '../src/training/fineTuning/settings.ts';
import { tunedFiles } from '../src/training/fineTuning/tunedFiles.ts';
import { GraphTrainer } from '../src/training/graphTrainer.ts';
import { peerPython } from './benchPeers.ts';

const ROWS = 8;
const MOVED_STEPS = 20;
/** Largest difference of two forecasts, relative to the spread of the official ones. */
const TOLERANCE = 1e-4;

const exported: readonly { readonly name: string; readonly changes: Partial<FineTuneSettings> }[] = [
  { name: 'chronos-bolt-nano', changes: { loss: 'quantiles' } },
  { name: 'chronos-bolt-nano', changes: { trainable: 'lora' } },
  { name: 'timesfm-nano', changes: { trainable: 'head' } },
  { name: 'timesfm-2.5-nano', changes: {} },
  { name: 'ttm-nano', changes: { trainable: 'lora' } },
];

const runtime = openNodeRuntime();
const market = simulateMarket({ ...defaultSimulatorSettings, days: 4, stepsPerDay: 600 });
const grids = market.series.map((series) => resample(series, { stepMs: 1000, window: null, staleAfterMs: null }));

if (!existsSync(peerPython)) {
  console.error('The official classes are not installed: run `npm run bench:peers` first.');
  process.exit(1);
}
let failed = 0;
for (const { name, changes } of exported) {
  const { prepared, files, changed } = await tune(name, changes);
  const difference = await compare(prepared, files);
  const fine = typeof difference === 'number' && difference < TOLERANCE && changed > 0;
  if (!fine) failed++;
  const what = `${name}, ${Object.values(changes).join(' ') || 'all weights'}`;
  const found = typeof difference === 'number' ? `forecasts differ by ${difference.toExponential(1)}` : difference;
  console.log(
    `${fine ? 'ok    ' : 'FAILED'} ${what}: ${found}; training moved the weights by up to ${changed.toExponential(1)}`,
  );
}
process.exitCode = failed > 0 ? 1 : 0;

async function tune(name: string, changes: Partial<FineTuneSettings>) {
  const folder = join(import.meta.dirname, '../public/checkpoints', name);
  const model = await openCheckpoint({
    name,
    configJson: readFileSync(join(folder, 'config.json'), 'utf8'),
    weights: new Uint8Array(readFileSync(join(folder, 'model.safetensors'))),
  });
  const settings = parseFineTuneSettings({ steps: 30, warmUpSteps: 5, batchSize: 16, ...changes });
  const prepared = await prepareFineTuning(model, grids, settings);
  const trainer = await GraphTrainer.create(runtime, prepared.task, prepared.start);
  const tuned = await fineTune(prepared, trainer);
  // The best weights can be those of the start; what is compared is to be what training moved.
  const batches = new Batches(prepared);
  for (let step = 0; step < MOVED_STEPS; step++) await trainer.step(batches.at(step, prepared.training), 1e-3);
  const { parameters } = await trainer.readState();
  await trainer.release();
  const files = tunedFiles(prepared, { ...tuned, parameters }, trainer.device);
  const after = await openCheckpoint(files);
  let changed = 0;
  for (const weight of model.table.tensors.keys()) {
    const before = model.weights.values(weight);
    after.weights.values(weight).forEach((value, i) => {
      changed = Math.max(changed, Math.abs(value - before[i]!));
    });
  }
  return { prepared, files, changed };
}

/** Contexts of the backtest range through the saved file, here and there; a sentence where there it cannot be opened. */
async function compare(
  { backtest, read, grids }: PreparedFineTuning,
  files: CheckpointFiles,
): Promise<number | string> {
  const model = await openCheckpoint(files);
  const { architecture, card } = model;
  const { contextLength: length, horizon } = architecture.shape;
  const windows = Array.from({ length: ROWS }, (_, n) => {
    const { asset, tick } = backtest.places[Math.floor((n * backtest.places.length) / ROWS)]!;
    return Float32Array.from(read(columnsOf(grids[asset]!), tick, horizon, architecture.shape).context);
  });
  const contexts = Float32Array.from(windows.flatMap((window) => [...window]));
  const batch = { values: Float64Array.from(contexts), contexts: ROWS, length, channels: 1 };
  const { feeds, scaling } = architecture.prepare(batch);
  const session = await model.compile(runtime, { variants: 0, contexts: ROWS });
  const { forecast } = await session.run(feeds);
  await session.release();
  const ours = architecture.finish(forecast!, scaling);
  const official = askOfficial(files, contexts, { family: card.family, length });
  if (typeof official === 'string') return official;
  const steps = official.length / ROWS;
  const spread = Math.max(...official) - Math.min(...official);
  // An official class may forecast further.
  return (
    Math.max(...ours.map((value, i) => Math.abs(value - official[Math.floor(i / horizon) * steps + (i % horizon)]!))) /
    spread
  );
}

/** [rows, steps] by `tests/bench/peer.py`, from the files as they are saved. */
function askOfficial(
  { configJson, weights }: CheckpointFiles,
  contexts: Float32Array,
  about: { readonly family: string; readonly length: number },
): readonly number[] | string {
  const folder = mkdtempSync(join(tmpdir(), 'pml-export-'));
  try {
    writeFileSync(join(folder, 'config.json'), configJson);
    writeFileSync(join(folder, 'model.safetensors'), weights);
    writeFileSync(join(folder, 'contexts.bin'), new Uint8Array(contexts.buffer));
    const request = { ...about, folder, contexts: join(folder, 'contexts.bin'), rows: ROWS, threads: 1, repeats: 1 };
    const output = execFileSync(peerPython, [join(import.meta.dirname, '../tests/bench/peer.py')], {
      input: JSON.stringify(request),
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, HF_HUB_OFFLINE: '1' },
    });
    return (JSON.parse(output.toString().split('\n').at(-1)!) as { forecasts: readonly number[] }).forecasts;
  } catch (caught) {
    const lines = caught instanceof Error && 'stderr' in caught ? String(caught.stderr).trim().split('\n') : [];
    return `the official class did not open it (${lines.at(-1) ?? String(caught)})`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
