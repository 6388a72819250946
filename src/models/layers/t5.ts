/**
 * The encoder and decoder stacks of T5 (Raffel et al., arXiv:1910.10683) as Chronos has them: RMS norms before each branch, no
 * scale on attention scores, relative positions in buckets that all layers of a stack share. Activations are [V, N, T, D].
 */

import type { Graph } from '../graph/builder.ts';
import type { Tensor } from '../graph/ir.ts';
import { geluTanh } from './activations.ts';
import { attend, closedBias, laterKeys, mergeHeads, splitHeads } from './attention.ts';
import { linear } from './linear.ts';
import { rmsNorm } from './normalisation.ts';
import { declareDecoderPositions, decoderPositions, encoderPositions } from './t5Positions.ts';

export interface T5Config {
  readonly width: number;
  readonly hiddenWidth: number;
  readonly heads: number;
  readonly headSize: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  readonly buckets: number;
  readonly maxDistance: number;
  readonly normEpsilon: number;
  /** Feed-forward layers are gated by GELU (tanh form) instead of having ReLU. */
  readonly gated: boolean;
}

/** Keys and values of one attention, over heads: [V, N, heads, T, size]. */
export interface KeysAndValues {
  readonly key: Tensor;
  readonly value: Tensor;
}

/** The two attentions of a decoder's block: what each gives for the normalised activations. */
export interface DecoderAttentions {
  readonly own: (name: string, block: number, normal: Tensor) => Tensor;
  readonly cross: (name: string, block: number, normal: Tensor) => Tensor;
}

/** x [V, N, T, D], `closed` a bias that closes missing keys → the encoder's output. Sites and labels are `encoder.…`. */
export function t5Encoder(g: Graph, config: T5Config, x: Tensor, closed: Tensor): Tensor {
  const positions = g.label('encoder.block.0.position_bias', encoderPositions(g, config, x.shape[2]!));
  const bias = g.add(positions, closed);
  let y = g.dropout('encoder.embed', g.label('encoder.embed', x));
  for (let i = 0; i < config.encoderLayers; i++) {
    const branch = new Branches(g, config, 'encoder', i);
    y = branch.add(y, 'attn', (normal) => {
      const name = `${branch.weights}.SelfAttention`;
      return attention(g, config, name, normal, keysAndValues(g, config, name, normal), bias);
    });
    y = branch.add(y, 'ffn', (normal) => branch.feedForward(normal));
    g.label(`encoder.block.${i}`, y);
  }
  return g.label('encoder.final', rmsNorm(g, 'encoder.final_layer_norm.weight', y, config.normEpsilon));
}

/** The decoder's stack over tokens x [V, N, T, D], with the attentions it is given. Sites and labels are `decoder.…`. */
export function t5Decoder(g: Graph, config: T5Config, x: Tensor, { own, cross }: DecoderAttentions): Tensor {
  let y = g.dropout('decoder.embed', g.label('decoder.embed', x));
  for (let i = 0; i < config.decoderLayers; i++) {
    const branch = new Branches(g, config, 'decoder', i);
    y = branch.add(y, 'attn', (normal) => own(`${branch.weights}.SelfAttention`, i, normal));
    y = branch.add(y, 'cross', (normal) => cross(`${branch.weights}.EncDecAttention`, i, normal));
    y = branch.add(y, 'ffn', (normal) => branch.feedForward(normal));
    g.label(`decoder.block.${i}`, y);
  }
  return g.label('decoder.final', rmsNorm(g, 'decoder.final_layer_norm.weight', y, config.normEpsilon));
}

/**
 * Attentions of a decoder that reads one token. Attention of a token to itself alone is its value: queries, keys and positions
 * belong to the checkpoint and have no influence.
 */
export function singleTokenAttentions(g: Graph, config: T5Config, encoded: Tensor, closed: Tensor): DecoderAttentions {
  const size = config.heads * config.headSize;
  declareDecoderPositions(g, config);
  return {
    own: (name, _, normal) => {
      for (const part of ['q', 'k']) g.weight(`${name}.${part}.weight`, [size, config.width]);
      return linear(g, `${name}.o`, linear(g, `${name}.v`, normal, size, false), config.width, false);
    },
    cross: crossAttention(g, config, encoded, closed),
  };
}

/** Attentions of a decoder that reads T tokens at once, each seeing those up to itself. */
export function causalAttentions(
  g: Graph,
  config: T5Config,
  tokens: number,
  encoded: Tensor,
  closed: Tensor,
): DecoderAttentions {
  const positions = g.label('decoder.block.0.position_bias', decoderPositions(g, config, tokens));
  const bias = g.add(positions, closedBias(g, laterKeys(g, tokens)));
  return {
    own: (name, _, normal) => attention(g, config, name, normal, keysAndValues(g, config, name, normal), bias),
    cross: crossAttention(g, config, encoded, closed),
  };
}

function crossAttention(g: Graph, config: T5Config, encoded: Tensor, closed: Tensor): DecoderAttentions['cross'] {
  return (name, _, normal) => attention(g, config, name, normal, keysAndValues(g, config, name, encoded), closed);
}

/** Keys and values that a decoder's block reads of the encoder's output. */
export function crossMemory(g: Graph, config: T5Config, block: number, encoded: Tensor): KeysAndValues {
  return keysAndValues(g, config, `decoder.block.${block}.layer.1.EncDecAttention`, encoded);
}

/** Keys and values of x. */
export function keysAndValues(g: Graph, config: T5Config, name: string, x: Tensor): KeysAndValues {
  return { key: project(g, config, `${name}.k`, x), value: project(g, config, `${name}.v`, x) };
}

/** Attention of the queries of x [V, N, T, D] to keys and values. */
export function attention(
  g: Graph,
  config: T5Config,
  name: string,
  x: Tensor,
  { key, value }: KeysAndValues,
  bias: Tensor,
): Tensor {
  const mixed = attend(g, project(g, config, `${name}.q`, x), key, value, bias);
  return linear(g, `${name}.o`, mergeHeads(g, mixed), config.width, false);
}

function project(g: Graph, { heads, headSize }: T5Config, name: string, x: Tensor): Tensor {
  return splitHeads(g, linear(g, name, x, heads * headSize, false), heads);
}

/** The branches of one block, in order: each is x + branch(norm(x)). */
class Branches {
  private index = -1;

  constructor(
    private readonly g: Graph,
    private readonly config: T5Config,
    private readonly stack: 'encoder' | 'decoder',
    private readonly block: number,
  ) {}

  /** Prefix of the weights of the branch being added. */
  get weights(): string {
    return `${this.stack}.block.${this.block}.layer.${this.index}`;
  }

  add(x: Tensor, name: 'attn' | 'cross' | 'ffn', branch: (normal: Tensor) => Tensor): Tensor {
    this.index++;
    const { g, stack, block, config } = this;
    const y = branch(rmsNorm(g, `${this.weights}.layer_norm.weight`, x, config.normEpsilon));
    return g.add(x, g.dropout(`${stack}.${block}.${name}`, g.label(`${stack}.block.${block}.${name}`, y)));
  }

  feedForward(x: Tensor): Tensor {
    const { g, stack, block, config } = this;
    const name = `${this.weights}.DenseReluDense`;
    const raise = (layer: string): Tensor => linear(g, `${name}.${layer}`, x, config.hiddenWidth, false);
    const raised = config.gated ? g.mul(geluTanh(g, raise('wi_0')), raise('wi_1')) : g.relu(raise('wi'));
    return linear(g, `${name}.wo`, g.dropout(`${stack}.${block}.hidden`, raised), config.width, false);
  }
}
