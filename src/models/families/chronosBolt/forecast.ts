/**
 * Chronos-Bolt's scaling and forecasts, in float64 on the host: one pass for the forecaster, and the official `predict` of any
 * horizon, which follows every quantile's path and takes quantiles of the quantiles.
 */

import type { ContextBatch, Forward, PreparedBatch, SeriesForecast, SeriesRequest } from '../../family.ts';
import { type LinearScaling, unscale } from '../../scaling.ts';
import { joinValues, quantile, seriesOf } from '../../series.ts';
import { type BoltConfig, paddedLength, patchCount } from './config.ts';

/** The scale of a series that does not move. */
const CONSTANT_SCALE = 1e-5;

interface BoltTokens {
  readonly feeds: { readonly patches: Float32Array; readonly open: Float32Array };
  /** [R] */
  readonly loc: Float64Array;
  /** [R] */
  readonly scale: Float64Array;
}

/** Scales contexts, each channel for itself; missing values and shorter contexts are marked as not observed. */
export function prepareBolt(config: BoltConfig, batch: ContextBatch): PreparedBatch<LinearScaling> {
  const { contexts, channels } = batch;
  const { feeds, loc, scale } = boltTokens(config, seriesOf(batch), config.contextLength);
  return { feeds, scaling: { contexts, channels, loc, scale } };
}

/** [V, N, C, H] scaled → [V, N, H, C] in the contexts' units. */
export function finishBolt(config: BoltConfig, forecast: Float32Array, scaling: LinearScaling): Float64Array {
  return unscale(forecast, config.horizon, scaling);
}

/** The official `predict`. */
export async function forecastBolt(
  config: BoltConfig,
  { series, horizon, variants }: SeriesRequest,
  forward: Forward,
): Promise<SeriesForecast> {
  const { quantiles } = config;
  const count = quantiles.length;
  const results: Float64Array[][] = Array.from({ length: variants * series.length }, () => []);
  /** Contexts of each result: one at first, then one for each quantile's path. */
  let paths: Float64Array[][] = results.map((_, row) => [series[row % series.length]!]);
  for (let done = 0; done < horizon; done += config.horizon) {
    const predicted = await pass(config, paths.flat(), variants, forward);
    const perRow = paths[0]!.length;
    const levels = results.map((_, row) => {
      const candidates = predicted.slice(row * perRow, (row + 1) * perRow).flat();
      return perRow === 1 ? candidates : quantilesOf(candidates, quantiles);
    });
    const steps = Math.min(config.horizon, horizon - done);
    for (const [row, rowLevels] of levels.entries()) {
      results[row]!.push(
        Float64Array.from({ length: steps * count }, (_, i) => rowLevels[i % count]![Math.floor(i / count)]!),
      );
    }
    paths = paths.map((contexts, row) =>
      levels[row]!.map((path, q) => joinValues([contexts[q] ?? contexts[0]!, path]).slice(-config.contextLength)),
    );
  }
  return { columns: quantiles.map(String), steps: horizon, values: joinValues(results.flat()), point: config.median };
}

/** Forecasts [rows][Q][H] of series, in their units; the rows of a variant lie together. */
async function pass(
  config: BoltConfig,
  series: readonly Float64Array[],
  variants: number,
  forward: Forward,
): Promise<Float64Array[][]> {
  const length = Math.min(config.contextLength, Math.max(...series.map((one) => one.length)));
  const { feeds, loc, scale } = boltTokens(config, series, length);
  const batch = { contexts: series.length / variants, channels: 1, length, perVariant: true };
  const { head } = await forward({ batch, feeds, outputs: ['head'] });
  const { horizon, quantiles } = config;
  return series.map((_, row) =>
    quantiles.map((_, q) => {
      const start = (row * quantiles.length + q) * horizon;
      return Float64Array.from(head!.subarray(start, start + horizon), (value) => value * scale[row]! + loc[row]!);
    }),
  );
}

/** Scales the last `length` values of each series over what is observed, and cuts them into patches that may overlap. */
function boltTokens(config: BoltConfig, series: readonly Float64Array[], length: number): BoltTokens {
  const { patchLength, patchStride } = config;
  const padded = paddedLength(config, length);
  const patches = patchCount(config, padded);
  const tokens = patches + (config.hasRegister ? 1 : 0);
  const feeds = {
    patches: new Float32Array(series.length * patches * 2 * patchLength),
    open: new Float32Array(series.length * tokens).fill(1),
  };
  const loc = new Float64Array(series.length);
  const scale = new Float64Array(series.length);
  series.forEach((one, row) => {
    const kept = one.slice(-Math.min(length, config.contextLength));
    const { mean, deviation } = statistics(kept.filter((value) => !Number.isNaN(value)));
    loc[row] = mean;
    scale[row] = deviation;
    for (let patch = 0; patch < patches; patch++) {
      let observed = 0;
      for (let i = 0; i < patchLength; i++) {
        const value = kept[patch * patchStride + i - padded + kept.length] ?? Number.NaN;
        if (Number.isNaN(value)) continue;
        const at = (row * patches + patch) * 2 * patchLength + i;
        feeds.patches[at] = (value - mean) / deviation;
        feeds.patches[at + patchLength] = 1;
        observed = 1;
      }
      feeds.open[row * tokens + patch] = observed;
    }
  });
  return { feeds, loc, scale };
}

/** Mean and population deviation; 0 and 1 of nothing. */
function statistics(values: Float64Array): { mean: number; deviation: number } {
  if (values.length === 0) return { mean: 0, deviation: 1 };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(square) || CONSTANT_SCALE };
}

/** Quantiles of candidates at each step: [M][H] → [Q][H]. */
function quantilesOf(candidates: readonly Float64Array[], levels: readonly number[]): Float64Array[] {
  const steps = Array.from(candidates[0]!, (_, step) => candidates.map((one) => one[step]!));
  return levels.map((level) => Float64Array.from(steps, (values) => quantile(values, level)));
}
