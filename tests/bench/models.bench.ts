/**
 * Speed of forecasts: each family and size on WASM and onnxruntime-node beside the official class in PyTorch, what variants share,
 * and what the causal sweep gains. Results are verified before a figure counts. All on one thread: `PML_BENCH_THREADS` for more.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Grid } from '../../src/core/types.ts';
import { type LoadedModel, openCheckpoint } from '../../src/models/checkpoint.ts';
import { meanPredictedMid, midsOf } from '../../src/models/contexts.ts';
import { drawMasks } from '../../src/models/dropout.ts';
import { createForecaster } from '../../src/models/forecaster.ts';
import { Graph } from '../../src/models/graph/builder.ts';
import { openNodeRuntime } from '../../src/models/runtime/node.ts';
import { GraphSession, type Runtime } from '../../src/models/runtime/runtime.ts';
import { moments } from '../../src/models/series.ts';
import { createSweepForecaster } from '../../src/models/sweep/forecaster.ts';
import { transformWindow } from '../../src/models/sweep/window.ts';
import type { ForecastSettings } from '../../src/models/types.ts';
import { defaultSimulatorSettings, simulateMarket } from '../../src/quotes/market/simulator.ts';
import { resample } from '../../src/quotes/resample.ts';
import { type BenchModel, benchModels, openBenchModel } from './benchModels.ts';
import { openNativeRuntime, torchForecasts } from './modelPeers.ts';
import type { Benchmark, Figure } from './run.ts';
import { contextWalks } from './walks.ts';
import { passOnWebgpu } from './webgpu.ts';

const threads = Number(process.env.PML_BENCH_THREADS ?? 1);
const ROWS = 8;
/** K + 1 of the folded runs. */
const FOLDED = 5;
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
  ...benchModels.flatMap((spec) => familyBenchmarks(spec)),
  { name: 'models/sweep/timesfm-2', run: ({ full }) => sweepGain(sweepModel('timesfm-2', full), full) },
  { name: 'models/sweep/timesfm-2.5', run: ({ full }) => sweepGain(sweepModel('timesfm-2.5', full), full) },
  {
    name: 'models/variants-in-one-batch',
    async run({ full }) {
      const model = await openCheckpoint({
        name: 'ttm-nano',
        configJson: readFileSync(join(folder, 'config.json'), 'utf8'),
        weights: new Uint8Array(readFileSync(join(folder, 'model.safetensors'))),
      });
      const runtime = openNodeRuntime(threads);
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
        unit: `forward passes/s, ${threads} WASM thread(s)`,
        verified,
        peer: 'one session run a variant',
        ratio: (peerSeconds / VARIANTS / ours.seconds) * (VARIANTS + 1),
      };
    },
  },
];

/** Forecasts per second beside PyTorch, on WASM and natively, and the cost of variants in one run. */
function familyBenchmarks(spec: BenchModel): Benchmark[] {
  const { name, large = false } = spec;
  const opened = once(() => openBenchModel(spec));
  const peer = once(async () => {
    const { model, configJson } = await opened();
    const contexts = walks(model.card.contextLength);
    return torchForecasts(model, configJson, contexts, { length: model.card.contextLength, threads, repeats: 12 });
  });
  const onRuntime = async (runtime: Runtime | undefined, label: string): Promise<Figure | undefined> => {
    if (!runtime) return undefined;
    const { model } = await opened();
    const official = await peer();
    const ours = await timedPass(model, runtime);
    const value = ROWS / ours.seconds;
    const unit = `forecasts/s, ${label}`;
    if (typeof official === 'string') return { value, unit, verified: true, peer: official };
    const verified = agree(ours.forecasts.subarray(0, official.forecasts.length), official.forecasts);
    const ratio = official.seconds / ours.seconds;
    return { value, unit, verified, peer: `the official class in PyTorch, ${threads} thread(s)`, ratio };
  };
  const all: Benchmark[] = [
    { name: `models/${name}/wasm`, run: () => onRuntime(openNodeRuntime(threads), `WASM, ${threads} thread(s)`) },
    {
      name: `models/${name}/native`,
      run: () => onRuntime(openNativeRuntime(threads), `onnxruntime-node, ${threads} thread(s)`),
    },
    {
      name: `models/${name}/webgpu`,
      // A software adapter takes minutes for what is not small.
      run: async ({ full }): Promise<Figure | undefined> => {
        const ours = full || spec.small || process.env.PML_BENCH_GPU ? await passOnWebgpu(name, ROWS) : undefined;
        if (!ours) return undefined;
        const { model } = await opened();
        const wasm = await timedPass(model, openNodeRuntime(threads));
        return {
          value: ROWS / ours.seconds,
          unit: `forecasts/s, WebGPU (${ours.adapter})`,
          verified: agree(ours.forecasts, wasm.forecasts),
          peer: `WASM, ${threads} thread(s)`,
          ratio: wasm.seconds / ours.seconds,
        };
      },
    },
    ...[1, ROWS].map((rows) => ({
      name: `models/${name}/variants-of-${rows}`,
      run: async (): Promise<Figure> => {
        const { model } = await opened();
        const runtime = openNodeRuntime(threads);
        const sessions = [await openPass(model, runtime, 1, rows), await openPass(model, runtime, FOLDED, rows)];
        const [single, folded] = (await timedPasses(sessions)) as [TimedPass, TimedPass];
        for (const session of sessions) await session.release();
        return {
          value: (FOLDED * rows) / folded.seconds,
          unit: `forecasts/s, ${FOLDED} variants of ${rows} context(s) in one run`,
          verified: agree(folded.forecasts.subarray(0, single.forecasts.length), single.forecasts),
          peer: 'one run a variant',
          ratio: (FOLDED * single.seconds) / folded.seconds,
        };
      },
    })),
  ];
  return all.map(({ name: label, run }) => ({
    name: label,
    run: (options) => (large && !options.full ? undefined : run(options)),
  }));
}

function walks(length: number): Float32Array {
  return contextWalks(ROWS, length);
}

interface TimedPass {
  /** [variants, ROWS, H] in the contexts' units. */
  readonly forecasts: Float64Array;
  readonly seconds: number;
}

/** A model compiled for all contexts under some variants, the first of which is the deterministic model. */
async function openPass(model: LoadedModel, runtime: Runtime, variants: number, rows = ROWS) {
  const { architecture, card } = model;
  const length = card.contextLength;
  const values = Float64Array.from(walks(length).subarray(0, rows * length));
  const session = await model.compile(runtime, { variants, contexts: rows });
  const masks = drawMasks(card.sites, 0, variants, settings);
  const pass = async (): Promise<TimedPass> => {
    const start = performance.now();
    const { feeds, scaling } = architecture.prepare({ values, contexts: rows, length, channels: 1, stepMs: 1000 });
    const { forecast } = await session.run({ ...feeds, ...masks });
    const forecasts = architecture.finish(forecast!, scaling);
    return { forecasts, seconds: (performance.now() - start) / 1000 };
  };
  return { pass, release: () => session.release() };
}

/** The best of some passes of each model, in turns, so that a busy machine slows all alike. */
async function timedPasses(models: readonly { readonly pass: () => Promise<TimedPass> }[]): Promise<TimedPass[]> {
  // WebAssembly is compiled anew, and faster, while it runs.
  const warm = performance.now() + 1500;
  while (performance.now() < warm) for (const { pass } of models) await pass();
  const best: TimedPass[] = [];
  for (const { pass } of models) best.push(await pass());
  for (let i = 0; i < 12; i++) {
    for (const [m, { pass }] of models.entries()) {
      const one = await pass();
      if (one.seconds < best[m]!.seconds) best[m] = one;
    }
  }
  return best;
}

async function timedPass(model: LoadedModel, runtime: Runtime): Promise<TimedPass> {
  const opened = await openPass(model, runtime, 1);
  try {
    const [best] = await timedPasses([opened]);
    return best!;
  } finally {
    await opened.release();
  }
}

/** Equal to a thousandth of their spread. */
function agree(got: ArrayLike<number>, want: ArrayLike<number>): boolean {
  const { deviation } = moments(want);
  return (
    got.length === want.length && Array.from(want).every((value, i) => Math.abs(got[i]! - value) <= 1e-3 * deviation)
  );
}

function sweepModel(family: 'timesfm-2' | 'timesfm-2.5', full: boolean): BenchModel {
  const like = benchModels.find(({ name }) => name.startsWith(`${family}-d`))!;
  const length = full ? 2048 : 1024;
  return {
    ...like,
    config: { ...like.config, context_length: length },
  };
}

/** A dense walk with anchored contexts beside plain forecasts on contexts of their mean length. */
async function sweepGain(spec: BenchModel, full: boolean): Promise<Figure> {
  const { model } = await openBenchModel(spec);
  const runtime = openNodeRuntime(threads);
  const form = model.architecture.causal!;
  const mostPatches = form.mostPatches;
  const anchored = { leastPatches: 16, mostPatches };
  const own = { ...settings, variants: 0, anchored };
  const grid = someGrid(full ? 1 : 1.6);
  const sweeper = createSweepForecaster(model, runtime);
  await sweeper.measure(own);
  const swept = await timed(() => sweeper.forecast(grid, own));
  await sweeper.release();
  const forecasts = swept.result.contextTicks!.reduce((count, ticks) => count + (ticks > 0 ? 1 : 0), 0);

  const length = Math.round((anchored.leastPatches + mostPatches) / 2) * form.patchLength;
  const mids = midsOf(grid);
  const ticks = [...swept.result.contextTicks!.keys()]
    .filter((tick) => swept.result.contextTicks![tick] === length)
    .slice(0, ROWS);
  const frozen = anchored.leastPatches * form.patchLength;
  const values = new Float64Array(ROWS * length);
  const units = Array.from({ length: ROWS }, (_, row) => {
    const tick = ticks[row % ticks.length]!;
    return transformWindow(
      mids.subarray(tick + 1 - length, tick + 1),
      frozen,
      'normalised',
      values.subarray(row * length, (row + 1) * length),
    );
  });
  const plainGraph = new Graph();
  model.architecture.addTo(plainGraph, { contexts: ROWS, channels: 1, length });
  const session = await GraphSession.create(runtime, plainGraph, model.weights);
  const { horizon } = model.card;
  let seconds = Number.POSITIVE_INFINITY;
  let verified = ticks.length > 0;
  for (let i = 0; i < 4; i++) {
    const start = performance.now();
    const { feeds, loc, scale } = form.tokens(values, ROWS, 1000);
    const { forecast } = await session.run(feeds);
    if (i > 0) seconds = Math.min(seconds, (performance.now() - start) / 1000);
    for (const [row, tick] of ticks.entries()) {
      const place = (row + 1) * (length / form.patchLength) - 1;
      const steps = Float64Array.from(
        forecast!.subarray(row * horizon, (row + 1) * horizon),
        (v) => v * scale[place]! + loc[place]!,
      );
      const plain = meanPredictedMid(steps, horizon, 'normalised', units[row]!);
      const move = Math.abs(plain - mids[tick]!);
      verified &&= Math.abs(plain - swept.result.predictedMid[tick]!) <= 1e-3 * move + 1e-9 * plain;
    }
  }
  await session.release();
  return {
    value: forecasts / swept.seconds,
    unit: `forecasts/s, contexts of 16 to ${mostPatches} patches`,
    verified,
    peer: `plain forecasts on contexts of ${length / form.patchLength} patches`,
    ratio: (forecasts / swept.seconds) * (seconds / ROWS),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

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
