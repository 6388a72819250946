/**
 * Timer as a graph (Liu et al., arXiv:2402.02368): a decoder-only transformer whose tokens are patches and that predicts, at
 * every token, the next one; norms follow the branches. The hub's network has rotary positions and gated feed-forward
 * layers, the repository's sinusoids and GELU. Activations are [V, N, T, D].
 */

import { type BatchShape, leadingAxis } from '../../family.ts';
import type { Graph } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/ir.ts';
import { silu } from '../../layers/activations.ts';
import { attend, closedBias, laterKeys, mergeHeads, splitHeads } from '../../layers/attention.ts';
import { linear } from '../../layers/linear.ts';
import { layerNorm } from '../../layers/normalisation.ts';
import { type Rotation, rotate, rotations } from '../../layers/positions.ts';
import type { TimerConfig } from './config.ts';

const NORM_EPSILON = 1e-5;
const LONGEST_WAVE = 10_000;

/**
 * Input `patches` [1, N, T, patch], N being contexts × channels and the first axis V where variants read contexts of their
 * own. Label `head.all_tokens` [V, N, T, patch].
 */
export function timerGraph(g: Graph, config: TimerConfig, batch: BatchShape): void {
  const { contexts, channels, length = config.contextLength } = batch;
  const { patchLength } = config;
  const tokens = Math.floor(length / patchLength);
  const patches = g.input('patches', [leadingAxis(g, batch), contexts * channels, tokens, patchLength]);
  const architecture = config.layout === 'hub' ? hub : repository;
  let x = g.dropout('decoder.embed', g.label('embed', architecture.embed(g, config, patches)));
  const attention: Attention = {
    bias: closedBias(g, laterKeys(g, tokens)),
    rotation: rotations(g, tokens, config.width / config.heads),
  };
  for (let i = 0; i < config.layers; i++) x = g.label(`block.${i}`, block(g, config, x, attention, architecture, i));
  const normal = g.label('norm', layerNorm(g, architecture.norm, x, NORM_EPSILON));
  g.label('head.all_tokens', architecture.head(g, config, normal));
  const next = architecture.head(g, config, g.slice(normal, 2, tokens - 1, tokens));
  g.output('forecast', g.reshape(next, [next.shape[0]!, contexts, channels, patchLength]));
}

interface Attention {
  readonly bias: Tensor;
  readonly rotation: Rotation;
}

/** What differs between the two networks. */
interface Architecture {
  readonly norm: string;
  readonly block: (index: number) => string;
  readonly embed: (g: Graph, config: TimerConfig, patches: Tensor) => Tensor;
  /** Queries, keys and values of x [V, N, T, D]. */
  readonly project: (g: Graph, config: TimerConfig, name: string, x: Tensor) => readonly Tensor[];
  readonly turn: (g: Graph, x: Tensor, rotation: Rotation) => Tensor;
  readonly mix: (g: Graph, config: TimerConfig, name: string, x: Tensor) => Tensor;
  readonly raise: (g: Graph, config: TimerConfig, name: string, x: Tensor) => Tensor;
  readonly lower: (g: Graph, config: TimerConfig, name: string, x: Tensor) => Tensor;
  readonly head: (g: Graph, config: TimerConfig, x: Tensor) => Tensor;
}

function block(
  g: Graph,
  config: TimerConfig,
  x: Tensor,
  { bias, rotation }: Attention,
  architecture: Architecture,
  index: number,
): Tensor {
  const name = architecture.block(index);
  const [query, key, value] = architecture
    .project(g, config, name, x)
    .map((part) => splitHeads(g, part, config.heads)) as [Tensor, Tensor, Tensor];
  const scaled = g.mul(architecture.turn(g, query, rotation), g.scalar(1 / Math.sqrt(config.width / config.heads)));
  const mixed = mergeHeads(g, attend(g, scaled, architecture.turn(g, key, rotation), value, bias));
  const attended = g.label(`block.${index}.attn`, architecture.mix(g, config, name, mixed));
  const y = layerNorm(g, `${name}.norm1`, g.add(x, g.dropout(`decoder.${index}.attn`, attended)), NORM_EPSILON);
  g.label(`block.${index}.norm1`, y);

  const hidden = g.dropout(`decoder.${index}.hidden`, architecture.raise(g, config, name, y));
  const lowered = g.label(`block.${index}.ffn`, architecture.lower(g, config, name, hidden));
  return layerNorm(g, `${name}.norm2`, g.add(y, g.dropout(`decoder.${index}.ffn`, lowered)), NORM_EPSILON);
}

const hub: Architecture = {
  norm: 'model.norm',
  block: (index) => `model.layers.${index}`,
  embed: (g, { width }, patches) => linear(g, 'model.embed_layer.emb', patches, width, false),
  project: (g, { width }, name, x) =>
    ['q', 'k', 'v'].map((part) => linear(g, `${name}.self_attn.${part}_proj`, x, width)),
  turn: rotate,
  mix: (g, { width }, name, x) => linear(g, `${name}.self_attn.o_proj`, x, width, false),
  raise: (g, { hiddenWidth }, name, x) => {
    const part = (kind: string): Tensor => linear(g, `${name}.ffn_layer.${kind}_proj`, x, hiddenWidth, false);
    return g.mul(silu(g, part('gate')), part('up'));
  },
  lower: (g, { width }, name, x) => linear(g, `${name}.ffn_layer.down_proj`, x, width, false),
  head: (g, { patchLength }, x) => linear(g, 'lm_heads.0', x, patchLength, false),
};

const repository: Architecture = {
  norm: 'decoder.norm',
  block: (index) => `decoder.attn_layers.${index}`,
  embed: (g, { width }, patches) => {
    const embedded = linear(g, 'patch_embedding.value_embedding', patches, width, false);
    return g.add(embedded, sinusoids(g, patches.shape[2]!, width));
  },
  project: (g, { width }, name, x) =>
    ['query', 'key', 'value'].map((part) => linear(g, `${name}.attention.${part}_projection`, x, width)),
  turn: (_, x) => x,
  mix: (g, { width }, name, x) => linear(g, `${name}.attention.out_projection`, x, width),
  raise: (g, { hiddenWidth }, name, x) => g.gelu(pointwise(g, `${name}.conv1`, x, hiddenWidth)),
  lower: (g, { width }, name, x) => pointwise(g, `${name}.conv2`, x, width),
  head: (g, { patchLength }, x) => linear(g, 'proj', x, patchLength),
};

/** A convolution of one step, which is a linear layer with weights [width, in, 1]. */
function pointwise(g: Graph, name: string, x: Tensor, width: number): Tensor {
  const weight = g.weight(`${name}.weight`, [width, x.shape.at(-1)!, 1]);
  return g.linear(x, g.reshape(weight, [width, x.shape.at(-1)!]), g.weight(`${name}.bias`, [width]));
}

/** The positions that checkpoints store as a buffer: [T, D], sines at even dimensions, cosines at odd ones. */
function sinusoids(g: Graph, tokens: number, width: number): Tensor {
  const values = Float32Array.from({ length: tokens * width }, (_, i) => {
    const column = i % width;
    const angle = Math.floor(i / width) / LONGEST_WAVE ** ((column - (column % 2)) / width);
    return column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
  return g.constant(values, [tokens, width]);
}
