/**
 * Speed of training steps: three families on WASM beside the official class in PyTorch, losses compared first; and a whole fine-tuning
 * of the embedded model on one day of one-second quotes. All on one thread: `PML_BENCH_THREADS` for more.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Grid } from '../../src/core/types.ts';
import { type LoadedModel, openCheckpoint } from '../../src/models/checkpoint.ts';
import { Graph } from '../../src/models/graph/builder.ts';
import { openNodeRuntime } from '../../src/models/runtime/node.ts';
import { defaultSimulatorSettings, simulateMarket } from '../../src/quotes/market/simulator.ts';
import { resample } from '../../src/quotes/resample.ts';
import type { ForecastComparison } from '../../src/training/fineTuning/comparison.ts';
import { type FineTuneProgress, fineTune } from '../../src/training/fineTuning/fineTune.ts';
import { FineTuningStore } from '../../src/training/fineTuning/fineTuningState.ts';
import { prepareFineTuning } from '../../src/training/fineTuning/prepare.ts';
import { objectiveOf } from '../../src/training/fineTuning/quoteObjective.ts';
import {
  baselineOf,
  type FineTuneSettings,
  parseFineTuneSettings,
  suitedTo,
} from '../../src/training/fineTuning/settings.ts';
import { freshBaseline } from '../../src/training/freshBaseline.ts';
import { GraphTrainer } from '../../src/training/graphTrainer.ts';
import { flatten, layoutOf } from '../../src/training/parameters.ts';
import { defaultOptimiser } from '../../src/training/step.ts';
import { initialState } from '../../src/training/trainer.ts';
import { MemoryStore } from '../support/memoryStore.ts';
import { type BenchModel, benchModels, openBenchModel } from './benchModels.ts';
import { askTorch } from './modelPeers.ts';
import type { Benchmark, Figure } from './run.ts';
import { contextWalks } from './walks.ts';

const threads = Number(process.env.PML_BENCH_THREADS ?? 1);
const ROWS = 8;
const STEPS = 5;
const trained = ['ttm-r1', 'chronos-bolt-tiny', 'timesfm-2-d256'];
const folder = join(import.meta.dirname, '../../public/checkpoints/ttm-nano');

export const benchmarks: Benchmark[] = [
  ...benchModels
    .filter(({ name }) => trained.includes(name))
    .map((spec) => ({ name: `training/${spec.name}/wasm`, run: () => stepsBesideTorch(spec) })),
  { name: 'training/fine-tune-one-day', run: oneDay },
  { name: 'training/cancel', run: cancelling },
  { name: 'training/learns/ttm-nano', run: () => learning(tuned) },
  { name: 'training/learns/gru', run: () => learning({ start: 'gru', ...suitedTo('gru') }) },
];

/** Steps per second; the losses of all steps must be PyTorch's. */
async function stepsBesideTorch(spec: BenchModel): Promise<Figure> {
  const { model, configJson } = await openBenchModel(spec);
  const { architecture, weights } = model;
  const { contextLength: length, horizon } = architecture.shape;
  const objective = objectiveOf(architecture, configJson, parseFineTuneSettings({}));
  const walks = contextWalks(ROWS, length + horizon);
  const windows = Array.from({ length: ROWS }, (_, n) => {
    const walk = Float64Array.from(walks.subarray(n * (length + horizon), (n + 1) * (length + horizon)));
    return { context: walk.slice(0, length), future: walk.slice(length) };
  });
  const graph = new Graph();
  architecture.addTo(graph, { contexts: 1, channels: 1 });
  const layout = layoutOf(graph);
  const shape = { contexts: ROWS, channels: 1, variants: 0 } as const;
  const task = { architecture, layout, shape, optimiser: defaultOptimiser, loss: objective.loss, weights };
  const trainer = await GraphTrainer.create(
    openNodeRuntime(threads),
    task,
    initialState(flatten(layout, weights.values)),
  );
  const feeds = objective.feeds(windows);
  const losses: number[] = [];
  let seconds = Number.POSITIVE_INFINITY;
  for (let step = 0; step < STEPS; step++) {
    const startMs = performance.now();
    losses.push((await trainer.step(feeds, 1e-4)).loss);
    seconds = Math.min(seconds, (performance.now() - startMs) / 1000);
  }
  await trainer.release();
  const joined = (part: 'context' | 'future'): Float32Array =>
    Float32Array.from(windows.flatMap((window) => [...window[part]]));
  const official = askTorch<{ losses: number[]; seconds: number }>('trainPeer.py', model, configJson, (files) => {
    for (const [name, values] of Object.entries({ contexts: joined('context'), targets: joined('future') })) {
      writeFileSync(join(files, `${name}.bin`), new Uint8Array(values.buffer));
    }
    const [contexts, targets] = ['contexts', 'targets'].map((name) => join(files, `${name}.bin`));
    return { contexts, targets, rows: ROWS, length, threads, steps: STEPS };
  });
  const value = 1 / seconds;
  const unit = `steps/s of ${ROWS} windows, WASM, ${threads} thread(s)`;
  if (typeof official === 'string') return { value, unit, verified: losses.every(Number.isFinite), peer: official };
  const verified = losses.every((loss, i) => Math.abs(loss / official.losses[i]! - 1) < 2e-3);
  const ratio = official.seconds / seconds;
  return { value, unit, verified, peer: `the official class in PyTorch, ${threads} thread(s)`, ratio };
}

/** What shows most on the demonstration. */
const tuned = { learningRate: 1e-3, steps: 1000, batchSize: 128, halfLifeSteps: 8, patience: null } as const;

/** From the signal until the training has saved its checkpoint and rejects: the longest of several. */
async function cancelling(): Promise<Figure> {
  const prepared = await prepareFineTuning(await embedded(), demonstration(), parseFineTuneSettings({}));
  const store = new FineTuningStore(new MemoryStore());
  const waits: number[] = [];
  let resumable = true;
  for (let repeat = 0; repeat < CANCELLED; repeat++) {
    const trainer = await GraphTrainer.create(openNodeRuntime(threads), prepared.task, prepared.start);
    const controller = new AbortController();
    let abortedMs = Number.NaN;
    const onProgress = ({ step }: FineTuneProgress): void => {
      if (step < 20 || controller.signal.aborted) return;
      abortedMs = performance.now();
      controller.abort();
    };
    await store.remove(prepared.key);
    await fineTune(prepared, trainer, { store, signal: controller.signal, onProgress }).catch(() => undefined);
    waits.push(performance.now() - abortedMs);
    resumable &&= ((await store.load(prepared.key))?.training.steps ?? 0) >= 20;
    await trainer.release();
  }
  const value = Math.max(...waits);
  const unit = `ms until a cancelled training has stopped and can be resumed, the longest of ${CANCELLED}`;
  return { value, unit, verified: resumable, peer: '200 ms', ratio: 200 / value };
}

const CANCELLED = 5;

/** Correlation of surprise with what came, on the days of the demonstration that training has not seen. Verified: they are later ones. */
async function learning(changes: Partial<FineTuneSettings>): Promise<Figure> {
  const grids = demonstration();
  const settings = parseFineTuneSettings(changes);
  const baseline = baselineOf(settings);
  const model = baseline ? await openCheckpoint(freshBaseline(baseline, settings, grids)) : await embedded();
  const prepared = await prepareFineTuning(model, grids, settings);
  const trainer = await GraphTrainer.create(openNodeRuntime(threads), prepared.task, prepared.start);
  const { comparison } = await fineTune(prepared, trainer);
  await trainer.release();
  const { before, after } = comparison!;
  const value = after.surpriseCorrelation;
  const errors = before
    ? `${before.errorRatio.toFixed(3)} before, ${after.errorRatio.toFixed(3)} after`
    : after.errorRatio.toFixed(3);
  const { validation, backtest } = prepared;
  return {
    value,
    unit: `correlation of surprise with what came; squared error relative to persistence ${errors}`,
    verified: prepared.training.lastReadMs < validation.range.startMs && validation.lastReadMs < backtest.range.startMs,
    peer: before ? 'the embedded model before' : 'the embedded model',
    ratio: value / (before ?? (await embeddedComparison(grids))).surpriseCorrelation,
  };
}

async function embeddedComparison(grids: readonly Grid[]): Promise<ForecastComparison> {
  const prepared = await prepareFineTuning(
    await embedded(),
    grids,
    parseFineTuneSettings({ steps: 1, warmUpSteps: 0 }),
  );
  const trainer = await GraphTrainer.create(openNodeRuntime(threads), prepared.task, prepared.start);
  const { comparison } = await fineTune(prepared, trainer);
  await trainer.release();
  return comparison!.before!;
}

function demonstration(): Grid[] {
  const market = simulateMarket(defaultSimulatorSettings);
  return market.series.map((series) => resample(series, { stepMs: 1000, window: null, staleAfterMs: null }));
}

function embedded(): Promise<LoadedModel> {
  return openCheckpoint({
    name: 'ttm-nano',
    configJson: readFileSync(join(folder, 'config.json'), 'utf8'),
    weights: new Uint8Array(readFileSync(join(folder, 'model.safetensors'))),
  });
}

/** 500 steps on a day of 23 400 seconds. Verified: a second, shorter training begins with the very same losses. */
async function oneDay(): Promise<Figure> {
  const model = await embedded();
  const market = simulateMarket({ ...defaultSimulatorSettings, days: 1, stepsPerDay: 23_400, seed: 7 });
  const grids = market.series.map((series) => resample(series, { stepMs: 1000, window: null, staleAfterMs: null }));
  const train = async (steps: number): Promise<readonly number[]> => {
    const settings = parseFineTuneSettings({ steps, patience: null, schedule: 'constant' });
    const prepared = await prepareFineTuning(model, grids, settings);
    const trainer = await GraphTrainer.create(openNodeRuntime(threads), prepared.task, prepared.start);
    try {
      return (await fineTune(prepared, trainer)).losses;
    } finally {
      await trainer.release();
    }
  };
  const startMs = performance.now();
  const losses = await train(500);
  const value = (performance.now() - startMs) / 1000;
  const again = await train(25);
  const verified =
    losses.length === 500 && losses.every(Number.isFinite) && again.every((loss, i) => loss === losses[i]);
  return {
    value,
    unit: `s for 500 steps of ttm-nano on a day of 1 s quotes, ${threads} WASM thread(s)`,
    verified,
    peer: 'three minutes',
    ratio: 180 / value,
  };
}
