/** DA-RNN: no reference exists, so it is held to its equations: shares, gradients, and a toy problem with driving series. */

import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import { Graph } from '../../../src/models/graph/builder.ts';
import { evaluate } from '../../../src/models/graph/evaluate.ts';
import { differentiate } from '../../../src/models/graph/gradients.ts';
import { openArchitecture } from '../../../src/models/registry.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { GraphTrainer } from '../../../src/training/graphTrainer.ts';
import { initialParameters } from '../../../src/training/initialise.ts';
import { forecastError } from '../../../src/training/losses.ts';
import { layoutOf, TrainableGraph } from '../../../src/training/parameters.ts';
import { defaultOptimiser } from '../../../src/training/step.ts';
import { initialState } from '../../../src/training/trainer.ts';
import { randomValues } from '../../support/operatorCases.ts';

const STEPS = 5;
const FEATURES = 4;
const SIZES = { d_feat: FEATURES, seq_len: STEPS, hidden_size: 3, decoder_size: 2 };

function small(changes: object = {}) {
  const architecture = openArchitecture(JSON.stringify({ model_type: 'da_rnn', ...SIZES, ...changes }), 'config.json');
  const declared = new Graph();
  architecture.addTo(declared, { contexts: 1, channels: architecture.shape.channels });
  const layout = layoutOf(declared);
  return { architecture, layout, parameters: initialParameters(layout, 2) };
}

function evaluated(contexts: number, features: ArrayLike<number>, labels: readonly string[]) {
  const { architecture, layout, parameters } = small();
  const g = new TrainableGraph(layout);
  architecture.addTo(g, { contexts, channels: FEATURES });
  const tensors = labels.map((label) => g.labels.get(label) ?? g.outputs.get(label)!);
  return evaluate(g, tensors, { features, parameters }, () => []);
}

describe('attention', () => {
  const contexts = 3;
  const features = randomValues('features', contexts * STEPS * FEATURES);

  it('shares sum to one: over the driving series at every step, and over the encoder’s steps', () => {
    const [input, temporal] = evaluated(contexts, features, ['attention.input', 'attention.temporal']);
    for (const [shares, width, rows] of [
      [input!, FEATURES - 1, contexts * STEPS],
      [temporal!, STEPS, contexts * (STEPS + 1)],
    ] as const) {
      expect(shares).toHaveLength(rows * width);
      for (let row = 0; row < rows; row++) {
        const own = shares.subarray(row * width, (row + 1) * width);
        expect(own.every((share) => share > 0)).toBe(true);
        expect(own.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      }
    }
  });

  it('chooses by whole series: another value at the end changes the shares at the start', () => {
    const changed = features.slice();
    changed[(STEPS - 1) * FEATURES + 1]! += 1;
    const [before, after] = [features, changed].map((values) => evaluated(contexts, values, ['attention.input'])[0]!);
    expect(after!.slice(0, FEATURES - 1)).not.toEqual(before!.slice(0, FEATURES - 1));
  });

  it('needs a series that drives the target', () => {
    expect(() => small({ d_feat: 1 })).toThrow(
      'The field d_feat is 1, but a target series needs at least one that drives it.',
    );
  });
});

describe('gradients', () => {
  it('agree with central differences in float64, for every parameter', () => {
    const { architecture, layout, parameters } = small();
    const contexts = 2;
    const g = new TrainableGraph(layout);
    architecture.addTo(g, { contexts, channels: FEATURES });
    const loss = forecastError(g);
    const [gradient] = differentiate(g, loss, [g.parameters]);
    const feeds = {
      features: Float64Array.from(randomValues('x', contexts * STEPS * FEATURES)),
      target: Float64Array.of(0.5, -0.3),
      weight: Float64Array.of(1, 2),
      parameters: Float64Array.from(parameters),
    };
    const got = evaluate(g, [gradient!], feeds, () => [])[0]!;
    const value = (): number => evaluate(g, [loss], feeds, () => [])[0]![0]!;
    const step = 1e-5;
    for (const { name, offset } of layout.slots) {
      const kept = feeds.parameters[offset]!;
      feeds.parameters[offset] = kept + step;
      const above = value();
      feeds.parameters[offset] = kept - step;
      const below = value();
      feeds.parameters[offset] = kept;
      expect(got[offset], name).toBeCloseTo((above - below) / (2 * step), 7);
    }
    expect(got).toHaveLength(layout.size);
    expect(got.filter((one) => one === 0).length).toBeLessThan(layout.size / 10);
  });
});

describe('a toy problem', () => {
  /** What comes is the first driving series two steps back; the others are noise. */
  function batch(stream: RandomStream, contexts: number) {
    const features = Float32Array.from({ length: contexts * STEPS * FEATURES }, () => stream.normal());
    const target = Float32Array.from({ length: contexts }, (_, n) => features[(n * STEPS + STEPS - 2) * FEATURES + 1]!);
    return { features, target, weight: new Float32Array(contexts).fill(1) };
  }

  it('is learnt: the series that drives the target is found among others', async () => {
    const contexts = 64;
    const { architecture, layout, parameters } = small({ hidden_size: 8, decoder_size: 8 });
    const shape = { contexts, channels: FEATURES, variants: 0 } as const;
    const optimiser = { ...defaultOptimiser, weightDecay: 0 };
    const task = { architecture, layout, shape, optimiser };
    const trainer = await GraphTrainer.create(openNodeRuntime(), task, initialState(parameters));
    const stream = new RandomStream(1, 'toy');
    try {
      for (let step = 0; step < 500; step++) await trainer.step(batch(stream, contexts), 0.02 * (1 - step / 500));
      let loss = 0;
      for (let n = 0; n < 8; n++) loss += (await trainer.loss(batch(stream, contexts))) / 8;
      // Always saying 0 has the loss 1.
      expect(loss).toBeLessThan(0.2);
    } finally {
      await trainer.release();
    }
  });
});
