/** T5's relative positions: a learnt bias for each head and bucket of distances, which all layers of a stack share. */

import type { Graph } from '../graph/builder.ts';
import type { Tensor } from '../graph/ir.ts';
import type { T5Config } from './t5.ts';

type Buckets = Pick<T5Config, 'buckets' | 'maxDistance' | 'heads'>;

/** The bias of every key to every query in the encoder: [heads, T, T]. */
export function encoderPositions(g: Graph, config: Buckets, tokens: number): Tensor {
  const buckets = pairs(tokens, (offset) => encoderBucket(config, offset));
  return g.transpose(g.gather(table(g, config, 'encoder'), g.constant(buckets, [tokens, tokens])), [2, 0, 1]);
}

/** The same in the decoder, where later keys are never seen: [heads, T, T]. */
export function decoderPositions(g: Graph, config: Buckets, tokens: number): Tensor {
  const buckets = pairs(tokens, (offset) => decoderBucket(config, -offset));
  return g.transpose(g.gather(table(g, config, 'decoder'), g.constant(buckets, [tokens, tokens])), [2, 0, 1]);
}

/** The bias of keys to one query in the decoder, `buckets` [S] (int32) being those of their distances: [heads, 1, S]. */
export function decoderPositionsAt(g: Graph, config: Buckets, buckets: Tensor): Tensor {
  const bias = g.gather(table(g, config, 'decoder'), buckets);
  return g.reshape(g.swapAxes(bias, 0, 1), [config.heads, 1, buckets.shape[0]!]);
}

/** Names the decoder's table as part of the checkpoint where it has no influence. */
export function declareDecoderPositions(g: Graph, config: Buckets): void {
  table(g, config, 'decoder');
}

/** Half of the buckets hold one distance each, the others grow with its logarithm; distances before the query only. */
export function decoderBucket(
  { buckets, maxDistance }: Pick<T5Config, 'buckets' | 'maxDistance'>,
  back: number,
): number {
  return grownBucket(buckets, maxDistance, Math.max(back, 0));
}

/** Half of the buckets are for later keys; each half is divided as in the decoder. */
function encoderBucket({ buckets, maxDistance }: Buckets, offset: number): number {
  const half = buckets / 2;
  return (offset > 0 ? half : 0) + grownBucket(half, maxDistance, Math.abs(offset));
}

function grownBucket(buckets: number, maxDistance: number, distance: number): number {
  const single = buckets / 2;
  if (distance < single) return distance;
  const grown = (Math.log(distance / single) / Math.log(maxDistance / single)) * (buckets - single);
  return Math.min(buckets - 1, single + Math.floor(grown));
}

function table(g: Graph, { buckets, heads }: Buckets, stack: 'encoder' | 'decoder'): Tensor {
  return g.weight(`${stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`, [buckets, heads]);
}

/** A bucket for each query (row) and key: of key − query. */
function pairs(tokens: number, bucket: (offset: number) => number): Int32Array {
  return Int32Array.from({ length: tokens * tokens }, (_, i) => bucket((i % tokens) - Math.floor(i / tokens)));
}
