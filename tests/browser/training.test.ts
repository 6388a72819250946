/**
 * Both training engines in a browser: TensorFlow.js beside the training graph, from one state, on one batch. On the software WebGPU
 * adapter each operator of TensorFlow.js is right, but whole models are not: there the page refuses it (`engineChoice.ts`).
 */

import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { openBrowserRuntime } from '../../src/models/runtime/browser.ts';
import { meanReversion } from '../../src/training/corpus/arma.ts';
import { GraphTrainer } from '../../src/training/graphTrainer.ts';
import { initialParameters } from '../../src/training/initialise.ts';
import { defaultOptimiser, type TrainingTask } from '../../src/training/step.ts';
import { openTensorflow } from '../../src/training/tensorflow/browser.ts';
import * as tf from '../../src/training/tensorflow/library.ts';
import { TensorflowTrainer } from '../../src/training/tensorflow/trainer.ts';
import { initialState, type Trainer, type TrainingState } from '../../src/training/trainer.ts';
import { batchFeeds, drawWindows } from '../../src/training/windows.ts';
import { operatorCases } from '../support/operatorCases.ts';
import { smallArchitecture } from '../support/smallTtm.ts';
import { operatorError } from '../support/tensorflowOperators.ts';

const { architecture, layout } = smallArchitecture();
const shape = { contexts: 4, channels: 1, variants: 0 } as const;
const task: TrainingTask = { architecture, layout, shape, optimiser: defaultOptimiser };
const { contextLength, horizon } = architecture.shape;
const windows = drawWindows(
  [{ source: meanReversion, share: 1 }],
  new RandomStream(1, 'batch'),
  4,
  contextLength,
  horizon,
);
const feeds = batchFeeds(architecture, windows);
const start = initialState(initialParameters(layout, 1));

async function twoSteps(trainer: Trainer): Promise<{ losses: number[]; state: TrainingState }> {
  try {
    const losses = [(await trainer.step(feeds, 1e-3)).loss, (await trainer.step(feeds, 1e-3)).loss];
    return { losses, state: await trainer.readState() };
  } finally {
    await trainer.release();
  }
}

describe('training engines in a browser', () => {
  it('TensorFlow.js computes and differentiates every operator on WebGPU', async () => {
    await openTensorflow('webgpu');
    const wrong: Record<string, number> = {};
    for (const name of Object.keys(operatorCases)) {
      const error = await operatorError(name);
      if (!(error < 1e-4)) wrong[name] = error;
    }
    expect(wrong).toEqual({});
  });

  it('TensorFlow.js on WASM takes the steps that the training graph takes, and leaves nothing behind', async () => {
    const device = await openTensorflow('wasm');
    const before = tf.memory().numTensors;
    const got = await twoSteps(new TensorflowTrainer(device, task, start));
    expect(tf.memory().numTensors).toBe(before);
    const graph = await GraphTrainer.create(await openBrowserRuntime('wasm'), task, start);
    const want = await twoSteps(graph);
    got.losses.forEach((loss, i) => {
      expect(Math.abs(loss / want.losses[i]! - 1)).toBeLessThan(1e-4);
    });
    expect(got.state.steps).toBe(2);
    const errors = got.state.parameters.map((value, i) => Math.abs(value - want.state.parameters[i]!)).sort();
    expect(errors[Math.floor(0.99 * errors.length)]).toBeLessThan(1e-5);
  });

  it('the training graph goes on on WebGPU from a state that was read back in between', async () => {
    const runtime = await openBrowserRuntime('webgpu', true);
    const trainer = await GraphTrainer.create(runtime, task, start);
    await trainer.step(feeds, 1e-3);
    const halfway = await trainer.readState();
    const first = (await trainer.step(feeds, 1e-3)).loss;
    await trainer.restore(halfway);
    expect((await trainer.step(feeds, 1e-3)).loss).toBe(first);
    await trainer.release();
  });
});
