/** Moirai's scaling and forecasts, in float64 on the host: one pass whatever the horizon, several variates read together. */

import type { ContextBatch, Forward, PreparedBatch, SeriesForecast, SeriesRequest } from '../../family.ts';
import { type LinearScaling, unscale } from '../../scaling.ts';
import { seriesOf } from '../../series.ts';
import type { MoiraiConfig } from './config.ts';
import { type MixtureAt, mixtureQuantile } from './quantiles.ts';
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

const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** Labels of the mixture's parameters: the weights, then what `mixturesOf` reads. */
const parameters = [
  ...['param.weights', 'param.student_t.df', 'param.student_t.loc', 'param.student_t.scale', 'param.normal.loc'],
  ...['param.neg_binomial.total_count', 'param.neg_binomial.logits', 'param.log_normal.loc', 'param.log_normal.scale'],
];

/**
 * The official forecast's distribution, for any horizon: its mean and deciles, which the official code estimates from samples.
 * Decoding `expected` gives the mean alone.
 */
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
  const levels = options.decoding === 'expected' ? [] : deciles;
  const computed = await forward({ batch, feeds, outputs: ['forecast', ...(levels.length > 0 ? parameters : [])] });
  const mixtures = levels.length > 0 ? mixturesOf(config, computed) : undefined;
  const rows = Array.from(computed.forecast!, (mean, i) => {
    const row = Math.floor(i / horizon) % series.length;
    const mixture = mixtures?.(i);
    const columns = [mean, ...(mixture ? levels.map((level) => mixtureQuantile(mixture, level)) : [])];
    return columns.map((value) => value * scale[row]! + loc[row]!);
  });
  const columns = ['mean', ...levels.map(String)];
  return { columns, steps: horizon, values: Float64Array.from(rows.flat()), point: 0 };
}

/** The mixture at the i-th step of all, from the parameters a pass gave (labels `param.…`). */
export function mixturesOf(
  { normalScale }: MoiraiConfig,
  labels: Readonly<Record<string, ArrayLike<number>>>,
): (i: number) => MixtureAt {
  return (i) => {
    const at = (name: string): number => labels[`param.${name}`]![i]!;
    return {
      weights: [0, 1, 2, 3].map((k) => labels['param.weights']![4 * i + k]!),
      studentT: { df: at('student_t.df'), loc: at('student_t.loc'), scale: at('student_t.scale') },
      normal: { loc: at('normal.loc'), scale: normalScale },
      negativeBinomial: { totalCount: at('neg_binomial.total_count'), logits: at('neg_binomial.logits') },
      logNormal: { loc: at('log_normal.loc'), scale: at('log_normal.scale') },
    };
  };
}
