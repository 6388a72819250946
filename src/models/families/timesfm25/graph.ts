/**
 * TimesFM 2.5 as a graph (google-research/timesfm, 2025): the decoder-only transformer of TimesFM with rotary positions, norms
 * on queries and keys and around every branch, and a second head for the quantiles of up to 1024 steps. Activations are
 * [V, N, P, D]: parameter variants, series, patches, features.
 */

import { type BatchShape, leadingAxis } from '../../family.ts';
import type { Graph } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/ir.ts';
import { silu } from '../../layers/activations.ts';
import { attend, closedBias, closedKeys, laterKeys, mergeHeads, splitHeads } from '../../layers/attention.ts';
import type { KeyValueCache } from '../../layers/keyValueCache.ts';
import { linear } from '../../layers/linear.ts';
import { rmsNorm } from '../../layers/normalisation.ts';
import { perDimensionScale } from '../../layers/perDimensionScale.ts';
import { type Rotation, rotate, rotations, rotationsAt } from '../../layers/positions.ts';
import { residualBlock } from '../../layers/residualBlock.ts';
import type { Timesfm25Config } from './config.ts';
import { type LayerNames, layerNames, modelNames } from './names.ts';

/**
 * Inputs, N being contexts × channels and the first axis V where variants read contexts of their own: `tokens`
 * [1, N, P, 2·patch] (scaled values, then flags of padding), `open` [1, N, P] (0 for padding before the series), `positions`
 * [1, N, P]. Labels: `head_point_last` [V, N, 1, H·Q], `head_quantiles_last` [V, N, 1, L·Q] of the last patch, `heads`
 * [V, N, P, H·Q] of all.
 */
export function timesfm25Graph(g: Graph, config: Timesfm25Config, batch: BatchShape, cache?: KeyValueCache): void {
  const { contexts, channels, length = config.contextLength } = batch;
  const lead = leadingAxis(g, batch);
  const rows = contexts * channels;
  const patches = length / config.patchLength;
  const tokens = g.input('tokens', [lead, rows, patches, 2 * config.patchLength]);
  const open = g.input('open', [lead, rows, patches]);
  const positions = g.input('positions', [lead, rows, patches], 'int32');
  g.label('normed', g.slice(tokens, 3, 0, config.patchLength));
  const attention: Attention = {
    bias: cache?.bias ?? closedBias(g, laterKeys(g, patches), closedKeys(g, open)),
    rotation: rotationsAt(g, rotations(g, cache?.slots ?? patches, config.headSize), positions),
    cache,
  };
  let x = g.dropout('decoder.embed', g.label('embed', embed(g, config, tokens)));
  for (let i = 0; i < config.layers; i++) x = g.label(`block.${i}`, layer(g, config, x, attention, i));

  const last = g.slice(x, 2, patches - 1, patches);
  const columns = g.label('head_point_last', head(g, config, 'point', last, config.horizon));
  g.label('head_quantiles_last', head(g, config, 'quantiles', last, config.quantileHorizon));
  g.label('heads', head(g, config, 'point', x, config.horizon));
  const shape = [x.shape[0]!, contexts, channels, config.horizon];
  const table = g.reshape(columns, [...shape, config.quantiles.length + 1]);
  g.output('forecast', g.reshape(g.slice(table, 4, config.pointColumn, config.pointColumn + 1), shape));
}

interface Attention {
  /** Closes later patches, and padding. */
  readonly bias: Tensor;
  readonly rotation: Rotation;
  /** Keys and values of earlier patches, where one patch is read at a time. */
  readonly cache: KeyValueCache | undefined;
}

function layer(g: Graph, config: Timesfm25Config, x: Tensor, attention: Attention, index: number): Tensor {
  const names = layerNames(config.layout, index);
  const norm = (name: string, y: Tensor): Tensor => rmsNorm(g, name, y, config.normEpsilon);
  const attended = selfAttention(g, config, norm(names.beforeAttention, x), attention, names, index);
  const branch = norm(names.afterAttention, g.label(`block.${index}.attn_out`, attended));
  const y = g.add(x, g.dropout(`decoder.${index}.attn`, g.label(`block.${index}.attn`, branch)));

  const raised = linear(g, names.raise, norm(names.beforeFeedForward, y), config.hiddenWidth, false);
  const hidden = g.dropout(`decoder.${index}.hidden`, silu(g, raised));
  const lowered = norm(names.afterFeedForward, linear(g, names.lower, hidden, config.width, false));
  return g.add(y, g.dropout(`decoder.${index}.ffn`, g.label(`block.${index}.ffn`, lowered)));
}

/** Queries and keys are rotated first and normalised then: the norms' gains do not commute with the rotation. */
function selfAttention(
  g: Graph,
  config: Timesfm25Config,
  x: Tensor,
  attention: Attention,
  names: LayerNames,
  index: number,
): Tensor {
  const { heads, headSize, normEpsilon } = config;
  const [query, key, value] = projections(g, config, x, names).map((part) => splitHeads(g, part, heads)) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const normal = (name: string, part: Tensor): Tensor =>
    rmsNorm(g, name, rotate(g, part, attention.rotation), normEpsilon);
  const scaled = g.mul(normal(names.queryNorm, query), perDimensionScale(g, names.queryScale, headSize));
  const fresh = { key: normal(names.keyNorm, key), value };
  const all = attention.cache?.extend(index, fresh.key, fresh.value) ?? fresh;
  const mixed = mergeHeads(g, attend(g, scaled, all.key, all.value, attention.bias));
  return linear(g, names.attentionOut, mixed, config.width, false);
}

/** Queries, keys and values: one fused layer in the repository, three in transformers. */
function projections(
  g: Graph,
  { heads, headSize }: Timesfm25Config,
  x: Tensor,
  { projections: names }: LayerNames,
): Tensor[] {
  const size = heads * headSize;
  const [fused, ...others] = names;
  if (others.length > 0) return names.map((name) => linear(g, name, x, size, false));
  const all = linear(g, fused!, x, 3 * size, false);
  return [0, 1, 2].map((part) => g.slice(all, 3, part * size, (part + 1) * size));
}

function embed(g: Graph, { layout, width, embedderWidth }: Timesfm25Config, tokens: Tensor): Tensor {
  const names = modelNames(layout).embedder;
  return residualBlock(g, { ...names, hiddenWidth: embedderWidth, width, bias: true, activation: silu }, tokens);
}

/** x [V, N, T, D] → [V, N, T, steps·Q], step after step. */
function head(g: Graph, config: Timesfm25Config, kind: 'point' | 'quantiles', x: Tensor, steps: number): Tensor {
  const names = modelNames(config.layout)[kind];
  const width = steps * (config.quantiles.length + 1);
  return residualBlock(g, { ...names, hiddenWidth: config.headWidth, width, bias: false, activation: silu }, x);
}
