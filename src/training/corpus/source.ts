/** A kind of synthetic series a corpus is mixed of. */

import type { RandomStream } from '../../core/random.ts';

export interface SeriesSource {
  readonly name: string;
  /** A new log-price path of `length` steps. Only its changes matter: level and unit are arbitrary. */
  readonly draw: (stream: RandomStream, length: number) => Float64Array;
}

/** A source and how often it is drawn, relative to the others. */
export interface MixtureEntry {
  readonly source: SeriesSource;
  readonly share: number;
}

/** Number in [low, high), uniform in its logarithm. */
export function logUniform(stream: RandomStream, low: number, high: number): number {
  return low * (high / low) ** stream.uniform();
}

/** Number in [low, high), uniform. */
export function uniformIn(stream: RandomStream, low: number, high: number): number {
  return low + (high - low) * stream.uniform();
}

/** Running sum: steps → path. */
export function integrate(steps: Float64Array): Float64Array {
  let level = 0;
  return steps.map((step) => {
    level += step;
    return level;
  });
}
