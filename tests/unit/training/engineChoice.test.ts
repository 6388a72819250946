import { describe, expect, it } from 'vitest';
import {
  type EngineMeasurement,
  fasterEngine,
  measureEngines,
  withoutWrongOnes,
} from '../../../src/training/engineChoice.ts';

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

  describe('where TensorFlow.js is refused on WebGPU', () => {
    const wrong = { ...tensorflow, firstLoss: 0.6 };
    const onWasm = { secondsPerStep: 0.2, device: 'TensorFlow.js on WASM', firstLoss: 0.7 };
    const measureWith =
      (answers: Readonly<Record<string, EngineMeasurement>>, asked: string[] = []) =>
      async (engine: string, preference: string): Promise<EngineMeasurement> => {
        asked.push(`${engine} ${preference}`);
        return engine === 'graph' ? graph : answers[preference]!;
      };

    it.each([wrong, { problem: { code: 'runtime/no-tensorflow', message: 'no adapter' } }])(
      'tries it on WASM, and says why',
      async (onGpu) => {
        const found = await measureEngines(measureWith({ auto: onGpu, wasm: onWasm }), 'auto');
        expect(found.tensorflow).toMatchObject({ ...onWasm, preference: 'wasm', fallbackReason: expect.any(String) });
      },
    );

    it('gives it up where WASM is no better, with the first reason', async () => {
      const problem = { code: 'runtime/x', message: 'no WASM' };
      const found = await measureEngines(measureWith({ webgpu: wrong, wasm: { problem } }), 'webgpu');
      expect(found.tensorflow).toMatchObject({ problem: { code: 'training/engine-differs' } });
    });

    it('measures nothing twice that works, or that is on WASM already', async () => {
      const asked: string[] = [];
      await measureEngines(measureWith({ auto: tensorflow }, asked), 'auto');
      await measureEngines(measureWith({ wasm: wrong }, asked), 'wasm');
      expect(asked).toEqual(['graph auto', 'tensorflow auto', 'graph wasm', 'tensorflow wasm']);
    });
  });

  it('is the one that works where the other does not', () => {
    const problem = { code: 'runtime/create', message: 'no' };
    expect(fasterEngine(withoutWrongOnes({ graph: { problem }, tensorflow }))).toBe('tensorflow');
    expect(fasterEngine(withoutWrongOnes({ graph, tensorflow: { problem } }))).toBe('graph');
  });
});
