/**
 * Configuration of the baselines: the constructor arguments of Qlib's classes, with `model_type` naming the class (DA-RNN, which Qlib
 * does not have, is named alike). Three additions
 * say how a network is used on a grid: `features`, what its input columns are; `seq_len`, how many ticks it reads; and
 * `target_ticks`, how far ahead its score looks.
 */

import * as v from 'valibot';
import { count, readConfig, refuseConfig } from '../../configs.ts';
import { type FeatureName, featureNames } from '../../features.ts';
import type { RecurrentCell } from '../../graph/ir.ts';

interface Common {
  /** F: columns of the input. */
  readonly featureCount: number;
  /** What they are, where the config says; a single unnamed one is the mid. */
  readonly features: readonly FeatureName[] | null;
  /** Ticks read. */
  readonly contextLength: number;
  /** The score is the log return over so many ticks, in units of its deviation. */
  readonly targetTicks: number;
}

export interface RecurrentConfig extends Common {
  readonly cell: RecurrentCell;
  readonly hidden: number;
  readonly layers: number;
}

export interface DarnnConfig extends Common {
  /** m: width of the encoder's state. */
  readonly hidden: number;
  /** p: width of the decoder's. */
  readonly decoderHidden: number;
}

export interface SfmConfig extends Common {
  readonly hidden: number;
  readonly frequencies: number;
  readonly outputWidth: number;
}

export interface MlpConfig extends Common {
  readonly inputWidth: number;
  readonly layers: readonly number[];
  readonly activation: 'LeakyReLU' | 'SiLU';
}

const common = {
  features: v.optional(v.pipe(v.array(v.picklist(featureNames)), v.minLength(1))),
  target_ticks: v.optional(count, 1),
};

const sequence = { ...common, d_feat: v.optional(count, 6), seq_len: v.optional(count, 60) };

const recurrentSchema = v.object({
  ...sequence,
  hidden_size: v.optional(count, 64),
  num_layers: v.optional(count, 2),
  rnn_type: v.optional(v.pipe(v.string(), v.toLowerCase(), v.picklist(['gru', 'lstm'])), 'gru'),
});

const darnnSchema = v.object({
  ...sequence,
  seq_len: v.optional(v.pipe(count, v.minValue(2)), 10),
  hidden_size: v.optional(count, 64),
  decoder_size: v.optional(count, 64),
});

const sfmSchema = v.object({
  ...sequence,
  hidden_size: v.optional(count, 64),
  freq_dim: v.optional(count, 10),
  output_dim: v.optional(count, 1),
});

const mlpSchema = v.object({
  ...common,
  input_dim: v.optional(count, 360),
  output_dim: v.optional(v.literal(1, 'must be 1'), 1),
  layers: v.optional(v.pipe(v.array(count), v.minLength(1)), [256]),
  act: v.optional(v.picklist(['LeakyReLU', 'SiLU']), 'LeakyReLU'),
});

/** `cell` undefined: the config says (`rnn_type`). @throws UserError `checkpoint/config` naming the field. */
export function parseRecurrentConfig(json: unknown, where: string, cell?: RecurrentCell): RecurrentConfig {
  const c = readConfig(recurrentSchema, json, where);
  return { ...sequenceConfig(c, where), cell: cell ?? c.rnn_type, hidden: c.hidden_size, layers: c.num_layers };
}

/** @throws UserError `checkpoint/config` naming the field. */
export function parseDarnnConfig(json: unknown, where: string): DarnnConfig {
  const c = readConfig(darnnSchema, json, where);
  if (c.d_feat < 2) {
    refuseConfig(`The field d_feat is ${c.d_feat}, but a target series needs at least one that drives it.`, where);
  }
  return { ...sequenceConfig(c, where), hidden: c.hidden_size, decoderHidden: c.decoder_size };
}

/** @throws UserError `checkpoint/config` naming the field. */
export function parseSfmConfig(json: unknown, where: string): SfmConfig {
  const c = readConfig(sfmSchema, json, where);
  return { ...sequenceConfig(c, where), hidden: c.hidden_size, frequencies: c.freq_dim, outputWidth: c.output_dim };
}

/** @throws UserError `checkpoint/config` naming the field. */
export function parseMlpConfig(json: unknown, where: string): MlpConfig {
  const c = readConfig(mlpSchema, json, where);
  const featureCount = c.features?.length ?? 1;
  if (c.input_dim % featureCount !== 0) {
    refuseConfig(`The field input_dim is ${c.input_dim}, not a multiple of the ${featureCount} features.`, where);
  }
  return {
    featureCount,
    features: c.features ?? ['mid'],
    contextLength: c.input_dim / featureCount,
    targetTicks: c.target_ticks,
    inputWidth: c.input_dim,
    layers: c.layers,
    activation: c.act,
  };
}

type Sequence = v.InferOutput<v.ObjectSchema<typeof sequence, undefined>>;

function sequenceConfig(c: Sequence, where: string): Common {
  if (c.features && c.features.length !== c.d_feat) {
    refuseConfig(`The field features names ${c.features.length} columns, but d_feat is ${c.d_feat}.`, where);
  }
  return {
    featureCount: c.d_feat,
    features: c.features ?? (c.d_feat === 1 ? ['mid'] : null),
    contextLength: c.seq_len,
    targetTicks: c.target_ticks,
  };
}
