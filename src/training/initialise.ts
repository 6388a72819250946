/** First values of a model's parameters before any training. */

import { RandomStream } from '../core/random.ts';
import { sizeOf } from '../models/graph/ir.ts';
import type { ParameterLayout } from './parameters.ts';

/**
 * Weights with two axes are uniform in ±1/√(inputs), PyTorch's rule for Linear; one-axis tensors named `weight`, the gains of norms, start as
 * the identity, other biases at zero. Each tensor has its own stream: the result does not depend on the others.
 */
export function initialParameters(layout: ParameterLayout, seed: number): Float32Array {
  const flat = new Float32Array(layout.size);
  for (const { name, shape, offset } of layout.slots) {
    const values = flat.subarray(offset, offset + sizeOf(shape));
    if (shape.length >= 2) {
      const stream = new RandomStream(seed, `initial/${name}`);
      const bound = 1 / Math.sqrt(shape.at(-1)!);
      for (let i = 0; i < values.length; i++) values[i] = bound * (2 * stream.uniform() - 1);
    } else if (name.endsWith('.weight')) {
      values.fill(1);
    }
  }
  return flat;
}
