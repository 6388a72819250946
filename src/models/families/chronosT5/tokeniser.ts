/**
 * Chronos-T5's words for numbers: a series is divided by its mean absolute value and each value becomes the bin it falls into.
 * Centres and boundaries are float32, as the official tokeniser has them, so that the same values become the same tokens.
 */

import { firstAbove } from '../../../core/sorted.ts';
import type { ChronosConfig } from './config.ts';

type Bins = Pick<ChronosConfig, 'vocabulary' | 'specialTokens' | 'lowLimit' | 'highLimit'>;

/** Float32 centres of the bins: bin i is the token i + specialTokens + 1. */
export function binCentres({ vocabulary, specialTokens, lowLimit, highLimit }: Bins): Float32Array {
  const count = vocabulary - specialTokens - 1;
  const step = Math.fround(Math.fround(highLimit - lowLimit) / (count - 1));
  // The official code fills a range from both ends.
  return Float32Array.from({ length: count }, (_, i) =>
    i < count >> 1 ? lowLimit + step * i : highLimit - step * (count - 1 - i),
  );
}

/** The value each token stands for, in scaled units: special tokens have the lowest centre. */
export function tokenCentres(config: Bins): Float32Array {
  const centres = binCentres(config);
  return Float32Array.from(
    { length: config.vocabulary },
    (_, token) => centres[Math.max(0, token - config.specialTokens - 1)]!,
  );
}

/** Upper boundaries of all bins but the last; a value on a boundary belongs to the bin above. */
export function binBoundaries(config: Bins): Float32Array {
  const centres = binCentres(config);
  return Float32Array.from({ length: centres.length - 1 }, (_, i) => Math.fround(centres[i]! + centres[i + 1]!) / 2);
}

/** Values below this are below the first bin. */
const LOWEST = Math.fround(-1e20);

/** The token of each scaled value. */
export function tokensOf(config: Bins, scaled: ArrayLike<number>): Int32Array {
  const boundaries = binBoundaries(config);
  return Int32Array.from(scaled, (value) => {
    const token = value < LOWEST ? config.specialTokens : firstAbove(boundaries, value) + config.specialTokens + 1;
    return Math.min(token, config.vocabulary - 1);
  });
}

/** Contexts as the encoder reads them. */
export interface ContextTokens {
  /** [R, T] */
  readonly tokens: Int32Array;
  /** [R, T] 0 for missing values and padding before the series, else 1. */
  readonly open: Float32Array;
  /** [R] */
  readonly scale: Float64Array;
}

/** Tokens of the last `length` values of each series (NaN: missing); shorter ones are padded on the left. */
export function tokenise(config: ChronosConfig, series: readonly Float64Array[], length: number): ContextTokens {
  const width = length + (config.endsContext ? 1 : 0);
  const tokens = new Int32Array(series.length * width).fill(config.padToken);
  const open = new Float32Array(series.length * width);
  const scale = new Float64Array(series.length);
  series.forEach((one, row) => {
    const kept = one.slice(-length).map(Math.fround);
    scale[row] = scaleOf(kept);
    const words = tokensOf(
      config,
      kept.map((value) => Math.fround(value / scale[row]!)),
    );
    const start = row * width + length - kept.length;
    kept.forEach((value, t) => {
      if (Number.isNaN(value)) return;
      tokens[start + t] = words[t]!;
      open[start + t] = 1;
    });
    if (config.endsContext) {
      tokens[(row + 1) * width - 1] = config.endToken;
      open[(row + 1) * width - 1] = 1;
    }
  });
  return { tokens, open, scale };
}

/** Mean absolute value of what is there, as float32; 1 where that is 0 or nothing. */
function scaleOf(values: Float64Array): number {
  const there = values.filter((value) => !Number.isNaN(value));
  const mean = Math.fround(there.reduce((sum, value) => sum + Math.abs(value), 0) / there.length);
  return mean > 0 ? mean : 1;
}
