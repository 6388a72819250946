import { describe, expect, it, vi } from 'vitest';
import type { Graph } from '../../../src/models/graph/builder.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { GraphTrainer } from '../../../src/training/graphTrainer.ts';
import { initialParameters } from '../../../src/training/initialise.ts';
import { layOut } from '../../../src/training/parameters.ts';
import { defaultOptimiser, type TrainingTask } from '../../../src/training/step.ts';
import { memory } from '../../../src/training/tensorflow/library.ts';
import { TensorflowTrainer } from '../../../src/training/tensorflow/trainer.ts';
import { initialState, type Trainer } from '../../../src/training/trainer.ts';
import { openTensorflowInNode } from '../../support/tensorflowNode.ts';

const STEPS = 2000;
const [CONTEXTS, LENGTH, STEPS_AHEAD] = [8, 12, 3];

/** One layer: small, so that thousands of steps take seconds. */
const architecture = {
  addTo: (g: Graph): void => {
    const x = g.input('x', [1, CONTEXTS, 1, LENGTH]);
    const hidden = g.tanh(g.linear(x, g.weight('raise', [16, LENGTH]), g.weight('bias', [16])));
    g.output('forecast', g.linear(hidden, g.weight('lower', [STEPS_AHEAD, 16])));
  },
};
const layout = layOut([
  ['raise', { shape: [16, LENGTH] }],
  ['bias', { shape: [16] }],
  ['lower', { shape: [STEPS_AHEAD, 16] }],
]);
const shape = { contexts: CONTEXTS, channels: 1, variants: 0 } as const;
const task: TrainingTask = { architecture, layout, shape, optimiser: defaultOptimiser };
const start = initialState(initialParameters(layout, 1));
const feeds = {
  x: Float32Array.from({ length: CONTEXTS * LENGTH }, (_, i) => Math.sin(i)),
  target: Float32Array.from({ length: CONTEXTS * STEPS_AHEAD }, (_, i) => Math.cos(i)),
  weight: new Float32Array(CONTEXTS).fill(1),
};

/** Times the WASM heaps grow while so many steps are taken, after some that are not counted. */
async function growthDuring(trainer: Trainer): Promise<number> {
  for (let i = 0; i < 50; i++) await trainer.step(feeds, 1e-3);
  const grown = vi.spyOn(WebAssembly.Memory.prototype, 'grow');
  try {
    let loss = Number.POSITIVE_INFINITY;
    for (let i = 0; i < STEPS; i++) ({ loss } = await trainer.step(feeds, 1e-3));
    expect(loss).toBeLessThan(0.5);
    return grown.mock.calls.length;
  } finally {
    grown.mockRestore();
  }
}

describe(`memory stays flat over ${STEPS} steps`, () => {
  it('of the training graph', async () => {
    const trainer = await GraphTrainer.create(openNodeRuntime(), task, start);
    expect(await growthDuring(trainer)).toBe(0);
    await trainer.release();
  });

  it('of TensorFlow.js, and so does its count of tensors', async () => {
    const trainer = new TensorflowTrainer(await openTensorflowInNode(), task, start);
    await trainer.step(feeds, 1e-3);
    const before = memory();
    expect(await growthDuring(trainer)).toBe(0);
    expect(memory().numTensors).toBe(before.numTensors);
    expect(memory().numBytes).toBe(before.numBytes);
    await trainer.release();
  });

  it('and a heap that does grow would be seen', async () => {
    const grown = vi.spyOn(WebAssembly.Memory.prototype, 'grow');
    const size = 3_000_000;
    const wide = layOut([['table', { shape: [size] }]]);
    const addTo = (g: Graph): void => {
      const one = g.reshape(g.slice(g.weight('table', [size]), 0, 0, CONTEXTS * STEPS_AHEAD), [
        1,
        CONTEXTS,
        1,
        STEPS_AHEAD,
      ]);
      g.output('forecast', g.mul(one, g.reduceSum(g.input('x', [1, CONTEXTS, 1, LENGTH]), [3])));
    };
    const large: TrainingTask = { ...task, architecture: { addTo }, layout: wide };
    const trainer = await GraphTrainer.create(openNodeRuntime(), large, initialState(new Float32Array(size)));
    await trainer.step(feeds, 1e-3);
    await trainer.release();
    expect(grown.mock.calls.length).toBeGreaterThan(0);
    grown.mockRestore();
  });
});
