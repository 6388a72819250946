/**
 * Forecasts of TimesFM 1.0 and 2.0: one pass for the forecaster, and the official `forecast` of any horizon, which appends
 * the mean forecast to the series and asks again.
 */

import type { ContextBatch, Forward, PreparedBatch, SeriesForecast, SeriesRequest } from '../../family.ts';
import { type LinearScaling, unscale } from '../../scaling.ts';
import {
  appendValues,
  fillGaps,
  joinValues,
  moments,
  type PaddedRows,
  padLeft,
  repeatRows,
  seriesOf,
  splitByMovingAverage,
} from '../../series.ts';
import type { Timesfm1And2Config } from './config.ts';
import { type Timesfm1And2Tokens, timesfm1And2Tokens } from './tokens.ts';

const WEEK_MS = 7 * 86_400_000;
const QUARTER_MS = 89 * 86_400_000;
const SMALLEST_DEVIATION = 1e-6;

/** Scales contexts, each channel for itself; shorter ones are padded on the left. */
export function prepareTimesfm1And2(config: Timesfm1And2Config, batch: ContextBatch): PreparedBatch<LinearScaling> {
  const { contexts, channels, stepMs = 0 } = batch;
  const { feeds, loc, scale } = timesfm1And2Tokens(
    config,
    padLeft(seriesOf(batch).map(fillGaps), config.contextLength),
  );
  const frequency = new Int32Array(loc.length).fill(frequencyClass(stepMs));
  return { feeds: { ...feeds, frequency }, scaling: { contexts, channels, loc, scale } };
}

/** Up to daily, up to monthly, slower. */
export function frequencyClass(stepMs: number): number {
  return stepMs >= QUARTER_MS ? 2 : stepMs >= WEEK_MS ? 1 : 0;
}

/** [V, N, C, H] scaled → [V, N, H, C] in the contexts' units. */
export function finishTimesfm1And2(
  config: Timesfm1And2Config,
  forecast: Float32Array,
  scaling: LinearScaling,
): Float64Array {
  return unscale(forecast, config.horizon, scaling);
}

/** The official `forecast` (repository) or `forward` (transformers: a single pass). */
export async function forecastTimesfm1And2(
  config: Timesfm1And2Config,
  request: SeriesRequest,
  forward: Forward,
): Promise<SeriesForecast> {
  const { series, variants, options = {} } = request;
  const cleaned = config.layout === 'repository' ? series.map(fillGaps) : series;
  const units = cleaned.map((one) => (options.normalise ? standardUnit(one) : { mean: 0, deviation: 1 }));
  const length = options.paddedLength ?? config.contextLength;
  const kept = cleaned.map((one, n) =>
    one.map((value) => (value - units[n]!.mean) / units[n]!.deviation).slice(-length),
  );
  const split = options.windowSize ? kept.flatMap((one) => splitByMovingAverage(one, options.windowSize!)) : kept;
  const parts = split.length / kept.length;
  const frequency = split.map((_, row) => request.frequency?.[Math.floor(row / parts)] ?? 0);
  const decoded = await decodeTimesfm1And2(config, { ...request, frequency }, padLeft(split, length), forward);

  const row = decoded.values.length / (variants * split.length);
  const values = new Float64Array(variants * series.length * row);
  decoded.values.forEach((value, i) => {
    const one = Math.floor(i / row);
    values[Math.floor(one / parts) * row + (i % row)]! += value;
  });
  const nonNegative = options.truncateNegative && series.every((one) => one.every((value) => value >= 0));
  const restored = values.map((value, i) => {
    const { mean, deviation } = units[Math.floor(i / row) % series.length]!;
    const natural = value * deviation + mean;
    return nonNegative ? Math.max(natural, 0) : natural;
  });
  return { ...decoded, values: restored };
}

/** The official `decode`: rows [R, L] as they are, padding included, with one frequency class a row. */
export async function decodeTimesfm1And2(
  config: Timesfm1And2Config,
  { horizon, variants, frequency = [], options = {} }: Omit<SeriesRequest, 'series'>,
  start: PaddedRows,
  forward: Forward,
): Promise<SeriesForecast> {
  const { rows } = start;
  const length = start.values.length / rows;
  const columns = ['mean', ...config.quantiles.map(String)];
  const chunk = config.horizon * columns.length;
  const classes = Int32Array.from({ length: variants * rows }, (_, row) => frequency[row % rows] ?? 0);
  const first = options.backcast ? 'head' : 'columns';
  const results: Float64Array[][] = Array.from({ length: variants * rows }, () => []);
  let window = repeatRows(start, variants);
  for (let done = 0; done < horizon; done += config.horizon) {
    const tokens = timesfm1And2Tokens(config, window);
    const output = done === 0 ? first : 'columns';
    const batch = { contexts: rows, channels: 1, length, perVariant: true };
    const outputs = await forward({ batch, feeds: { ...tokens.feeds, frequency: classes }, outputs: [output] });
    const natural = unscaleRows(outputs[output]!, tokens);
    const latest = natural.map((row) => row.subarray(row.length - chunk));
    natural.forEach((row, r) => {
      if (output === 'head') results[r]!.push(backcast(row.subarray(0, row.length - chunk), config, columns.length));
      results[r]!.push(latest[r]!.subarray(0, (horizon - done) * columns.length));
    });
    const means = latest.map((row) => row.filter((_, i) => i % columns.length === 0));
    window = appendValues(window, means, length);
  }
  const values = joinValues(results.flat());
  const steps = values.length / (variants * rows * columns.length);
  return { columns, steps, values, point: config.pointColumn };
}

/** Mean and deviation of the official `normalize`. */
function standardUnit(series: Float64Array): { mean: number; deviation: number } {
  const { mean, deviation } = moments(series);
  return { mean, deviation: deviation > SMALLEST_DEVIATION ? deviation : 1 };
}

/** The forecast of every patch but the last for the patch after it: [P−1, H, Q] → [(P−1)·patch, Q]. */
function backcast(heads: Float64Array, { horizon, patchLength }: Timesfm1And2Config, columns: number): Float64Array {
  return heads.filter((_, i) => i % (horizon * columns) < patchLength * columns);
}

/** Rows in their own units. */
function unscaleRows(scaled: Float32Array, { loc, scale }: Timesfm1And2Tokens): Float64Array[] {
  const width = scaled.length / loc.length;
  return Array.from(loc, (mean, row) =>
    Float64Array.from(scaled.subarray(row * width, (row + 1) * width), (value) => value * scale[row]! + mean),
  );
}
