import { describe, expect, it } from 'vitest';
import { fasterEngine, withoutWrongOnes } from '../../../src/training/engineChoice.ts';

const graph = { secondsPerStep: 0.05, device: 'WASM with 2 threads', firstLoss: 0.7 };
const tensorflow = { secondsPerStep: 0.02, device: 'TensorFlow.js on WebGPU', firstLoss: 0.70001 };

describe('the choice of a training engine', () => {
  it('is the faster one that computes the same loss', () => {
    expect(fasterEngine(withoutWrongOnes({ graph, tensorflow }))).toBe('tensorflow');
    expect(fasterEngine(withoutWrongOnes({ graph, tensorflow: { ...tensorflow, secondsPerStep: 0.1 } }))).toBe('graph');
  });

  for (const firstLoss of [0.69, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`refuses one that computes ${firstLoss} instead of 0.7, however fast`, () => {
      const judged = withoutWrongOnes({ graph, tensorflow: { ...tensorflow, firstLoss } });
      expect(judged.tensorflow).toMatchObject({ problem: { code: 'training/engine-differs' } });
      expect(fasterEngine(judged)).toBe('graph');
    });
  }

  it('is the one that works where the other does not', () => {
    const problem = { code: 'runtime/create', message: 'no' };
    expect(fasterEngine(withoutWrongOnes({ graph: { problem }, tensorflow }))).toBe('tensorflow');
    expect(fasterEngine(withoutWrongOnes({ graph, tensorflow: { problem } }))).toBe('graph');
  });
});
