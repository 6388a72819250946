/** Moirai's scaling and forecasts, in float64 on the host: one pass whatever the horizon, several variates read together. */

import type { ContextBatch, Forward, PreparedBatch, SeriesForecast, SeriesRequest } from '../../family.ts';
import { type LinearScaling, unscale } from '../../scaling.ts';
import { seriesOf } from '../../series.ts';
import type { MoiraiConfig } from './config.ts';
import { layOut, type MoiraiShape, scaleTokens } from './tokens.ts';

/** Lays out contexts; all channels of a context are read together. */
export function prepareMoirai(config: MoiraiConfig, batch: ContextBatch): PreparedBatch<LinearScaling> {
  const { contexts, channels } = batch;
  const { patchLength, contextLength } = config;
  const length = Math.min(batch.length, contextLength);
  const shape: MoiraiShape = { length, steps: patchLength, patchLength, variates: channels };
  const { feeds, loc, scale } = scaleTokens(config, layOut(seriesOf(batch), shape), shape);
  return { feeds, scaling: { contexts, channels, loc, scale } };
}

/** [V, N, C, H] scaled → [V, N, H, C] in the contexts' units. */
export function finishMoirai(config: MoiraiConfig, forecast: Float32Array, scaling: LinearScaling): Float64Array {
  return unscale(forecast, config.patchLength, scaling);
}

/** The mean of the official forecast's distribution, for any horizon. */
export async function forecastMoirai(
  config: MoiraiConfig,
  { series, horizon, variates = 1, options = {} }: SeriesRequest,
  forward: Forward,
): Promise<SeriesForecast> {
  const { patchLength = config.patchLength, paddedLength = config.contextLength } = options;
  const length = Math.min(paddedLength, Math.max(1, ...series.map((one) => one.length)));
  const shape: MoiraiShape = { length, steps: horizon, patchLength, variates };
  const { feeds, loc, scale } = scaleTokens(config, layOut(series, shape), shape);
  const batch = { contexts: series.length / variates, channels: variates, length, steps: horizon, patchLength };
  const { forecast } = await forward({ batch, feeds, outputs: ['forecast'] });
  const values = Float64Array.from(forecast!, (value, i) => {
    const row = Math.floor(i / horizon) % series.length;
    return value * scale[row]! + loc[row]!;
  });
  return { columns: ['mean'], steps: horizon, values, point: 0 };
}
