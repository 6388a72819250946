/**
 * Sample paths of Gaussian processes whose kernels are random sums of smooth, periodic and linear parts with a little
 * noise (in the manner of KernelSynth, Chronos, arXiv:2403.07815).
 */

import { RandomStream } from '../../core/random.ts';
import { logUniform, type SeriesSource } from './source.ts';

type Kernel = (s: number, t: number) => number;

/** Smooth variation over a random length scale. */
function squaredExponential(stream: RandomStream, length: number): Kernel {
  const scale = logUniform(stream, 4, length);
  return (s, t) => Math.exp(-0.5 * ((s - t) / scale) ** 2);
}

function periodic(stream: RandomStream, length: number): Kernel {
  const period = logUniform(stream, 8, length);
  const smoothness = logUniform(stream, 0.5, 2);
  return (s, t) => Math.exp(-2 * (Math.sin((Math.PI * Math.abs(s - t)) / period) / smoothness) ** 2);
}

function linear(_stream: RandomStream, length: number): Kernel {
  return (s, t) => (s / length - 0.5) * (t / length - 0.5);
}

const parts = [squaredExponential, squaredExponential, periodic, linear] as const;

/** A source with `kernels` random kernels fixed by the seed; factoring one costs length³/6 operations, once. */
export function gaussianProcesses(seed: number, kernels: number): SeriesSource {
  const factors = new Map<string, Float64Array>();
  return {
    name: 'Gaussian processes',
    draw: (stream, length) => {
      const index = stream.integer(kernels);
      const key = `${index}/${length}`;
      const factor = factors.get(key) ?? factorOf(new RandomStream(seed, 'gp kernel', index), length);
      factors.set(key, factor);
      const noise = Float64Array.from({ length }, () => stream.normal());
      return Float64Array.from({ length }, (_, row) => {
        let sum = 0;
        for (let col = 0; col <= row; col++) sum += factor[row * length + col]! * noise[col]!;
        return sum;
      });
    },
  };
}

/** Lower Cholesky factor [n, n] of a random kernel's covariance over the instants 0 … n − 1. */
function factorOf(stream: RandomStream, n: number): Float64Array {
  const count = 1 + stream.integer(3);
  const kernels = Array.from({ length: count }, () => parts[stream.integer(parts.length)]!(stream, n));
  const noise = logUniform(stream, 1e-4, 1e-2);
  const factor = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let col = 0; col <= row; col++) {
      let sum = kernels.reduce((total, kernel) => total + kernel(row, col), row === col ? noise : 0);
      for (let k = 0; k < col; k++) sum -= factor[row * n + k]! * factor[col * n + k]!;
      factor[row * n + col] = row === col ? Math.sqrt(Math.max(sum, 1e-12)) : sum / factor[col * n + col]!;
    }
  }
  return factor;
}
