/** Training batches: windows of synthetic series, transformed as a forecaster transforms them, with what comes next. */

import type { RandomStream } from '../core/random.ts';
import { normaliseLogMids } from '../models/contexts.ts';
import type { Architecture } from '../models/registry.ts';
import type { Feeds } from '../models/runtime/runtime.ts';
import type { MixtureEntry, SeriesSource } from './corpus/source.ts';

/** Contexts and what followed them, in units of the contexts' transform. */
export interface Windows {
  readonly count: number;
  /** [count, L], of models that read features [count, L, F] */
  readonly contexts: Float64Array;
  /** [count, H] */
  readonly futures: Float64Array;
}

/** Draws windows from a mixture; those without any change in the context are drawn again. */
export function drawWindows(
  mixture: readonly MixtureEntry[],
  stream: RandomStream,
  count: number,
  contextLength: number,
  horizon: number,
): Windows {
  const contexts = new Float64Array(count * contextLength);
  const futures = new Float64Array(count * horizon);
  for (let n = 0; n < count; n++) {
    const context = contexts.subarray(n * contextLength, (n + 1) * contextLength);
    let path: Float64Array;
    let unit: number;
    let last: number;
    do {
      path = pick(mixture, stream).draw(stream, contextLength + horizon);
      context.set(path.subarray(0, contextLength));
      ({ unit, lastLogMid: last } = normaliseLogMids(context));
    } while (unit === 0);
    for (let h = 0; h < horizon; h++) futures[n * horizon + h] = (path[contextLength + h]! - last) / unit;
  }
  return { count, contexts, futures };
}

/** What an architecture makes of a batch of windows: its inputs, and targets in its scaled units. */
export interface ScaledWindows {
  readonly feeds: Feeds;
  /** [N, H] */
  readonly target: Float32Array;
  /** [N] units of the windows in one scaled unit. */
  readonly scale: Float64Array;
}

export function scaleWindows(architecture: Architecture, windows: Windows): ScaledWindows {
  const { contextLength: length, horizon, channels } = architecture.shape;
  const { count } = windows;
  const { feeds, scaling } = architecture.prepare({ values: windows.contexts, contexts: count, length, channels });
  // Un-scaling is affine: the forecasts 0 and 1 give each window's location and scale.
  const location = architecture.finish(new Float32Array(count * horizon), scaling);
  const unit = architecture.finish(new Float32Array(count * horizon).fill(1), scaling);
  const target = Float32Array.from(windows.futures, (value, i) => (value - location[i]!) / (unit[i]! - location[i]!));
  const scale = Float64Array.from({ length: count }, (_, n) => unit[n * horizon]! - location[n * horizon]!);
  return { feeds, target, scale };
}

/** Graph inputs of a training step: the loss is the squared error in units of the contexts' transform. */
export function batchFeeds(architecture: Architecture, windows: Windows): Feeds {
  const { feeds, target, scale } = scaleWindows(architecture, windows);
  return { ...feeds, target, weight: Float32Array.from(scale, (one) => one * one) };
}

function pick(mixture: readonly MixtureEntry[], stream: RandomStream): SeriesSource {
  const total = mixture.reduce((sum, { share }) => sum + share, 0);
  let rest = stream.uniform() * total;
  for (const { source, share } of mixture) {
    rest -= share;
    if (rest < 0) return source;
  }
  return mixture.at(-1)!.source;
}
