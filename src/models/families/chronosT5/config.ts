/** Chronos-T5's `config.json`: a T5 configuration with the tokeniser and the sampling under `chronos_config`. */

import * as v from 'valibot';
import { count, readConfig, refuseConfig } from '../../configs.ts';
import type { T5Config } from '../../layers/t5.ts';
import { t5ConfigOf, t5Fields } from '../../layers/t5Config.ts';

export interface ChronosConfig extends T5Config {
  readonly contextLength: number;
  /** Steps a path is decoded for before it becomes context. */
  readonly pathLength: number;
  /** V: token ids, of which the first are special and the others bins. */
  readonly vocabulary: number;
  readonly specialTokens: number;
  readonly padToken: number;
  readonly endToken: number;
  /** Whether the end token follows the context. */
  readonly endsContext: boolean;
  /** What the decoder begins with. */
  readonly startToken: number;
  /** Centres of the first and the last bin, in scaled units. */
  readonly lowLimit: number;
  readonly highLimit: number;
  /** Whether the head is the embedding; logits are then divided by √width. */
  readonly tiesHead: boolean;
  readonly samples: number;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
}

const token = v.pipe(v.number(), v.integer(), v.minValue(0));
const positive = v.pipe(v.number(), v.gtValue(0));

const schema = v.object({
  ...t5Fields,
  feed_forward_proj: v.optional(
    v.picklist(['relu', 'gated-gelu'], 'only "relu" and "gated-gelu" are supported'),
    'relu',
  ),
  vocab_size: count,
  decoder_start_token_id: v.optional(token, 0),
  tie_word_embeddings: v.optional(v.boolean(), true),
  chronos_config: v.object({
    tokenizer_class: v.literal('MeanScaleUniformBins', 'only "MeanScaleUniformBins" is supported'),
    tokenizer_kwargs: v.object({ low_limit: v.number(), high_limit: v.number() }),
    model_type: v.optional(v.literal('seq2seq', 'only "seq2seq" is supported'), 'seq2seq'),
    n_tokens: v.pipe(count, v.minValue(8)),
    n_special_tokens: v.optional(count, 2),
    pad_token_id: v.optional(token, 0),
    eos_token_id: v.optional(token, 1),
    use_eos_token: v.optional(v.boolean(), true),
    context_length: count,
    prediction_length: count,
    num_samples: v.optional(count, 20),
    temperature: v.optional(positive, 1),
    top_k: v.optional(token, 50),
    top_p: v.optional(positive, 1),
  }),
});

/** @throws UserError `checkpoint/config` naming the field. */
export function parseChronosConfig(json: unknown, where: string): ChronosConfig {
  const c = readConfig(schema, json, where);
  const { chronos_config: chronos } = c;
  const { low_limit: lowLimit, high_limit: highLimit } = chronos.tokenizer_kwargs;
  if (chronos.n_tokens !== c.vocab_size) {
    refuseConfig(`The field n_tokens is ${chronos.n_tokens}, but vocab_size is ${c.vocab_size}.`, where);
  }
  if (chronos.n_special_tokens > chronos.n_tokens - 3) {
    refuseConfig(`The field n_special_tokens is ${chronos.n_special_tokens}, which leaves no bins.`, where);
  }
  const tokens = {
    'chronos_config.pad_token_id': chronos.pad_token_id,
    'chronos_config.eos_token_id': chronos.eos_token_id,
    decoder_start_token_id: c.decoder_start_token_id,
  };
  for (const [name, token] of Object.entries(tokens)) {
    if (token >= c.vocab_size)
      refuseConfig(`The field ${name} is ${token}, beyond the vocabulary (${c.vocab_size}).`, where);
  }
  if (lowLimit >= highLimit) refuseConfig(`The field low_limit is ${lowLimit}, not below high_limit.`, where);
  return {
    ...t5ConfigOf(c, c.feed_forward_proj === 'gated-gelu'),
    contextLength: chronos.context_length,
    pathLength: chronos.prediction_length,
    vocabulary: c.vocab_size,
    specialTokens: chronos.n_special_tokens,
    padToken: chronos.pad_token_id,
    endToken: chronos.eos_token_id,
    endsContext: chronos.use_eos_token,
    startToken: c.decoder_start_token_id,
    lowLimit,
    highLimit,
    tiesHead: c.tie_word_embeddings,
    samples: chronos.num_samples,
    temperature: chronos.temperature,
    topK: chronos.top_k,
    topP: chronos.top_p,
  };
}

/** Tokens the encoder reads of a context of so many values. */
export function contextTokens({ contextLength, endsContext }: ChronosConfig, length: number): number {
  return Math.min(length, contextLength) + (endsContext ? 1 : 0);
}
