/**
 * Forecasts of TimesFM 2.5: one pass for the forecaster, and the official `forecast` of any horizon with its switches. Later
 * steps append the medians and read the longer series: the network and its running scales are causal, so that this equals
 * the official key-value cache.
 */

import type {
  ContextBatch,
  Forward,
  OfficialOptions,
  PreparedBatch,
  SeriesForecast,
  SeriesRequest,
} from '../../family.ts';
import { type LinearScaling, unscale } from '../../scaling.ts';
import {
  appendValues,
  fillGaps,
  joinValues,
  type PaddedRows,
  padLeft,
  repeatRows,
  seriesOf,
  splitByMovingAverage,
} from '../../series.ts';
import type { Timesfm25Config } from './config.ts';
import { type Timesfm25Tokens, timesfm25Tokens } from './tokens.ts';

const SMALLEST_DEVIATION = 1e-6;

/** Scales contexts, each channel for itself; shorter ones are padded on the left. */
export function prepareTimesfm25(config: Timesfm25Config, batch: ContextBatch): PreparedBatch<LinearScaling> {
  const { contexts, channels } = batch;
  const rows = padLeft(seriesOf(batch).map(fillGaps), config.contextLength);
  const { feeds, loc, scale } = timesfm25Tokens(config, rows);
  const patches = config.contextLength / config.patchLength;
  const last = (values: Float64Array): Float64Array => values.filter((_, i) => i % patches === patches - 1);
  return { feeds, scaling: { contexts, channels, loc: last(loc), scale: last(scale) } };
}

/** [V, N, C, H] scaled → [V, N, H, C] in the contexts' units. */
export function finishTimesfm25(config: Timesfm25Config, forecast: Float32Array, scaling: LinearScaling): Float64Array {
  return unscale(forecast, config.horizon, scaling);
}

/** The official `forecast` (repository) or `forward` (transformers: a single pass, standardised). */
export async function forecastTimesfm25(
  config: Timesfm25Config,
  request: SeriesRequest,
  forward: Forward,
): Promise<SeriesForecast> {
  const { series, variants } = request;
  const port = config.layout === 'transformers';
  const options: OfficialOptions = {
    normalise: port,
    flipInvariance: config.flipInvariance,
    truncateNegative: config.infersPositive,
    continuousQuantiles: config.continuousQuantiles,
    ...request.options,
  };
  const cleaned = port ? series : series.map(fillGaps);
  const split = options.windowSize ? cleaned.flatMap((one) => splitByMovingAverage(one, options.windowSize!)) : cleaned;
  const parts = split.length / series.length;
  const padded = padLeft(split, options.paddedLength ?? config.contextLength);
  const { scaled, units } = options.normalise ? standardise(padded) : { scaled: padded, units: [] };
  const decode = (rows: PaddedRows): Promise<Timesfm25Decoded> =>
    decodeTimesfm25(config, { ...request, options }, rows, forward);
  const decoded = await decode(scaled);
  const flipped = options.flipInvariance
    ? await decode({ ...scaled, values: scaled.values.map((x) => -x) })
    : undefined;
  const forecasts = flipped ? mirrored(config, decoded, flipped) : decoded;

  const columns = columnNames(config);
  const rows = forecasts.steps.map((steps, row) => {
    const spread = options.continuousQuantiles ? respread(config, steps, forecasts.spread[row]!) : steps;
    const whole = options.backcast ? joinValues([forecasts.backcast[row]!, spread]) : spread;
    const ordered = options.fixCrossing ? uncrossed(config, whole) : whole;
    const unit = units[row % split.length];
    return unit ? ordered.map((value) => value * unit.deviation + unit.mean) : ordered;
  });
  const positive = series.map((one) => one.every((value) => !(value < 0)));
  const values = Array.from({ length: variants * series.length }, (_, one) => {
    const sum = rows[one * parts]!.map((value, i) => (parts === 2 ? value + rows[one * parts + 1]![i]! : value));
    const n = one % series.length;
    const cut = options.truncateNegative && (port ? positive.every(Boolean) : positive[n]);
    return cut ? sum.map((value) => Math.max(value, 0)) : sum;
  });
  const steps = values[0]!.length / columns.length;
  return { columns, steps, values: joinValues(values), point: config.pointColumn };
}

/** What the network says of rows [R, L], in their units; each list has V·R entries. */
export interface Timesfm25Decoded {
  /** [H, Q] from the last patch on. */
  readonly steps: readonly Float64Array[];
  /** [(P − 1)·patch, Q]: forecasts of every patch for the next, with `backcast`. */
  readonly backcast: readonly Float64Array[];
  /** [L, Q] of the long quantile head, with `continuousQuantiles`. */
  readonly spread: readonly Float64Array[];
  /** [P, H, Q] of every patch, with `backcast`. */
  readonly heads: readonly Float64Array[];
}

/** The official `decode`: rows as they are, padding included. */
export async function decodeTimesfm25(
  config: Timesfm25Config,
  { horizon, variants, options = {} }: Omit<SeriesRequest, 'series'>,
  start: PaddedRows,
  forward: Forward,
): Promise<Timesfm25Decoded> {
  const perStep = config.quantiles.length + 1;
  const chunk = config.horizon * perStep;
  const results: Float64Array[][] = Array.from({ length: variants * start.rows }, () => []);
  let heads: Float64Array[] = [];
  let spread: Float64Array[] = [];
  let window = repeatRows(start, variants);
  for (let done = 0; done < horizon; done += config.horizon) {
    const tokens = timesfm25Tokens(config, window);
    const first = done === 0;
    const point = first && options.backcast ? 'heads' : 'head_point_last';
    const outputs = [point, ...(first && options.continuousQuantiles ? ['head_quantiles_last'] : [])];
    const batch = { contexts: start.rows, channels: 1, length: window.values.length / window.rows, perVariant: true };
    const computed = await forward({ batch, feeds: tokens.feeds, outputs });
    const natural = unscaleRows(computed[point]!, tokens, window.rows, chunk);
    if (first && options.backcast) heads = natural;
    if (computed.head_quantiles_last && first) {
      spread = unscaleRows(computed.head_quantiles_last, tokens, window.rows, config.quantileHorizon * perStep);
    }
    const latest = natural.map((row) => row.subarray(row.length - chunk));
    for (const [row, steps] of latest.entries()) results[row]!.push(steps.subarray(0, (horizon - done) * perStep));
    const medians = latest.map((row) => row.filter((_, i) => i % perStep === config.pointColumn));
    window = appendValues(window, medians);
  }
  const near = config.patchLength * perStep;
  const backcast = heads.map((row) => row.subarray(0, row.length - chunk).filter((_, i) => i % chunk < near));
  return { steps: results.map(joinValues), backcast, spread, heads };
}

function columnNames({ quantiles }: Timesfm25Config): string[] {
  return ['mean', ...quantiles.map(String)];
}

/** Rows of the last patches (as many as there are values for), each patch in the units of its own running scale. */
function unscaleRows(
  scaled: Float32Array,
  { loc, scale }: Timesfm25Tokens,
  rows: number,
  chunk: number,
): Float64Array[] {
  const width = scaled.length / rows;
  const patches = loc.length / rows;
  const firstPatch = patches - width / chunk;
  return Array.from({ length: rows }, (_, row) =>
    Float64Array.from(scaled.subarray(row * width, (row + 1) * width), (value, i) => {
      const place = row * patches + firstPatch + Math.floor(i / chunk);
      return value * scale[place]! + loc[place]!;
    }),
  );
}

/** Mean and unbiased deviation of whole rows, padding included, as the official code has it. */
function standardise(rows: PaddedRows): { scaled: PaddedRows; units: { mean: number; deviation: number }[] } {
  const length = rows.values.length / rows.rows;
  const units = Array.from({ length: rows.rows }, (_, row) => {
    const window = rows.values.subarray(row * length, (row + 1) * length);
    const mean = window.reduce((sum, value) => sum + value, 0) / length;
    const deviation = Math.sqrt(window.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (length - 1));
    return { mean, deviation: deviation < SMALLEST_DEVIATION ? 1 : deviation };
  });
  const values = rows.values.map((value, i) => {
    const { mean, deviation } = units[Math.floor(i / length)]!;
    return (value - mean) / deviation;
  });
  return { scaled: { ...rows, values }, units };
}

/** (forecast − forecast of the mirrored series) / 2; mirroring turns the quantiles round, not the mean. */
function mirrored(config: Timesfm25Config, plain: Timesfm25Decoded, flipped: Timesfm25Decoded): Timesfm25Decoded {
  const perStep = config.quantiles.length + 1;
  const halve = (plain: readonly Float64Array[], other: readonly Float64Array[]): Float64Array[] =>
    plain.map((row, r) =>
      row.map((value, i) => {
        const column = i % perStep;
        return (value - other[r]![column === 0 ? i : i - column + perStep - column]!) / 2;
      }),
    );
  return {
    steps: halve(plain.steps, flipped.steps),
    backcast: halve(plain.backcast, flipped.backcast),
    spread: halve(plain.spread, flipped.spread),
    heads: halve(plain.heads, flipped.heads),
  };
}

/** Puts the long head's distances from its median round the forecast's median. */
function respread(
  { quantiles, pointColumn }: Timesfm25Config,
  steps: Float64Array,
  spread: Float64Array,
): Float64Array {
  const perStep = quantiles.length + 1;
  return steps.map((value, i) => {
    const column = i % perStep;
    if (column === 0 || column === pointColumn) return value;
    const median = i - column + pointColumn;
    return spread[i]! - spread[median]! + steps[median]!;
  });
}

/** Makes quantiles monotone from the median outwards. */
function uncrossed({ quantiles, pointColumn }: Timesfm25Config, steps: Float64Array): Float64Array {
  const perStep = quantiles.length + 1;
  const out = steps.slice();
  for (let step = 0; step < out.length; step += perStep) {
    for (let q = pointColumn - 1; q > 0; q--) out[step + q] = Math.min(out[step + q]!, out[step + q + 1]!);
    for (let q = pointColumn + 1; q < perStep; q++) out[step + q] = Math.max(out[step + q]!, out[step + q - 1]!);
  }
  return out;
}
