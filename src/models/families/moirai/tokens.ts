/**
 * What Moirai reads: patches of every variate one after the other, first all of the past, then those to be forecast, with ids that
 * tell series, time and variate apart. Scaling is float64, its result rounded to float32 as in the official code.
 */

import type { MoiraiConfig } from './config.ts';

/** Sizes of what is laid out. */
export interface MoiraiShape {
  /** Past values; shorter series are padded on the left. */
  readonly length: number;
  /** Values to be forecast. */
  readonly steps: number;
  readonly patchLength: number;
  /** C: series that are read together. */
  readonly variates: number;
}

/** Tokens of N contexts before scaling; S = C·(past + ahead) patches each. */
export interface MoiraiTokens {
  /** [N, S, patch] 0 where missing or to be forecast. */
  readonly target: Float64Array;
  /** [N, S, patch] 1 where observed; values to be forecast count as observed, what fills up their last patch does not. */
  readonly observed: Uint8Array;
  /** [N, S] 0 for patches before the series begins, which see nothing but each other, else 1. */
  readonly sample: Float32Array;
  /** [N, S] */
  readonly time: Int32Array;
}

/** Patches of the past and of the forecast, for each variate. */
export function patchCounts({ length, steps, patchLength }: Omit<MoiraiShape, 'variates'>): {
  readonly past: number;
  readonly ahead: number;
} {
  return { past: Math.ceil(length / patchLength), ahead: Math.ceil(steps / patchLength) };
}

/** Lays out series (variates of a context one after the other; a missing value is NaN). */
export function layOut(series: readonly Float64Array[], shape: MoiraiShape): MoiraiTokens {
  const { length, steps, patchLength, variates } = shape;
  const { past, ahead } = patchCounts(shape);
  const contexts = series.length / variates;
  const tokens = variates * (past + ahead);
  const target = new Float64Array(contexts * tokens * patchLength);
  const observed = new Uint8Array(target.length);
  const sample = new Float32Array(contexts * tokens).fill(1);
  const time = new Int32Array(contexts * tokens);
  for (let n = 0; n < contexts; n++) {
    const together = series.slice(n * variates, (n + 1) * variates).map((one) => one.slice(-length));
    const longest = Math.max(...together.map((one) => one.length));
    const begun = new Uint8Array(past);
    const empty = past - Math.ceil(longest / patchLength);
    for (const [variate, one] of together.entries()) {
      const first = (n * tokens + variate * past) * patchLength;
      const start = past * patchLength - one.length;
      one.forEach((value, t) => {
        if (Number.isNaN(value)) return;
        target[first + start + t] = value;
        observed[first + start + t] = 1;
        begun[Math.floor((start + t) / patchLength)] = 1;
      });
      sample.fill(0, n * tokens + variate * past, n * tokens + variate * past + empty);
      const future = (n * tokens + variates * past + variate * ahead) * patchLength;
      observed.fill(1, future, future + steps);
    }
    const times = timesOf(begun, ahead);
    for (let variate = 0; variate < variates; variate++) {
      time.set(times.subarray(0, past), n * tokens + variate * past);
      time.set(times.subarray(past), n * tokens + variates * past + variate * ahead);
    }
  }
  return { target, observed, sample, time };
}

/** Time counts up from the first patch with data in any variate; patches before it have the time 0 too. */
function timesOf(begun: Uint8Array, ahead: number): Int32Array {
  const times = new Int32Array(begun.length + ahead);
  const first = begun.indexOf(1);
  const start = first < 0 ? begun.length : first;
  for (let patch = start; patch < times.length; patch++) times[patch] = patch - start;
  // The forecast follows the last past patch, even where nothing was observed.
  if (first < 0) for (let j = 0; j < ahead; j++) times[begun.length + j] = 1 + j;
  return times;
}

export interface ScaledTokens {
  /** The graph's inputs. */
  readonly feeds: {
    readonly values: Float32Array;
    readonly sample: Float32Array;
    readonly time: Int32Array;
  };
  /** [N·C] */
  readonly loc: Float64Array;
  /** [N·C] */
  readonly scale: Float64Array;
}

const VARIANCE_FLOOR = 1e-5;

/** Standardises each variate by what is observed of it; missing values, which are 0 before, go through the same map. */
export function scaleTokens(config: MoiraiConfig, tokens: MoiraiTokens, shape: MoiraiShape): ScaledTokens {
  const { patchLength, variates } = shape;
  const { past, ahead } = patchCounts(shape);
  const { target, observed, sample, time } = tokens;
  const perContext = variates * (past + ahead);
  const contexts = sample.length / perContext;
  const values = new Float32Array(target.length);
  const loc = new Float64Array(contexts * variates);
  const scale = new Float64Array(contexts * variates).fill(1);
  for (let row = 0; row < contexts * variates; row++) {
    const [n, variate] = [Math.floor(row / variates), row % variates];
    const pastAt = n * perContext + variate * past;
    const futureAt = n * perContext + variates * past + variate * ahead;
    const whole = [pastAt, pastAt + past].map((token) => token * patchLength) as [number, number];
    if (config.scaling) {
      const known = target.subarray(...whole).filter((_, i) => observed[whole[0] + i] === 1);
      const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(known.length, 1);
      const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      loc[row] = Math.fround(mean);
      scale[row] = Math.fround(Math.sqrt(squares / Math.max(known.length - 1, 1) + VARIANCE_FLOOR));
    }
    const standardise = (token: number, count: number): void => {
      for (let i = token * patchLength; i < (token + count) * patchLength; i++) {
        const belongs = sample[Math.floor(i / patchLength)] === 1;
        values[i] = belongs ? (target[i]! - loc[row]!) / scale[row]! : target[i]!;
      }
    };
    standardise(pastAt, past);
    standardise(futureAt, ahead);
  }
  return { feeds: { values, sample, time }, loc, scale };
}
