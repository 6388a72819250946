/** TinyTimeMixer's `config.json`: what the architecture reads of it, checked, with the official defaults. */

import * as v from 'valibot';
import { count, readConfig, refuseConfig } from '../../configs.ts';

export interface TtmConfig {
  readonly contextLength: number;
  readonly predictionLength: number;
  readonly patchLength: number;
  /** Patches without the frequency prefix. */
  readonly patches: number;
  readonly channels: number;
  readonly width: number;
  readonly expansion: number;
  readonly layersPerLevel: number;
  readonly encoderLevels: number;
  readonly mixesEncoderChannels: boolean;
  readonly gated: boolean;
  readonly normEpsilon: number;
  readonly decoder: {
    readonly width: number;
    readonly layers: number;
    readonly levels: number;
    readonly mixesChannels: boolean;
  } | null;
  /** Vocabulary size of the frequency prefix; null where the model has none. */
  readonly frequencies: number | null;
  /** Channels the head keeps, ascending; null: all. */
  readonly keptChannels: readonly number[] | null;
  /** Steps of the forecast that are kept. */
  readonly keptSteps: number;
}

/** A level of adaptive patching does not split patches into pieces of this many features or fewer (official code). */
export const SMALLEST_PIECE = 4;

const level = v.pipe(v.number(), v.integer(), v.minValue(0));
const mode = v.picklist(['common_channel', 'mix_channel'], 'must be "common_channel" or "mix_channel"');
const off = (what: string) => v.optional(v.nullish(v.literal(false, `${what} is not supported`)));

const schema = v.object({
  context_length: v.optional(count, 64),
  prediction_length: v.optional(count, 16),
  patch_length: v.optional(count, 8),
  patch_stride: v.optional(count, 8),
  num_input_channels: v.optional(count, 1),
  d_model: v.optional(count, 16),
  expansion_factor: v.optional(count, 2),
  num_layers: v.optional(count, 3),
  adaptive_patching_levels: v.optional(level, 0),
  mode: v.optional(mode, 'common_channel'),
  gated_attn: v.optional(v.boolean(), true),
  norm_eps: v.optional(v.number(), 1e-5),
  norm_mlp: v.optional(v.literal('LayerNorm', 'only LayerNorm is supported'), 'LayerNorm'),
  scaling: v.optional(v.union([v.literal('std'), v.literal(true)], 'only "std" is supported'), 'std'),
  use_decoder: v.optional(v.boolean(), true),
  decoder_d_model: v.optional(count, 8),
  decoder_num_layers: v.optional(count, 8),
  decoder_adaptive_patching_levels: v.optional(level, 0),
  decoder_mode: v.optional(mode, 'common_channel'),
  resolution_prefix_tuning: v.optional(v.boolean(), false),
  frequency_token_vocab_size: v.optional(count, 5),
  prediction_channel_indices: v.optional(v.nullable(v.array(level)), null),
  prediction_filter_length: v.optional(v.nullable(count), null),
  self_attn: off('self-attention between patches'),
  use_positional_encoding: off('positional encoding'),
  decoder_raw_residual: off('the raw residual of the decoder'),
  enable_forecast_channel_mixing: off('forecast channel mixing'),
  multi_scale: off('the multi-scale head of r3'),
  categorical_vocab_size_list: v.optional(v.nullish(v.null('categorical inputs are not supported'))),
});

/**
 * Reads a TTM configuration (r1, r2, r2.1); unknown keys are ignored, as the official class does.
 * @throws UserError `checkpoint/config` naming the field.
 */
export function parseTtmConfig(json: unknown, where: string): TtmConfig {
  const c = readConfig(schema, json, where);
  const refuse = (message: string): never => refuseConfig(message, where);
  if (c.patch_stride !== c.patch_length) {
    refuse(`The field patch_stride is ${c.patch_stride}, but must equal patch_length (${c.patch_length}).`);
  }
  if (c.context_length < c.patch_length) {
    refuse(`The field context_length is ${c.context_length}, shorter than patch_length (${c.patch_length}).`);
  }
  for (const [name, levels, width] of [
    ['d_model', c.adaptive_patching_levels, c.d_model],
    ['decoder_d_model', c.use_decoder ? c.decoder_adaptive_patching_levels : 0, c.decoder_d_model],
  ] as const) {
    for (let pieces = 1; pieces <= 2 ** (levels - 1); pieces *= 2) {
      if (Math.floor(width / pieces) > SMALLEST_PIECE && width % pieces !== 0) {
        refuse(
          `The field ${name} is ${width}, which ${levels} levels of adaptive patching cannot split into ${pieces}.`,
        );
      }
    }
  }
  const kept = c.prediction_channel_indices?.toSorted((a, b) => a - b) ?? null;
  if (kept && (kept.length === 0 || kept.at(-1)! >= c.num_input_channels)) {
    refuse(`The field prediction_channel_indices is [${kept}], but there are ${c.num_input_channels} input channels.`);
  }
  return {
    contextLength: c.context_length,
    predictionLength: c.prediction_length,
    patchLength: c.patch_length,
    patches: Math.floor(c.context_length / c.patch_length),
    channels: c.num_input_channels,
    width: c.d_model,
    expansion: c.expansion_factor,
    layersPerLevel: c.num_layers,
    encoderLevels: c.adaptive_patching_levels,
    mixesEncoderChannels: c.mode === 'mix_channel',
    gated: c.gated_attn,
    normEpsilon: c.norm_eps,
    decoder: c.use_decoder
      ? {
          width: c.decoder_d_model,
          layers: c.decoder_num_layers,
          levels: c.decoder_adaptive_patching_levels,
          mixesChannels: c.decoder_mode === 'mix_channel',
        }
      : null,
    frequencies: c.resolution_prefix_tuning ? c.frequency_token_vocab_size : null,
    keptChannels: kept,
    keptSteps: Math.min(c.prediction_filter_length ?? c.prediction_length, c.prediction_length),
  };
}
