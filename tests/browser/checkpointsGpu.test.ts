/** What checkpoints bring with them on WebGPU, no node on the CPU: weights in fewer bits, the causal sweep and its live twin, ONNX files. */

import { beforeAll, describe, expect, it } from 'vitest';
import type { Grid } from '../../src/core/types.ts';
import { openCheckpoint, withPrecision } from '../../src/models/checkpoint.ts';
import { drawMasks } from '../../src/models/dropout.ts';
import { Graph } from '../../src/models/graph/builder.ts';
import { emitOnnx } from '../../src/models/graph/onnx/emit.ts';
import { openOnnx } from '../../src/models/onnxFile/open.ts';
import { openBrowserRuntime } from '../../src/models/runtime/browser.ts';
import { GraphSession, type Runtime } from '../../src/models/runtime/runtime.ts';
import { createSweepForecaster } from '../../src/models/sweep/forecaster.ts';
import { LiveForecaster } from '../../src/models/sweep/live.ts';
import type { ForecastSettings } from '../../src/models/types.ts';
import { largestError, randomValues } from '../support/operatorCases.ts';
import { randomModel, smallTimesfmConfigs } from '../support/smallTimesfm.ts';
import { smallTtm } from '../support/smallTtm.ts';

let webgpu: Runtime;
let wasm: Runtime;

beforeAll(async () => {
  [webgpu, wasm] = await Promise.all([openBrowserRuntime('webgpu', true), openBrowserRuntime('wasm')]);
});

const settings: ForecastSettings = {
  ...{ variants: 1, dropoutRate: 0.2, seed: 5, dropoutSites: 'all', strideTicks: 1, horizonTicks: null },
  inputTransform: 'normalised',
  anchored: { leastPatches: 2, mostPatches: 5 },
};

const mids = Float64Array.from(randomValues('mids', 24), (value, i) => 1e4 + 10 * value + i);
const grid: Grid = {
  symbol: 'X',
  stepMs: 1000,
  timeMs: mids.map((_, i) => 1000 * i),
  bid: mids,
  ask: mids,
  sessionStarts: Int32Array.of(0),
  sessionDays: ['2026-01-02'],
};

describe('on WebGPU', () => {
  it('the device says how large its buffers are', () => {
    expect(webgpu.bufferBytes).toBeGreaterThan(2 ** 20);
    expect(wasm.bufferBytes).toBeUndefined();
  });

  it('weights in fewer bits forecast as they do on WASM', async () => {
    const full = await openCheckpoint(
      smallTtm({ d_model: 64, decoder_d_model: 64, patch_length: 32, patch_stride: 32, context_length: 64 }),
    );
    for (const precision of ['int8', 'int4'] as const) {
      const narrow = withPrecision(full, precision);
      const values = Float64Array.from(randomValues('context', 64));
      const results: Float32Array[] = [];
      for (const runtime of [webgpu, wasm]) {
        const session = await narrow.compile(runtime, { variants: 1, contexts: 1 });
        const { feeds } = narrow.architecture.prepare({ values, contexts: 1, length: 64, channels: 1 });
        const masks = drawMasks(narrow.card.sites, 0, 1, settings);
        results.push((await session.run({ ...feeds, ...masks })).forecast!);
        await session.release();
      }
      expect(largestError(results[0]!, results[1]!)).toBeLessThan(1e-3);
    }
  });

  it('a sweep is what it is on WASM, and so is its live twin', async () => {
    const model = await randomModel(smallTimesfmConfigs['timesfm-2.5']!);
    const form = model.architecture.causal!;
    const masks = drawMasks(model.card.sites, 0, 2, settings);
    const { feeds } = form.tokens(Float64Array.from(randomValues('window', 20)), 1, grid.stepMs);
    const passes: Float32Array[] = [];
    for (const runtime of [webgpu, wasm]) {
      const graph = new Graph(2);
      form.addSweep(graph, 1, 5);
      const session = await GraphSession.create(runtime, graph, model.weights);
      passes.push((await session.run({ ...feeds, ...masks })).forecasts!);
      await session.release();
    }
    expect(largestError(passes[0]!, passes[1]!)).toBeLessThan(1e-3);

    const forecaster = createSweepForecaster(model, wasm);
    const { predictedMid } = await forecaster.forecast(grid, settings);
    await forecaster.release();
    const live = await LiveForecaster.create(model, webgpu, settings, grid.stepMs);
    let compared = 0;
    for (const [tick, mid] of mids.entries()) {
      const forecast = await live.push(mid);
      if (!forecast) continue;
      compared++;
      forecast.predictedMid.forEach((value, v) => {
        expect(Math.abs(value - predictedMid[v * mids.length + tick]!)).toBeLessThan(1e-3);
      });
    }
    await live.release();
    expect(compared).toBe(24 - 7);
  });

  it('an ONNX file runs with its masks', async () => {
    const g = new Graph();
    const weights = (name: string, shape: [number, number]) =>
      g.constant(randomValues(name, shape[0] * shape[1]), shape);
    const hidden = g.relu(g.linear(g.input('past', [2, 8]), weights('a', [6, 8])));
    g.output('future', g.linear(hidden, weights('b', [3, 6])));
    const bytes = emitOnnx(g, g.outputs, () => {
      throw new Error('no weights');
    });
    const folder = { name: 'dropped', files: [{ path: 'm.onnx', data: bytes }] };
    const context = randomValues('context', 16);
    const mask = Float32Array.of(1, 1, 1, 1, 1, 1, 0, 2, 0, 2, 1, 1);
    const results: Float32Array[] = [];
    for (const runtime of [webgpu, wasm]) {
      const model = await openOnnx(folder, runtime);
      const session = await model.compile(runtime, { variants: 2, contexts: 2 });
      results.push((await session.run({ context, 'mask.0.relu': mask })).forecast!);
      await session.release();
    }
    const [gpu, cpu] = results as [Float32Array, Float32Array];
    expect(gpu).toHaveLength(12);
    gpu.forEach((value, i) => {
      expect(value).toBeCloseTo(cpu[i]!, 4);
    });
    expect([...gpu.subarray(6)]).not.toEqual([...gpu.subarray(0, 6)]);
  });
});
