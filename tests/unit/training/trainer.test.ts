import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import type { Feeds } from '../../../src/models/runtime/runtime.ts';
import { integrate, type SeriesSource } from '../../../src/training/corpus/source.ts';
import { GraphTrainer } from '../../../src/training/graphTrainer.ts';
import { initialParameters } from '../../../src/training/initialise.ts';
import { defaultOptimiser, type OptimiserSettings } from '../../../src/training/step.ts';
import { initialState, type TrainingState } from '../../../src/training/trainer.ts';
import { batchFeeds, drawWindows } from '../../../src/training/windows.ts';
import { smallArchitecture } from '../../support/smallTtm.ts';

const BATCH = 16;
const LEARNING_RATE = 3e-3;
const runtime = openNodeRuntime();
const { architecture, layout } = smallArchitecture();
const start = initialState(initialParameters(layout, 1));

/** Changes that follow the last one: what comes next can be learnt. */
const persistentChanges: SeriesSource = {
  name: 'persistent changes',
  draw: (stream, length) => {
    let change = stream.normal();
    return integrate(
      Float64Array.from({ length }, () => {
        change = 0.95 * change + 0.3 * stream.normal();
        return change;
      }),
    );
  },
};

/** The batches of a run, always the same ones. */
function batches(count: number): Feeds[] {
  const stream = new RandomStream(3, 'batches');
  const { contextLength, horizon } = architecture.shape;
  return Array.from({ length: count }, () => {
    const mixture = [{ source: persistentChanges, share: 1 }];
    return batchFeeds(architecture, drawWindows(mixture, stream, BATCH, contextLength, horizon));
  });
}

interface Run {
  readonly state: TrainingState;
  readonly losses: readonly number[];
  readonly norms: readonly number[];
}

async function train(
  feeds: readonly Feeds[],
  from: TrainingState = start,
  changes: Partial<OptimiserSettings> = {},
): Promise<Run> {
  const optimiser = { ...defaultOptimiser, ...changes };
  const shape = { contexts: BATCH, channels: 1, variants: 0 } as const;
  const trainer = await GraphTrainer.create(runtime, { architecture, layout, shape, optimiser }, from);
  const [losses, norms]: [number[], number[]] = [[], []];
  try {
    for (const batch of feeds) {
      const { loss, gradientNorm } = await trainer.step(batch, LEARNING_RATE);
      losses.push(loss);
      norms.push(gradientNorm);
    }
    return { state: await trainer.readState(), losses, norms };
  } finally {
    await trainer.release();
  }
}

const normOf = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a training run (WASM)', () => {
  it('learns what can be learnt', async () => {
    const { losses, state } = await train(batches(60));
    expect(meanOf(losses.slice(-10))).toBeLessThan(0.5 * meanOf(losses.slice(0, 3)));
    expect(state.steps).toBe(60);
  });

  it('comes out the same twice, bit for bit', async () => {
    expect(await train(batches(6))).toEqual(await train(batches(6)));
  });

  it('that is resumed from its state goes on as if it had never stopped, bit for bit', async () => {
    const feeds = batches(10);
    const whole = await train(feeds);
    const { state, losses } = await train(feeds.slice(0, 5));
    const rest = await train(feeds.slice(5), structuredClone(state));
    expect(rest.state).toEqual(whole.state);
    expect([...losses, ...rest.losses]).toEqual(whole.losses);
  });

  it('does not change the state it started from', async () => {
    const before = structuredClone(start);
    await train(batches(2));
    expect(start).toEqual(before);
  });
});

describe('the optimiser', () => {
  it('clips the gradient to the largest global norm, and tells the norm before', async () => {
    const [batch] = batches(1);
    const { norms, state: free } = await train([batch!], start, { clipNorm: null });
    const norm = norms[0]!;
    // After one step from zero the first moment is (1 − β₁) times the gradient that was used.
    const usedNorm = ({ firstMoment }: TrainingState) => normOf(firstMoment) / (1 - defaultOptimiser.beta1);
    expect(usedNorm(free) / norm).toBeCloseTo(1, 4);
    for (const share of [0.1, 0.9, 1.1, 10]) {
      const { norms: told, state } = await train([batch!], start, { clipNorm: share * norm });
      expect(told[0]).toBe(norm);
      expect(usedNorm(state) / norm).toBeCloseTo(Math.min(1, share), 4);
    }
  });

  it('decays weights with two axes by rate × decay, and biases and norms not at all', async () => {
    const feeds = batches(1);
    const from = initialState(start.parameters.map((value) => value + 0.5));
    const { state: plain } = await train(feeds, from, { weightDecay: 0 });
    const { state: decayed } = await train(feeds, from, { weightDecay: 0.1 });
    for (const { shape, offset, name } of layout.slots) {
      const size = shape.reduce((product, length) => product * length, 1);
      for (let i = offset; i < offset + size; i++) {
        const change = plain.parameters[i]! - decayed.parameters[i]!;
        const want = shape.length >= 2 ? LEARNING_RATE * 0.1 * from.parameters[i]! : 0;
        expect(Math.abs(change - want), name).toBeLessThan(want === 0 ? Number.MIN_VALUE : 2e-7);
      }
    }
  });

  it('moves no parameter by more than the learning rate in the first step', async () => {
    const { state } = await train(batches(1), start, { weightDecay: 0 });
    const moves = state.parameters.map((value, i) => Math.abs(value - start.parameters[i]!));
    expect(Math.max(...moves)).toBeLessThan(LEARNING_RATE * 1.001);
    expect(Math.max(...moves)).toBeGreaterThan(LEARNING_RATE * 0.99);
  });
});
