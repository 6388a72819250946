/**
 * Configuration of TimesFM 2.5: the repository keeps it in code (`TimesFM_2p5_200M_Definition`), the transformers port has a
 * `config.json` with names of its own. Both are read, with `context_len` as the one addition: how much a forecast reads.
 */

import * as v from 'valibot';
import { count, readConfig, refuseConfig } from '../../configs.ts';

export interface Timesfm25Config {
  /** How the checkpoint names its tensors, and which port's rules the official forecast follows. */
  readonly layout: 'repository' | 'transformers';
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
  readonly hiddenWidth: number;
  /** Hidden width of the embedder, and of the two heads. */
  readonly embedderWidth: number;
  readonly headWidth: number;
  readonly headSize: number;
  readonly patchLength: number;
  /** Steps of one forward pass. */
  readonly horizon: number;
  /** Steps of the quantile head. */
  readonly quantileHorizon: number;
  readonly contextLength: number;
  readonly quantiles: readonly number[];
  /** Column of the point forecast, which is also what a roll-out goes on from: the median. */
  readonly pointColumn: number;
  readonly normEpsilon: number;
  /** Defaults of the transformers port; the repository's are switches of each call. */
  readonly flipInvariance: boolean;
  readonly infersPositive: boolean;
  readonly continuousQuantiles: boolean;
}

const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** The official examples' context; the model itself reads up to 16 384 values. */
const USUAL_CONTEXT = 1024;

const block = (width: number, output: number) =>
  v.optional(v.object({ hidden_dims: v.optional(count, width), output_dims: v.optional(count, output) }), {});

const shared = {
  quantiles: v.optional(v.pipe(v.array(v.number()), v.minLength(1)), deciles),
  decode_index: v.optional(count, 5),
  output_quantile_len: v.optional(count, 1024),
  context_len: v.optional(count),
};

const repositorySchema = v.object({
  ...shared,
  input_patch_len: v.optional(count, 32),
  output_patch_len: v.optional(count, 128),
  context_limit: v.optional(count, 16_384),
  tokenizer: block(1280, 1280),
  output_projection_point: block(1280, 1280),
  stacked_transformers: v.object({
    num_layers: v.optional(count, 20),
    transformer: v.object({
      model_dims: v.optional(count, 1280),
      hidden_dims: v.optional(count, 1280),
      num_heads: v.optional(count, 16),
      use_rotary_position_embeddings: v.optional(v.literal(true, 'must be true'), true),
      use_bias: v.optional(v.literal(false, 'must be false'), false),
    }),
  }),
});

const transformersSchema = v.object({
  ...shared,
  num_hidden_layers: v.optional(count, 20),
  num_attention_heads: v.optional(count, 16),
  num_key_value_heads: v.optional(count),
  hidden_size: v.optional(count, 1280),
  intermediate_size: v.optional(count, 1280),
  head_dim: v.optional(count, 80),
  patch_length: v.optional(count, 32),
  horizon_length: v.optional(count, 128),
  context_length: v.optional(count, 16_384),
  rms_norm_eps: v.optional(v.number(), 1e-6),
  use_bias: v.optional(v.literal(false, 'must be false'), false),
  force_flip_invariance: v.optional(v.boolean(), true),
  infer_is_positive: v.optional(v.boolean(), true),
  use_continuous_quantile_head: v.optional(v.boolean(), true),
});

type Json = Readonly<Record<string, unknown>>;

export function recognisesTimesfm25(json: Json): boolean {
  return json.model_type === 'timesfm2_5' || ('stacked_transformers' in json && 'output_quantile_len' in json);
}

/** @throws UserError `checkpoint/config` naming the field. */
export function parseTimesfm25Config(json: unknown, where: string): Timesfm25Config {
  const config =
    (json as Json).model_type === 'timesfm2_5' ? fromTransformers(json, where) : fromRepository(json, where);
  const { contextLength, patchLength, headSize, horizon, pointColumn, quantiles } = config;
  if (contextLength % patchLength !== 0) {
    refuseConfig(`The context length ${contextLength} is not a multiple of the patch length ${patchLength}.`, where);
  }
  if (horizon % patchLength !== 0) {
    refuseConfig(`The horizon ${horizon} is not a multiple of the patch length ${patchLength}.`, where);
  }
  if (headSize % 2 !== 0) refuseConfig(`The width of a head is ${headSize}; rotary positions need an even one.`, where);
  if (pointColumn > quantiles.length) {
    refuseConfig(`The field decode_index is ${pointColumn}, beyond ${quantiles.length} quantiles.`, where);
  }
  return config;
}

function fromRepository(json: unknown, where: string): Timesfm25Config {
  const c = readConfig(repositorySchema, json, where);
  const { num_layers: layers, transformer } = c.stacked_transformers;
  if (transformer.model_dims % transformer.num_heads !== 0) {
    refuseConfig(
      `The field num_heads is ${transformer.num_heads}, which does not divide ${transformer.model_dims}.`,
      where,
    );
  }
  return {
    ...common(c),
    layout: 'repository',
    layers,
    heads: transformer.num_heads,
    width: transformer.model_dims,
    hiddenWidth: transformer.hidden_dims,
    embedderWidth: c.tokenizer.hidden_dims,
    headWidth: c.output_projection_point.hidden_dims,
    headSize: transformer.model_dims / transformer.num_heads,
    patchLength: c.input_patch_len,
    horizon: c.output_patch_len,
    contextLength: c.context_len ?? Math.min(c.context_limit, USUAL_CONTEXT),
    normEpsilon: 1e-6,
    flipInvariance: false,
    infersPositive: false,
    continuousQuantiles: false,
  };
}

function fromTransformers(json: unknown, where: string): Timesfm25Config {
  const c = readConfig(transformersSchema, json, where);
  if ((c.num_key_value_heads ?? c.num_attention_heads) !== c.num_attention_heads) {
    refuseConfig(`The field num_key_value_heads is ${c.num_key_value_heads}: grouped heads are not supported.`, where);
  }
  return {
    ...common(c),
    layout: 'transformers',
    layers: c.num_hidden_layers,
    heads: c.num_attention_heads,
    width: c.hidden_size,
    hiddenWidth: c.intermediate_size,
    embedderWidth: c.hidden_size,
    headWidth: c.hidden_size,
    headSize: c.head_dim,
    patchLength: c.patch_length,
    horizon: c.horizon_length,
    contextLength: c.context_len ?? Math.min(c.context_length, USUAL_CONTEXT),
    normEpsilon: c.rms_norm_eps,
    flipInvariance: c.force_flip_invariance,
    infersPositive: c.infer_is_positive,
    continuousQuantiles: c.use_continuous_quantile_head,
  };
}

function common(c: v.InferOutput<typeof repositorySchema> | v.InferOutput<typeof transformersSchema>) {
  return { quantiles: c.quantiles, pointColumn: c.decode_index, quantileHorizon: c.output_quantile_len };
}
