/** Chronos-Bolt's `config.json`: a T5 configuration with the forecasting part under `chronos_config`. */

import * as v from 'valibot';
import { count, readConfig, refuseConfig } from '../../configs.ts';
import type { T5Config } from '../../layers/t5.ts';
import { t5ConfigOf, t5Fields } from '../../layers/t5Config.ts';

export interface BoltConfig extends T5Config {
  readonly contextLength: number;
  /** Steps of one forward pass. */
  readonly horizon: number;
  readonly patchLength: number;
  readonly patchStride: number;
  readonly quantiles: readonly number[];
  /** Place of the median, the point forecast, among the quantiles. */
  readonly median: number;
  /** Whether a learnt token follows the patches. */
  readonly hasRegister: boolean;
  /** Rows of the table of learnt tokens: decoder start and register. */
  readonly vocabulary: number;
}

const schema = v.object({
  ...t5Fields,
  feed_forward_proj: v.optional(v.literal('relu', 'only "relu" is supported'), 'relu'),
  vocab_size: v.optional(count, 2),
  chronos_config: v.object({
    context_length: count,
    prediction_length: count,
    input_patch_size: count,
    input_patch_stride: count,
    quantiles: v.pipe(v.array(v.number()), v.minLength(1)),
    use_reg_token: v.optional(v.boolean(), false),
  }),
});

/** @throws UserError `checkpoint/config` naming the field. */
export function parseBoltConfig(json: unknown, where: string): BoltConfig {
  const c = readConfig(schema, json, where);
  const { chronos_config: forecasting } = c;
  const median = forecasting.quantiles.indexOf(0.5);
  if (median < 0) refuseConfig('The field chronos_config.quantiles holds no median (0.5).', where);
  const { input_patch_size: patch, input_patch_stride: stride } = forecasting;
  if (patch % stride !== 0) {
    refuseConfig(
      `The field input_patch_stride is ${stride}, which does not divide input_patch_size (${patch}).`,
      where,
    );
  }
  return {
    ...t5ConfigOf(c, false),
    contextLength: forecasting.context_length,
    horizon: forecasting.prediction_length,
    patchLength: patch,
    patchStride: stride,
    quantiles: forecasting.quantiles,
    median,
    hasRegister: forecasting.use_reg_token,
    vocabulary: c.vocab_size,
  };
}

/** Values after padding, for a series of this length: whole patches, no more than the model reads. */
export function paddedLength({ contextLength, patchLength }: BoltConfig, length: number): number {
  return Math.ceil(Math.min(length, contextLength) / patchLength) * patchLength;
}

/** Patches of a padded series. */
export function patchCount({ patchLength, patchStride }: BoltConfig, padded: number): number {
  return (padded - patchLength) / patchStride + 1;
}
