/** TinyTimeMixer's input scaling (`std`), in float64 on the host: the official float32 statistics lose price levels. */

import type { ContextBatch, PreparedBatch } from '../../family.ts';
import { type LinearScaling, unscale } from '../../scaling.ts';
import type { TtmConfig } from './config.ts';

const VARIANCE_FLOOR = 1e-5;

/** Frequency-prefix tokens by step length in milliseconds; any other step is out of vocabulary (0). */
const frequencyTokens = new Map([
  [60_000, 1],
  [120_000, 2],
  [300_000, 3],
  [600_000, 4],
  [900_000, 5],
  [1_800_000, 6],
  [3_600_000, 7],
  [86_400_000, 8],
  [604_800_000, 9],
]);

/**
 * Takes the last `contextLength` values of each context (shorter ones are padded with zeros on the left, which count as
 * observed unless a mask is given, as in the official code), scales each channel by its mean and population standard
 * deviation, and cuts the newest values into patches.
 */
export function prepareTtm(config: TtmConfig, batch: ContextBatch): PreparedBatch<LinearScaling> {
  const { contexts, channels, length } = batch;
  const { contextLength, patches, patchLength } = config;
  const used = patches * patchLength;
  const scaled = new Float32Array(contexts * channels * used);
  const kept = config.keptChannels ?? Array.from({ length: channels }, (_, channel) => channel);
  const loc = new Float64Array(contexts * kept.length);
  const scale = new Float64Array(contexts * kept.length);
  const series = new Float64Array(contextLength);
  const observed = new Float64Array(contextLength);
  const padding = Math.max(contextLength - length, 0);

  for (let n = 0; n < contexts; n++) {
    for (let c = 0; c < channels; c++) {
      for (let t = 0; t < contextLength; t++) {
        const source = (n * length + t - contextLength + length) * channels + c;
        series[t] = t < padding ? 0 : batch.values[source]!;
        observed[t] = batch.observed ? (t < padding ? 0 : batch.observed[source]!) : 1;
      }
      const { mean, deviation } = moments(series, observed);
      const start = (n * channels + c) * used;
      for (let i = 0; i < used; i++) scaled[start + i] = (series[contextLength - used + i]! - mean) / deviation;
      const place = kept.indexOf(c);
      if (place >= 0) {
        loc[n * kept.length + place] = mean;
        scale[n * kept.length + place] = deviation;
      }
    }
  }
  const scaling = { contexts, channels: kept.length, loc, scale };
  if (config.frequencies === null) return { feeds: { patches: scaled }, scaling };
  const token = frequencyTokens.get(batch.stepMs ?? 0) ?? 0;
  const frequency = new Int32Array(contexts).fill(token < config.frequencies ? token : 0);
  return { feeds: { patches: scaled, frequency }, scaling };
}

/** [V, N, C', H] scaled → [V, N, H, C'] in the contexts' units. */
export function finishTtm(config: TtmConfig, forecast: Float32Array, scaling: LinearScaling): Float64Array {
  return unscale(forecast, config.keptSteps, scaling);
}

/** Mean and floored population standard deviation over the observed values. */
function moments(series: Float64Array, observed: Float64Array): { mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  for (let t = 0; t < series.length; t++) {
    count += observed[t]!;
    sum += series[t]! * observed[t]!;
  }
  const mean = sum / Math.max(count, 1);
  let squares = 0;
  for (let t = 0; t < series.length; t++) squares += ((series[t]! - mean) * observed[t]!) ** 2;
  return { mean, deviation: Math.sqrt(squares / Math.max(count, 1) + VARIANCE_FLOOR) };
}
