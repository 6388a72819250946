/**
 * TimesFM 1.0 and 2.0 as a graph (Das et al., arXiv:2310.10688): a decoder-only transformer over patches of 32 values that
 * predicts, at every patch, the next 128 with their quantiles. Activations are [V, N, P, D]: parameter variants, series,
 * patches, features.
 */

import { type BatchShape, leadingAxis } from '../../family.ts';
import type { Graph } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/ir.ts';
import { silu } from '../../layers/activations.ts';
import {
  attend,
  closedBias,
  closedKeys,
  closedQueries,
  laterKeys,
  mergeHeads,
  splitHeads,
} from '../../layers/attention.ts';
import type { KeyValueCache } from '../../layers/keyValueCache.ts';
import { linear } from '../../layers/linear.ts';
import { layerNorm, rmsNorm } from '../../layers/normalisation.ts';
import { perDimensionScale } from '../../layers/perDimensionScale.ts';
import { type ResidualBlock, residualBlock } from '../../layers/residualBlock.ts';
import type { Timesfm1And2Config } from './config.ts';

/** The sinusoid's longest wave. */
const LONGEST_WAVE = 10_000;

/**
 * Inputs, N being contexts × channels and the first axis V where variants read contexts of their own: `tokens`
 * [1, N, P, 2·patch] (scaled values, then flags of padding), `open` [1, N, P] (0 where a patch is all padding), `frequency`
 * [1, N] and, for 1.0, `positions` [1, N, P]. Labels: `columns` [V, N, 1, H·Q] of the last patch, `head` [V, N, P, H·Q].
 */
export function timesfm1And2Graph(
  g: Graph,
  config: Timesfm1And2Config,
  batch: BatchShape,
  cache?: KeyValueCache,
): void {
  const { contexts, channels, length = config.contextLength } = batch;
  const lead = leadingAxis(g, batch);
  const rows = contexts * channels;
  const patches = length / config.patchLength;
  const tokens = g.input('tokens', [lead, rows, patches, 2 * config.patchLength]);
  const open = g.input('open', [lead, rows, patches]);
  g.label('normed', g.slice(tokens, 3, 0, config.patchLength));
  let x = g.label('tokenized', residualBlock(g, embedder(config), tokens));
  if (config.positional)
    x = g.add(x, g.gather(sinusoids(g, config, cache?.slots ?? patches), positions(g, lead, rows, patches)));
  x = g.add(x, frequency(g, config, lead, rows));
  x = g.dropout('decoder.embed', g.label('embed', x));
  const bias = cache?.bias ?? closedBias(g, laterKeys(g, patches), closedKeys(g, open), closedQueries(g, open));
  const kept = g.reshape(open, [lead, rows, patches, 1]);
  for (let i = 0; i < config.layers; i++) x = g.label(`block.${i}`, layer(g, config, x, { bias, kept, cache }, i));

  const last = g.slice(x, 2, patches - 1, patches);
  const columns = g.label('columns', g.label('head_last', residualBlock(g, head(config), last)));
  g.label('head', residualBlock(g, head(config), x));
  const perStep = config.quantiles.length + 1;
  const table = g.reshape(columns, [x.shape[0]!, contexts, channels, config.horizon, perStep]);
  const pick = (column: number): Tensor =>
    g.reshape(g.slice(table, 4, column, column + 1), [x.shape[0]!, contexts, channels, config.horizon]);
  g.label('mean', pick(0));
  g.output('forecast', pick(config.pointColumn));
}

function positions(g: Graph, lead: number, rows: number, patches: number): Tensor {
  return g.input('positions', [lead, rows, patches], 'int32');
}

/** [P, D]: sines, then cosines, of D/2 frequencies. */
function sinusoids(g: Graph, { width }: Timesfm1And2Config, patches: number): Tensor {
  const half = width / 2;
  const step = Math.log(LONGEST_WAVE) / Math.max(half - 1, 1);
  const values = Float32Array.from({ length: patches * width }, (_, i) => {
    const column = i % width;
    const angle = Math.floor(i / width) * Math.exp(-step * (column % half));
    return column < half ? Math.sin(angle) : Math.cos(angle);
  });
  return g.constant(values, [patches, width]);
}

/** The embedding of each series' frequency class, the same for all its patches: [1, N, 1, D]. */
function frequency(g: Graph, config: Timesfm1And2Config, lead: number, rows: number): Tensor {
  const name = config.layout === 'repository' ? 'freq_emb.weight' : 'decoder.freq_emb.weight';
  const table = g.weight(name, [config.frequencies, config.width]);
  const chosen = g.gather(table, g.input('frequency', [lead, rows], 'int32'));
  return g.reshape(chosen, [lead, rows, 1, config.width]);
}

interface Padding {
  /** Closes later patches, and all padding. */
  readonly bias: Tensor;
  /** [1, N, P, 1] 0 where a patch is all padding. */
  readonly kept: Tensor;
  /** Keys and values of earlier patches, where one patch is read at a time. */
  readonly cache: KeyValueCache | undefined;
}

function layer(g: Graph, config: Timesfm1And2Config, x: Tensor, { bias, kept, cache }: Padding, index: number): Tensor {
  const name = `${config.layout === 'repository' ? 'stacked_transformer' : 'decoder'}.layers.${index}`;
  const normal = rmsNorm(g, `${name}.input_layernorm.weight`, x, config.normEpsilon);
  const extend = (key: Tensor, value: Tensor) => cache?.extend(index, key, value) ?? { key, value };
  const attended = selfAttention(g, config, normal, { bias, extend }, `${name}.self_attn`);
  const y = g.add(x, g.dropout(`decoder.${index}.attn`, g.label(`block.${index}.attn`, attended)));

  const raised = linear(
    g,
    `${name}.mlp.gate_proj`,
    layerNorm(g, `${name}.mlp.layer_norm`, y, 1e-6),
    config.hiddenWidth,
  );
  const hidden = g.dropout(`decoder.${index}.hidden`, g.relu(raised));
  const lowered = linear(g, `${name}.mlp.down_proj`, hidden, config.width);
  const masked = g.dropout(`decoder.${index}.ffn`, g.label(`block.${index}.ffn`, lowered));
  return g.add(y, g.mul(masked, kept));
}

interface Keys {
  readonly bias: Tensor;
  /** Puts what earlier patches left before the keys and values. */
  readonly extend: (key: Tensor, value: Tensor) => { readonly key: Tensor; readonly value: Tensor };
}

function selfAttention(g: Graph, config: Timesfm1And2Config, x: Tensor, { bias, extend }: Keys, name: string): Tensor {
  const { heads, headSize } = config;
  const [query, key, value] = projections(g, config, x, name).map((part) => splitHeads(g, part, heads)) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const scaled = g.mul(query, perDimensionScale(g, `${name}.scaling`, headSize));
  const all = extend(key, value);
  return linear(g, `${name}.o_proj`, mergeHeads(g, attend(g, scaled, all.key, all.value, bias)), config.width);
}

/** Queries, keys and values: one fused layer in the repository, three in transformers. */
function projections(g: Graph, { layout, heads, headSize }: Timesfm1And2Config, x: Tensor, name: string): Tensor[] {
  const size = heads * headSize;
  if (layout === 'transformers') return ['q', 'k', 'v'].map((part) => linear(g, `${name}.${part}_proj`, x, size));
  const fused = linear(g, `${name}.qkv_proj`, x, 3 * size);
  return [0, 1, 2].map((part) => g.slice(fused, 3, part * size, (part + 1) * size));
}

function embedder(config: Timesfm1And2Config): ResidualBlock {
  const prefix = config.layout === 'repository' ? 'input_ff_layer' : 'decoder.input_ff_layer';
  return { ...block(config, prefix), width: config.width };
}

function head(config: Timesfm1And2Config): ResidualBlock {
  return { ...block(config, 'horizon_ff_layer'), width: config.horizon * (config.quantiles.length + 1) };
}

function block({ layout, hiddenWidth }: Timesfm1And2Config, prefix: string): Omit<ResidualBlock, 'width'> {
  return {
    hidden: `${prefix}.${layout === 'repository' ? 'hidden_layer.0' : 'input_layer'}`,
    output: `${prefix}.output_layer`,
    residual: `${prefix}.residual_layer`,
    hiddenWidth,
    bias: true,
    activation: silu,
  };
}
