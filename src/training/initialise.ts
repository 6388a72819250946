/** First values of a model's parameters before any training. */

import { RandomStream } from '../core/random.ts';
import { sizeOf } from '../models/graph/ir.ts';
import type { ParameterLayout, ParameterSlot } from './parameters.ts';

/** Rows of a table of tokens that stand for values on a line. */
export interface OrderedTokens {
  /** The table's name. */
  readonly table: string;
  /** [rows] what each token stands for. */
  readonly values: Float32Array;
}

/**
 * Weights with two axes are uniform in ±1/√(inputs), PyTorch's rule for Linear; one-axis tensors named `weight` or `scale`, the gains of
 * norms, and running variances start as the identity, other biases at zero. Tables of tokens (`shared.weight`) have unit variance, T5's rule; where tokens stand
 * for values, those of neighbouring values start alike. Each tensor has its own stream: the result does not depend on the others.
 */
export function initialParameters(layout: ParameterLayout, seed: number, ordered?: OrderedTokens): Float32Array {
  const flat = new Float32Array(layout.size);
  for (const slot of layout.slots) {
    const { name, shape, offset } = slot;
    const values = flat.subarray(offset, offset + sizeOf(shape));
    const stream = new RandomStream(seed, `initial/${name}`);
    if (name === ordered?.table) {
      values.set(randomFeatures(stream, slot, ordered.values));
    } else if (shape.length >= 2) {
      const bound = name === TOKEN_TABLE ? Math.sqrt(3) : 1 / Math.sqrt(shape.at(-1)!);
      for (let i = 0; i < values.length; i++) values[i] = bound * (2 * stream.uniform() - 1);
    } else if (/\.(weight|scale|running_var)$/.test(name)) {
      values.fill(1);
    }
  }
  return flat;
}

const TOKEN_TABLE = 'shared.weight';

/** Shortest wave, in distances between neighbouring values; the longest spans them all. */
const SHORTEST_WAVE = 6;

/** Waves over the values, of random length and phase (random Fourier features, Rahimi & Recht, 2007): [rows, D] of unit variance. */
function randomFeatures(stream: RandomStream, { shape }: ParameterSlot, values: Float32Array): Float32Array {
  const width = shape[1]!;
  const span = values.at(-1)! - values[0]!;
  const shortest = (SHORTEST_WAVE * span) / values.length;
  const waves = Array.from({ length: width }, () => {
    const length = shortest * (span / shortest) ** stream.uniform();
    return { frequency: (2 * Math.PI) / length, phase: 2 * Math.PI * stream.uniform() };
  });
  return Float32Array.from({ length: values.length * width }, (_, i) => {
    const { frequency, phase } = waves[i % width]!;
    return Math.SQRT2 * Math.cos(frequency * values[Math.floor(i / width)]! + phase);
  });
}
