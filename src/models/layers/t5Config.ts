/** The fields of a `config.json` that every model on T5's blocks has, named as transformers names them, and what they mean for the blocks. */

import * as v from 'valibot';
import { count } from '../configs.ts';
import type { T5Config } from './t5.ts';

export const t5Fields = {
  d_model: count,
  d_ff: count,
  d_kv: count,
  num_heads: count,
  num_layers: count,
  num_decoder_layers: v.optional(v.nullable(count), null),
  relative_attention_num_buckets: v.optional(v.pipe(count, v.multipleOf(4)), 32),
  relative_attention_max_distance: v.optional(count, 128),
  layer_norm_epsilon: v.optional(v.number(), 1e-6),
};

type T5Fields = v.InferOutput<v.ObjectSchema<typeof t5Fields, undefined>>;

/** What the blocks need, from the fields as they were read. */
export function t5ConfigOf(fields: T5Fields, gated: boolean): T5Config {
  return {
    width: fields.d_model,
    hiddenWidth: fields.d_ff,
    heads: fields.num_heads,
    headSize: fields.d_kv,
    encoderLayers: fields.num_layers,
    decoderLayers: fields.num_decoder_layers ?? fields.num_layers,
    buckets: fields.relative_attention_num_buckets,
    maxDistance: fields.relative_attention_max_distance,
    normEpsilon: fields.layer_norm_epsilon,
    gated,
  };
}

/** Names of the table of embeddings: encoder and decoder share it. */
export const sharedEmbeddings = [
  'shared.weight',
  'encoder.embed_tokens.weight',
  'decoder.embed_tokens.weight',
] as const;
