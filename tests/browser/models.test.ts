/**
 * Graphs in a browser: every operator and a training step on WebGPU, no node on the CPU, against the float64 reference and
 * WASM. A session costs seconds on a software adapter, so there are few, with much in each.
 */

import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { drawMasks } from '../../src/models/dropout.ts';
import { openBrowserRuntime } from '../../src/models/runtime/browser.ts';
import { type Feeds, GraphSession, type Runtime } from '../../src/models/runtime/runtime.ts';
import { meanReversion } from '../../src/training/corpus/arma.ts';
import { GraphTrainer } from '../../src/training/graphTrainer.ts';
import { initialParameters } from '../../src/training/initialise.ts';
import { buildTrainingStep, defaultOptimiser } from '../../src/training/step.ts';
import { initialState } from '../../src/training/trainer.ts';
import { batchFeeds, drawWindows } from '../../src/training/windows.ts';
import { largestError, operatorGraph } from '../support/operatorCases.ts';
import { smallArchitecture } from '../support/smallTtm.ts';

const noWeights = { files: [], locate: refuse, values: refuse };

function refuse(name: string): never {
  throw new Error(`${name} is not a weight of this graph`);
}

let webgpu: Runtime;
let wasm: Runtime;

beforeAll(async () => {
  [webgpu, wasm] = await Promise.all([openBrowserRuntime('webgpu', true), openBrowserRuntime('wasm')]);
});

describe('the back ends of a browser', () => {
  it('are the ones that were asked for', () => {
    expect(webgpu.backend).toMatchObject({ provider: 'webgpu', threads: 1 });
    expect(webgpu.backend.adapter).toBeTruthy();
    expect(wasm.backend.provider).toBe('wasm');
    expect(wasm.backend.threads).toBeGreaterThanOrEqual(1);
  });
});

describe('every operator of the graph language', () => {
  const { graph, feeds, want } = operatorGraph({ a: 3, b: 5, c: 4, d: 6 });

  async function compare(runtime: Runtime, tolerance: number): Promise<void> {
    const session = await GraphSession.create(runtime, graph, noWeights);
    try {
      const got = await session.run(feeds);
      for (const [name, values] of want()) expect(largestError(got[name]!, values), name).toBeLessThan(tolerance);
    } finally {
      await session.release();
    }
  }

  it('runs on WebGPU and gives what the float64 reference gives', () => compare(webgpu, 1e-4));
  it('runs on WASM and gives what the float64 reference gives', () => compare(wasm, 1e-5));
});

describe('a training step', () => {
  // With a frequency prefix, so that a table is learnt too, and a dropout mask.
  const { architecture, layout } = smallArchitecture({ resolution_prefix_tuning: true });
  const shape = { contexts: 4, channels: 1, variants: 1 } as const;

  function batch(): Feeds {
    const { contextLength, horizon } = architecture.shape;
    const stream = new RandomStream(1, 'batch');
    const windows = drawWindows([{ source: meanReversion, share: 1 }], stream, shape.contexts, contextLength, horizon);
    const step = buildTrainingStep(architecture, layout, shape, defaultOptimiser);
    const masks = drawMasks(step.sites, 1, 1, { dropoutRate: 0.1, seed: 1, dropoutSites: 'all' });
    return { ...batchFeeds(architecture, windows), ...masks };
  }

  /** Losses of three steps on one batch, and the parameters after them. */
  async function train(runtime: Runtime): Promise<{ losses: number[]; parameters: Float32Array }> {
    const start = initialState(initialParameters(layout, 1));
    const task = { architecture, layout, shape, optimiser: defaultOptimiser };
    const trainer = await GraphTrainer.create(runtime, task, start);
    const feeds = batch();
    const losses: number[] = [];
    try {
      for (let step = 0; step < 3; step++) losses.push((await trainer.step(feeds, 1e-3)).loss);
      return { losses, parameters: (await trainer.readState()).parameters };
    } finally {
      await trainer.release();
    }
  }

  it('runs on WebGPU, learns, and gives what it gives on WASM', async () => {
    const [gpu, cpu] = [await train(webgpu), await train(wasm)];
    expect(gpu.losses[1]).toBeLessThan(gpu.losses[0]!);
    expect(gpu.losses[2]).toBeLessThan(gpu.losses[1]!);
    gpu.losses.forEach((loss, step) => {
      expect(Math.abs(loss / cpu.losses[step]! - 1)).toBeLessThan(1e-4);
    });
    // AdamW's first steps have the size of the learning rate whatever the gradient's: a gradient near zero may tip either way.
    const errors = gpu.parameters.map((value, i) => Math.abs(value - cpu.parameters[i]!)).sort();
    expect(errors.at(-1)).toBeLessThan(2 * 3 * 1e-3);
    expect(errors[Math.floor(0.99 * errors.length)]).toBeLessThan(1e-5);
  });
});
