/**
 * The encoder and decoder stacks of T5 (Raffel et al., arXiv:1910.10683) as Chronos has them: RMS norms before each branch, no
 * scale on attention scores, relative positions in buckets that all layers of a stack share. Activations are [V, N, T, D].
 */

import type { Graph } from '../graph/builder.ts';
import type { Tensor } from '../graph/ir.ts';
import { attend, mergeHeads, splitHeads } from './attention.ts';
import { linear } from './linear.ts';
import { rmsNorm } from './normalisation.ts';

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
}

/** x [V, N, T, D], `closed` a bias that closes missing keys → the encoder's output. Sites and labels are `encoder.…`. */
export function t5Encoder(g: Graph, config: T5Config, x: Tensor, closed: Tensor): Tensor {
  const bias = g.add(encoderPositions(g, config, x.shape[2]!), closed);
  let y = g.dropout('encoder.embed', g.label('encoder.embed', x));
  for (let i = 0; i < config.encoderLayers; i++) {
    const branch = new Branches(g, config, 'encoder', i);
    y = branch.add(y, 'attn', (normal) =>
      attention(g, config, `${branch.weights}.SelfAttention`, normal, normal, bias),
    );
    y = branch.add(y, 'ffn', (normal) => branch.feedForward(normal));
    g.label(`encoder.block.${i}`, y);
  }
  return g.label('encoder.final', rmsNorm(g, 'encoder.final_layer_norm.weight', y, config.normEpsilon));
}

/**
 * The decoder for one token x [V, N, 1, D], which looks at the encoder's output. Attention of a token to itself alone is its
 * value: queries, keys and positions of the decoder's self-attention have no influence and are not read.
 */
export function t5SingleTokenDecoder(g: Graph, config: T5Config, x: Tensor, encoded: Tensor, closed: Tensor): Tensor {
  let y = g.dropout('decoder.embed', g.label('decoder.embed', x));
  for (let i = 0; i < config.decoderLayers; i++) {
    const branch = new Branches(g, config, 'decoder', i);
    y = branch.add(y, 'attn', (normal) => {
      const value = linear(g, `${branch.weights}.SelfAttention.v`, normal, config.heads * config.headSize, false);
      return linear(g, `${branch.weights}.SelfAttention.o`, value, config.width, false);
    });
    y = branch.add(y, 'cross', (normal) =>
      attention(g, config, `${branch.weights}.EncDecAttention`, normal, encoded, closed),
    );
    y = branch.add(y, 'ffn', (normal) => branch.feedForward(normal));
    g.label(`decoder.block.${i}`, y);
  }
  return g.label('decoder.final', rmsNorm(g, 'decoder.final_layer_norm.weight', y, config.normEpsilon));
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
    const raised = g.relu(linear(g, `${name}.wi`, x, config.hiddenWidth, false));
    return linear(g, `${name}.wo`, g.dropout(`${stack}.${block}.hidden`, raised), config.width, false);
  }
}

/** Queries of x, keys and values of `source`. */
function attention(g: Graph, config: T5Config, name: string, x: Tensor, source: Tensor, bias: Tensor): Tensor {
  const { heads, headSize, width } = config;
  const project = (part: string, from: Tensor): Tensor =>
    splitHeads(g, linear(g, `${name}.${part}`, from, heads * headSize, false), heads);
  const mixed = attend(g, project('q', x), project('k', source), project('v', source), bias);
  return linear(g, `${name}.o`, mergeHeads(g, mixed), width, false);
}

/** The learnt bias of each bucket of relative positions: [heads, T, T]. */
function encoderPositions(g: Graph, config: T5Config, tokens: number): Tensor {
  const name = 'encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight';
  const table = g.weight(name, [config.buckets, config.heads]);
  const buckets = Int32Array.from({ length: tokens * tokens }, (_, i) =>
    encoderBucket(config, (i % tokens) - Math.floor(i / tokens)),
  );
  return g.transpose(g.gather(table, g.constant(buckets, [tokens, tokens])), [2, 0, 1]);
}

/** Half of the buckets are for later keys; of each half, half hold one distance each, the others grow with its logarithm. */
function encoderBucket({ buckets, maxDistance }: T5Config, offset: number): number {
  const half = buckets / 2;
  const single = half / 2;
  const distance = Math.abs(offset);
  const grown = single + Math.floor((Math.log(distance / single) / Math.log(maxDistance / single)) * (half - single));
  return (offset > 0 ? half : 0) + (distance < single ? distance : Math.min(half - 1, grown));
}
