import { describe, expect, it } from 'vitest';
import { memory } from '../../../src/training/tensorflow/library.ts';
import { operatorCases } from '../../support/operatorCases.ts';
import { openTensorflowInNode } from '../../support/tensorflowNode.ts';
import { operatorError } from '../../support/tensorflowOperators.ts';

await openTensorflowInNode();

describe('TensorFlow.js computes every operator, and differentiates it as the graph language does', () => {
  for (const name of Object.keys(operatorCases)) {
    it(name, async () => {
      const before = memory().numTensors;
      expect(await operatorError(name)).toBeLessThan(2e-5);
      expect(memory().numTensors).toBe(before);
    });
  }
});
