/** Timer's scaling and forecasts, in float64 on the host: one pass for the forecaster, and the roll-outs of any horizon. */

import type { ContextBatch, Forward, PreparedBatch, SeriesForecast, SeriesRequest } from '../../family.ts';
import { type LinearScaling, unscale } from '../../scaling.ts';
import { fillGaps, joinValues, moments, padLeft, seriesOf } from '../../series.ts';
import type { TimerConfig } from './config.ts';

const VARIANCE_FLOOR = 1e-5;

/** The linear scaling of a series. */
interface Unit {
  readonly loc: number;
  readonly scale: number;
}

/** Scales the last whole tokens of each context, each channel for itself. */
export function prepareTimer(config: TimerConfig, batch: ContextBatch): PreparedBatch<LinearScaling> {
  const { contexts, channels, length } = batch;
  const tokens = Math.floor(Math.min(length, config.contextLength) / config.patchLength);
  const { rows, values } = padLeft(seriesOf(batch).map(fillGaps), tokens * config.patchLength);
  const series = Array.from({ length: rows }, (_, row) => {
    const size = values.length / rows;
    return values.subarray(row * size, (row + 1) * size);
  });
  const units = series.map((one) => unitOf(config, one));
  const feeds = { patches: Float32Array.from(series.flatMap((one, row) => [...scaled(one, units[row]!)])) };
  const loc = Float64Array.from(units, (unit) => unit.loc);
  const scale = Float64Array.from(units, (unit) => unit.scale);
  return { feeds, scaling: { contexts, channels, loc, scale } };
}

/** [V, N, C, H] scaled → [V, N, H, C] in the contexts' units. */
export function finishTimer(config: TimerConfig, forecast: Float32Array, scaling: LinearScaling): Float64Array {
  return unscale(forecast, config.patchLength, scaling);
}

/**
 * Series of one length, forecast token by token. Hub: the context grows, and is scaled as `renormalise` says (default:
 * once). Repository: a window of constant length, scaled anew at every step.
 */
export async function forecastTimer(
  config: TimerConfig,
  { series, horizon, variants, options = {} }: SeriesRequest,
  forward: Forward,
): Promise<SeriesForecast> {
  const { patchLength, layout } = config;
  const paths = Array.from({ length: variants * series.length }, (_, row) =>
    Path.start(config, series[row % series.length]!, options.normalise ?? true),
  );
  const steps = Math.ceil(horizon / patchLength);
  for (let step = 0; step < steps; step++) {
    const batch = { contexts: series.length, channels: 1, length: paths[0]!.tokens.length, perVariant: true };
    const patches = Float32Array.from(paths.flatMap(({ tokens }) => [...tokens]));
    const { forecast } = await forward({ batch, feeds: { patches }, outputs: ['forecast'] });
    for (const [row, path] of paths.entries()) {
      const next = forecast!.subarray(row * patchLength, (row + 1) * patchLength);
      path.append(next, layout === 'hub' ? (options.renormalise ?? 'once') : 'window');
    }
  }
  const values = joinValues(paths.map((path) => path.forecast.subarray(0, horizon)));
  return { columns: ['mean'], steps: horizon, values, point: 0 };
}

/** One series on its way: what the network reads next, and what it has said. */
class Path {
  forecast: Float64Array = new Float64Array(0);

  private constructor(
    private readonly config: TimerConfig,
    private readonly normalise: boolean,
    private series: Float64Array,
    private unit: Unit,
    /** Scaled values, whole tokens. */
    public tokens: Float64Array,
  ) {}

  /** The hub drops the oldest values that fill no token, the repository the newest, after it has scaled by all of them. */
  static start(config: TimerConfig, series: Float64Array, normalise: boolean): Path {
    const length = Math.floor(series.length / config.patchLength) * config.patchLength;
    const kept = config.layout === 'hub' ? series.slice(-length) : series;
    const unit = normalise ? unitOf(config, kept) : { loc: 0, scale: 1 };
    return new Path(config, normalise, kept, unit, scaled(kept, unit).slice(0, length));
  }

  append(next: Float32Array, renormalise: 'once' | 'everyStep' | 'newestToken' | 'window'): void {
    const { config, normalise, series, unit, tokens } = this;
    const natural = Float64Array.from(next, (value) => value * unit.scale + unit.loc);
    this.forecast = joinValues([this.forecast, natural]);
    this.series = joinValues([series, natural]);
    if (renormalise === 'once' || !normalise) {
      this.tokens = joinValues([tokens, Float64Array.from(next)]);
    } else if (renormalise === 'newestToken') {
      this.unit = unitOf(config, natural);
      this.tokens = joinValues([tokens, scaled(natural, this.unit)]);
    } else {
      if (renormalise === 'window') this.series = this.series.slice(config.patchLength);
      this.unit = unitOf(config, this.series);
      this.tokens = scaled(this.series, this.unit);
      if (renormalise === 'window') this.tokens = this.tokens.slice(0, tokens.length);
    }
  }
}

/**
 * Hub: unbiased deviation without a floor; a series that does not move, which the official code makes NaN, has the scale 0
 * here, so that its forecast is its value. Repository: population variance with a floor.
 */
function unitOf({ layout }: TimerConfig, series: Float64Array): Unit {
  const { mean, deviation } = moments(series);
  const count = series.length;
  const unbiased = deviation * Math.sqrt(count / Math.max(count - 1, 1));
  return { loc: mean, scale: layout === 'hub' ? unbiased : Math.sqrt(deviation ** 2 + VARIANCE_FLOOR) };
}

function scaled(series: Float64Array, { loc, scale }: Unit): Float64Array {
  return series.map((value) => (scale > 0 ? (value - loc) / scale : 0));
}
