/** The contexts that all back ends and peers of the model benchmarks are given. */

import { RandomStream } from '../../src/core/random.ts';

/** Random walks [rows, length]. */
export function contextWalks(rows: number, length: number): Float32Array {
  const stream = new RandomStream(1, 'bench');
  let last = 0;
  return Float32Array.from({ length: rows * length }, (_, i) => {
    last = i % length === 0 ? 0 : last + stream.normal();
    return last;
  });
}
