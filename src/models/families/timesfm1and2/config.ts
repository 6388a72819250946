/**
 * Configuration of TimesFM 1.0 and 2.0. The official code keeps it in code (fields of `TimesFMConfig`, with `context_len` of
 * `TimesFmHparams` beside them); the transformers port has a `config.json` with names of its own. Both are read.
 */

import * as v from 'valibot';
import { count, readConfig, refuseConfig } from '../../configs.ts';

export interface Timesfm1And2Config {
  /** How the checkpoint names its tensors. */
  readonly layout: 'repository' | 'transformers';
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
  readonly hiddenWidth: number;
  readonly headSize: number;
  readonly normEpsilon: number;
  readonly patchLength: number;
  /** Steps of one forward pass. */
  readonly horizon: number;
  readonly contextLength: number;
  readonly quantiles: readonly number[];
  /** A value that stands for a missing one. */
  readonly padValue: number;
  /** Smallest scale. */
  readonly tolerance: number;
  /** TimesFM 1.0: sinusoids are added; 2.0 has no positions at all. */
  readonly positional: boolean;
  /** Classes of sampling frequency. */
  readonly frequencies: number;
  /** Column of the official point forecast: the median in the repository, the mean in transformers. */
  readonly pointColumn: number;
}

const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

const shared = {
  hidden_size: v.optional(count, 1280),
  intermediate_size: v.optional(count, 1280),
  head_dim: v.optional(count, 80),
  rms_norm_eps: v.optional(v.number(), 1e-6),
  quantiles: v.optional(v.pipe(v.array(v.number()), v.minLength(1)), deciles),
  pad_val: v.optional(v.number(), 1123581321),
  tolerance: v.optional(v.number(), 1e-6),
};

const repositorySchema = v.object({
  ...shared,
  num_layers: v.optional(count, 20),
  num_heads: v.optional(count, 16),
  num_kv_heads: v.optional(count),
  patch_len: v.optional(count, 32),
  horizon_len: v.optional(count, 128),
  use_positional_embedding: v.optional(v.boolean(), true),
  context_len: v.optional(count),
});

const transformersSchema = v.object({
  ...shared,
  num_hidden_layers: v.optional(count, 50),
  num_attention_heads: v.optional(count, 16),
  patch_length: v.optional(count, 32),
  horizon_length: v.optional(count, 128),
  use_positional_embedding: v.optional(v.boolean(), false),
  context_length: v.optional(count, 512),
  freq_size: v.optional(count, 3),
});

const FREQUENCIES = 3;

/** Context lengths the two models were trained for. */
const TRAINED_CONTEXT = { positional: 512, plain: 2048 };

type Json = Readonly<Record<string, unknown>>;

/** Whether a config is of the first generation, and with positions (1.0) or without (2.0). */
export function recognisesTimesfm1And2(json: Json, positional: boolean): boolean {
  const transformers = json.model_type === 'timesfm';
  const repository = json.model_type === undefined && 'horizon_len' in json && 'pad_val' in json;
  return (transformers || repository) && (json.use_positional_embedding ?? repository) === positional;
}

/** @throws UserError `checkpoint/config` naming the field. */
export function parseTimesfm1And2Config(json: unknown, where: string): Timesfm1And2Config {
  const transformers = (json as Json).model_type === 'timesfm';
  const config = transformers ? fromTransformers(json, where) : fromRepository(json, where);
  const { contextLength, patchLength, quantiles, pointColumn } = config;
  if (contextLength % patchLength !== 0) {
    refuseConfig(`The context length ${contextLength} is not a multiple of the patch length ${patchLength}.`, where);
  }
  if (pointColumn < 0) refuseConfig(`The field quantiles is [${quantiles}], without the median 0.5.`, where);
  return config;
}

function fromRepository(json: unknown, where: string): Timesfm1And2Config {
  const c = readConfig(repositorySchema, json, where);
  if ((c.num_kv_heads ?? c.num_heads) !== c.num_heads) {
    refuseConfig(`The field num_kv_heads is ${c.num_kv_heads}, but grouped heads are not supported.`, where);
  }
  const positional = c.use_positional_embedding;
  return {
    ...common(c),
    layout: 'repository',
    layers: c.num_layers,
    heads: c.num_heads,
    patchLength: c.patch_len,
    horizon: c.horizon_len,
    contextLength: c.context_len ?? (positional ? TRAINED_CONTEXT.positional : TRAINED_CONTEXT.plain),
    positional,
    frequencies: FREQUENCIES,
    pointColumn: c.quantiles.includes(0.5) ? 1 + c.quantiles.indexOf(0.5) : -1,
  };
}

function fromTransformers(json: unknown, where: string): Timesfm1And2Config {
  const c = readConfig(transformersSchema, json, where);
  return {
    ...common(c),
    layout: 'transformers',
    layers: c.num_hidden_layers,
    heads: c.num_attention_heads,
    patchLength: c.patch_length,
    horizon: c.horizon_length,
    contextLength: c.context_length,
    positional: c.use_positional_embedding,
    frequencies: c.freq_size,
    pointColumn: 0,
  };
}

function common(c: v.InferOutput<typeof repositorySchema> | v.InferOutput<typeof transformersSchema>) {
  return {
    width: c.hidden_size,
    hiddenWidth: c.intermediate_size,
    headSize: c.head_dim,
    normEpsilon: c.rms_norm_eps,
    quantiles: c.quantiles,
    padValue: c.pad_val,
    tolerance: c.tolerance,
  };
}
