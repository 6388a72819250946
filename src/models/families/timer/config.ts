/**
 * Configuration of the two networks called Timer: `hub` is the checkpoint on Hugging Face with its `config.json`, `repository`
 * that of the paper's repository, whose arguments stand in for a config (`model_type` "timer_repo").
 */

import * as v from 'valibot';
import { count, readConfig, refuseConfig } from '../../configs.ts';

export interface TimerConfig {
  readonly layout: 'hub' | 'repository';
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
  readonly hiddenWidth: number;
  /** Values of a token, and of the forecast that follows it. */
  readonly patchLength: number;
  /** What the forecaster reads; the network takes any number of tokens. */
  readonly contextLength: number;
}

/** Tokens of context in the authors' examples: 2880 values on the hub, 672 in the repository. */
const USUAL_TOKENS = { hub: 30, repository: 7 };

const hubSchema = v.object({
  hidden_size: v.optional(count, 1024),
  intermediate_size: v.optional(count, 2048),
  num_hidden_layers: v.optional(count, 8),
  num_attention_heads: v.optional(count, 8),
  input_token_len: v.optional(count, 96),
  output_token_lens: v.optional(v.pipe(v.array(count), v.length(1, 'must hold one length')), [96]),
  hidden_act: v.optional(v.literal('silu', 'only "silu" is supported'), 'silu'),
  context_len: v.optional(count),
});

const repositorySchema = v.object({
  patch_len: v.optional(count, 96),
  d_model: v.optional(count, 1024),
  d_ff: v.optional(count, 2048),
  e_layers: v.optional(count, 8),
  n_heads: v.optional(count, 8),
  activation: v.optional(v.literal('gelu', 'only "gelu" is supported'), 'gelu'),
  context_len: v.optional(count),
});

/** @throws UserError `checkpoint/config` naming the field. */
export function parseTimerConfig(json: unknown, where: string): TimerConfig {
  const repository = (json as Readonly<Record<string, unknown>>).model_type === 'timer_repo';
  const config = repository ? fromRepository(json, where) : fromHub(json, where);
  const { heads, width, contextLength, patchLength, layout } = config;
  if (width % heads !== 0) refuseConfig(`The width ${width} cannot be split into ${heads} heads.`, where);
  if (layout === 'hub' && (width / heads) % 2 !== 0) {
    refuseConfig(`The width of a head is ${width / heads}; rotary positions need an even one.`, where);
  }
  if (contextLength % patchLength !== 0) {
    refuseConfig(`The field context_len is ${contextLength}, not a multiple of a token (${patchLength}).`, where);
  }
  return config;
}

function fromHub(json: unknown, where: string): TimerConfig {
  const c = readConfig(hubSchema, json, where);
  if (c.output_token_lens[0] !== c.input_token_len) {
    refuseConfig(`The field output_token_lens is [${c.output_token_lens}], but must be [${c.input_token_len}].`, where);
  }
  return {
    layout: 'hub',
    layers: c.num_hidden_layers,
    heads: c.num_attention_heads,
    width: c.hidden_size,
    hiddenWidth: c.intermediate_size,
    patchLength: c.input_token_len,
    contextLength: c.context_len ?? USUAL_TOKENS.hub * c.input_token_len,
  };
}

function fromRepository(json: unknown, where: string): TimerConfig {
  const c = readConfig(repositorySchema, json, where);
  return {
    layout: 'repository',
    layers: c.e_layers,
    heads: c.n_heads,
    width: c.d_model,
    hiddenWidth: c.d_ff,
    patchLength: c.patch_len,
    contextLength: c.context_len ?? USUAL_TOKENS.repository * c.patch_len,
  };
}
