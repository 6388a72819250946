/**
 * Chronos-T5 as graphs (Ansari et al., arXiv:2403.07815): a T5 whose words are bins of scaled values. The output
 * head is the table of embeddings, unless the config says that it has weights of its own. Activations are [V, N, T, D].
 */

import { type BatchShape, leadingAxis } from '../../family.ts';
import type { Graph } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/ir.ts';
import { closedBias, closedKeys } from '../../layers/attention.ts';
import {
  attention,
  causalAttentions,
  crossMemory,
  type DecoderAttentions,
  keysAndValues,
  singleTokenAttentions,
  t5Decoder,
  t5Encoder,
} from '../../layers/t5.ts';
import { decoderPositionsAt } from '../../layers/t5Positions.ts';
import { type ChronosConfig, contextTokens } from './config.ts';
import { binCentres } from './tokeniser.ts';

/** Names of what the decoder's steps share: keys and values of the context, and of the steps before. */
export const memoryNames = {
  cross: (block: number, part: 'key' | 'value') => `cross.${block}.${part}`,
  own: (block: number, part: 'key' | 'value') => `own.${block}.${part}`,
  /** What a step makes of its own memory. */
  next: (block: number, part: 'key' | 'value') => `next.own.${block}.${part}`,
  closed: 'cross.closed',
};

/**
 * N being contexts × channels, T the tokens of a context, and the first axis V where variants read contexts of their own:
 * - the forecast: inputs `tokens` [1, N, T] (int32) and `open` [1, N, T] (0 where missing); output `forecast` [V, N, C, 1], the
 *   expectation over the bins of the first step;
 * - part `encode`: the same inputs; labels `cross.…`, what the decoder's steps read of the context;
 * - part `step`: one token of each of P paths: `token` [V, N, P] (int32), `position` [S] (1 at the step's place, else 0), `seen`
 *   [S] (1 up to it), `buckets` [S] (int32: of the distances back to each place), the memories; labels `logits` [V, N, P,
 *   vocabulary] and `next.own.…`;
 * - part `teach`: `tokens` and `open`, and S given decoder tokens `given` [1, N, S] (int32); label `logits` [V, N, S, vocabulary].
 */
export function chronosGraph(g: Graph, config: ChronosConfig, batch: BatchShape): void {
  if (batch.part === 'step') {
    stepGraph(g, config, batch);
    return;
  }
  const { contexts, channels, length = config.contextLength, steps = 1 } = batch;
  const lead = leadingAxis(g, batch);
  const rows = contexts * channels;
  const tokens = g.input('tokens', [lead, rows, contextTokens(config, length)], 'int32');
  const closed = closedBias(g, closedKeys(g, g.input('open', [lead, rows, tokens.shape[2]!])));
  const encoded = t5Encoder(g, config, embed(g, config, tokens), closed);
  if (batch.part === 'encode') {
    g.label(memoryNames.closed, closed);
    for (let block = 0; block < config.decoderLayers; block++) {
      const memory = crossMemory(g, config, block, encoded);
      for (const part of ['key', 'value'] as const) g.label(memoryNames.cross(block, part), memory[part]);
    }
    return;
  }
  if (batch.part === 'teach') {
    const given = g.input('given', [lead, rows, steps], 'int32');
    const attentions = causalAttentions(g, config, steps, encoded, closed);
    g.label('logits', head(g, config, t5Decoder(g, config, embed(g, config, given), attentions)));
    return;
  }
  const start = g.constant(new Int32Array(rows).fill(config.startToken), [1, rows, 1]);
  const attentions = singleTokenAttentions(g, config, encoded, closed);
  const logits = g.label('logits', head(g, config, t5Decoder(g, config, embed(g, config, start), attentions)));
  g.output('forecast', g.reshape(expectation(g, config, logits), [logits.shape[0]!, contexts, channels, 1]));
}

/** One step of the decoder with its memories. Paths of a series share what they read of the context. */
function stepGraph(g: Graph, config: ChronosConfig, batch: BatchShape): void {
  const { contexts, channels, length = config.contextLength, steps = config.pathLength, paths = 1 } = batch;
  const lead = leadingAxis(g, batch);
  const rows = contexts * channels;
  const { heads, headSize } = config;
  const token = g.input('token', [lead, rows, paths], 'int32');
  const context = contextTokens(config, length);
  const closed = g.input(memoryNames.closed, [lead, rows, 1, 1, context]);
  const place = g.reshape(g.input('position', [steps]), [1, 1, 1, steps, 1]);
  const later = g.reshape(g.sub(g.scalar(1), g.input('seen', [steps])), [1, 1, steps]);
  const bias = g.add(decoderPositionsAt(g, config, g.input('buckets', [steps], 'int32')), closedBias(g, later));
  const memory = (name: (block: number, part: 'key' | 'value') => string, block: number, shape: readonly number[]) => ({
    key: g.input(name(block, 'key'), shape),
    value: g.input(name(block, 'value'), shape),
  });
  const attentions: DecoderAttentions = {
    own: (name, block, normal) => {
      // Each path has a memory of its own.
      const apart = g.reshape(normal, [lead, rows * paths, 1, config.width]);
      const fresh = keysAndValues(g, config, name, apart);
      const before = memory(memoryNames.own, block, [lead, rows * paths, heads, steps, headSize]);
      const write = (part: 'key' | 'value'): Tensor =>
        g.label(memoryNames.next(block, part), g.add(before[part], g.mul(fresh[part], place)));
      const attended = attention(g, config, name, apart, { key: write('key'), value: write('value') }, bias);
      return g.reshape(attended, normal.shape);
    },
    cross: (name, block, normal) => {
      const shared = memory(memoryNames.cross, block, [lead, rows, heads, context, headSize]);
      return attention(g, config, name, normal, shared, closed);
    },
  };
  g.label('logits', head(g, config, t5Decoder(g, config, embed(g, config, token), attentions)));
}

/** Token ids [..., T] → [..., T, D]. */
function embed(g: Graph, config: ChronosConfig, tokens: Tensor): Tensor {
  return g.gather(table(g, config), tokens);
}

/** x [V, N, T, D] → [V, N, T, vocabulary]. */
function head(g: Graph, config: ChronosConfig, x: Tensor): Tensor {
  const { tiesHead, vocabulary, width } = config;
  if (!tiesHead) return g.linear(x, g.weight('lm_head.weight', [vocabulary, width]));
  return g.linear(g.mul(x, g.scalar(width ** -0.5)), table(g, config));
}

function table(g: Graph, { vocabulary, width }: ChronosConfig): Tensor {
  return g.weight('shared.weight', [vocabulary, width]);
}

/**
 * Mean of the bins under the distribution of the logits [..., vocabulary], in scaled units; special tokens are left out. Divided by
 * the probabilities' sum, which a back end's softmax misses by some 1e-6.
 */
function expectation(g: Graph, config: ChronosConfig, logits: Tensor): Tensor {
  const last = logits.shape.length - 1;
  const centres = binCentres(config);
  const columns = Float32Array.from({ length: 2 * centres.length }, (_, i) => (i % 2 === 0 ? centres[i / 2]! : 1));
  const probabilities = g.softmax(g.slice(logits, last, config.specialTokens + 1, config.vocabulary));
  const sums = g.matmul(probabilities, g.constant(columns, [centres.length, 2]));
  return g.div(g.slice(sums, last, 0, 1), g.slice(sums, last, 1, 2));
}
