/**
 * TinyTimeMixer as a graph (Ekambaram et al., arXiv:2401.03955; r1, r2 and r2.1 layouts): patches are mixed along time,
 * features and, in `mix_channel` mode, channels, at several patch resolutions. Activations are [V, N, C, P, D]: parameter
 * variants, contexts, channels, patches, features; V is 1 until the first dropout site.
 */

import type { BatchShape } from '../../family.ts';
import type { Graph } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/ir.ts';
import { linear } from '../../layers/linear.ts';
import { layerNorm } from '../../layers/normalisation.ts';
import type { SiteAxis } from '../../types.ts';
import { SMALLEST_PIECE, type TtmConfig } from './config.ts';

/** Inputs `patches` [1, N, C, P, patchLength] scaled and, with a frequency prefix, `frequency` [N]. */
export function ttmGraph(g: Graph, config: TtmConfig, { contexts, channels }: BatchShape): void {
  const { patches, patchLength } = config;
  const input = g.input('patches', [1, contexts, channels, patches, patchLength]);
  const embedded = linear(g, 'backbone.encoder.patcher', input, config.width);
  const tokens = config.frequencies === null ? embedded : withFrequencyPrefix(g, config, embedded, config.frequencies);
  const encoded = g.label('encoder.out', encoder(g, config, g.dropout('encoder.embed', g.label('embed', tokens))));
  head(g, config, config.decoder ? decoder(g, config, encoded) : encoded);
}

/** r2.1: a learnt token for the sampling frequency goes before the patches, the same for all channels. */
function withFrequencyPrefix(g: Graph, config: TtmConfig, embedded: Tensor, vocabulary: number): Tensor {
  const [, contexts, channels] = embedded.shape as [number, number, number];
  const name = 'backbone.encoder.freq_mod';
  const table = g.weight(`${name}.0.weight`, [vocabulary, config.patchLength]);
  const token = g.gather(table, g.input('frequency', [contexts], 'int32'));
  const hidden = g.gelu(linear(g, `${name}.1`, token, Math.floor((config.patchLength + config.width) / 2)));
  const prefix = g.label('freq_embed', linear(g, `${name}.3`, hidden, config.width));
  const placed = g.reshape(prefix, [1, contexts, 1, 1, config.width]);
  return g.concat([g.expand(placed, [1, contexts, channels, 1, config.width]), embedded], 3);
}

function encoder(g: Graph, config: TtmConfig, x: Tensor): Tensor {
  return mixerStack(g, config, x, {
    stack: 'encoder',
    label: 'block',
    weights: 'backbone.encoder.mlp_mixer_encoder',
    levels: config.encoderLevels,
    layers: config.layersPerLevel,
    mixesChannels: config.mixesEncoderChannels,
  });
}

function decoder(g: Graph, config: TtmConfig, x: Tensor): Tensor {
  const { width, layers, levels, mixesChannels } = config.decoder!;
  const adapted = width === config.width ? x : linear(g, 'decoder.adapter', x, width);
  const embedded = g.dropout('decoder.embed', g.label('decoder.embed', adapted));
  return mixerStack(g, config, embedded, {
    stack: 'decoder',
    label: 'decoder.block',
    weights: 'decoder.decoder_block',
    levels,
    layers,
    mixesChannels,
  });
}

/** Flattens the patches, projects to the horizon and keeps the wanted channels and steps: `forecast` [V, N, C', H']. */
function head(g: Graph, config: TtmConfig, x: Tensor): void {
  const [variants, contexts, channels, patches, width] = x.shape as [number, number, number, number, number];
  const flat = g.label('head.input', g.reshape(x, [variants, contexts, channels, patches * width]));
  const forecast = linear(g, 'head.base_forecast_block', g.dropout('head.input', flat), config.predictionLength);
  const kept = config.keptChannels ? g.pick(forecast, 2, config.keptChannels) : forecast;
  g.output('forecast', g.slice(kept, 3, 0, config.keptSteps));
}

interface Stack {
  /** Prefix of the dropout sites. */
  readonly stack: 'encoder' | 'decoder';
  /** Prefix of the labels of intermediates. */
  readonly label: string;
  /** Prefix of the weights' names. */
  readonly weights: string;
  readonly levels: number;
  readonly layers: number;
  readonly mixesChannels: boolean;
}

/**
 * Mixer layers, coarse to fine: at each level of adaptive patching every patch is split into 2^level pieces for the
 * level's layers. Zero levels: plain layers.
 */
function mixerStack(g: Graph, config: TtmConfig, x: Tensor, stack: Stack): Tensor {
  let y = x;
  let index = 0;
  const layer = (weights: string): void => {
    y = g.label(`${stack.label}.${index}`, mixerLayer(g, config, y, stack, index, weights));
    index++;
  };
  if (stack.levels === 0) {
    for (let i = 0; i < stack.layers; i++) layer(`${stack.weights}.mixers.${i}`);
    return y;
  }
  const [patches, width] = x.shape.slice(-2) as [number, number];
  const leading = x.shape.slice(1, 3);
  for (let i = 0; i < stack.levels; i++) {
    const wanted = 2 ** (stack.levels - 1 - i);
    const pieces = Math.floor(width / wanted) > SMALLEST_PIECE ? wanted : 1;
    y = g.reshape(y, [y.shape[0]!, ...leading, patches * pieces, width / pieces]);
    for (let j = 0; j < stack.layers; j++) layer(`${stack.weights}.mixers.${i}.mixer_layers.${j}`);
    y = g.reshape(y, [y.shape[0]!, ...leading, patches, width]);
  }
  return y;
}

function mixerLayer(g: Graph, config: TtmConfig, x: Tensor, stack: Stack, index: number, weights: string): Tensor {
  const mixer = (kind: SiteAxis, input: Tensor): Tensor => {
    const names: MixerNames = {
      weights: `${weights}.${kind === 'channel' ? 'channel_feature' : kind}_mixer`,
      site: `${stack.stack}.${index}.${kind}`,
      label: `${stack.label}.${index}.${kind}`,
      axis: kind,
    };
    return g.label(names.label, g.add(input, mixers[kind](g, config, input, names)));
  };
  const acrossChannels = stack.mixesChannels ? mixer('channel', x) : x;
  const acrossPatches = x.shape[3]! > 1 ? mixer('patch', acrossChannels) : acrossChannels;
  return mixer('feature', acrossPatches);
}

interface MixerNames {
  readonly weights: string;
  readonly site: string;
  readonly label: string;
  readonly axis: SiteAxis;
}

type Mixer = (g: Graph, config: TtmConfig, x: Tensor, names: MixerNames) => Tensor;

/** The three residual branches. The channel mixer gates before its MLP, the others after (official code). */
const mixers: Readonly<Record<SiteAxis, Mixer>> = {
  patch: (g, config, x, names) => {
    const y = g.swapAxes(norm(g, config, x, names), 3, 4);
    return g.swapAxes(gate(g, config, mlp(g, config, y, names), names), 3, 4);
  },
  feature: (g, config, x, names) => gate(g, config, mlp(g, config, norm(g, config, x, names), names), names),
  channel: (g, config, x, names) => {
    const y = g.swapAxes(norm(g, config, x, names), 2, 4);
    return g.swapAxes(mlp(g, config, gate(g, config, y, names), names), 2, 4);
  },
};

/** Always over the features, whichever axis is mixed. */
function norm(g: Graph, config: TtmConfig, x: Tensor, { weights }: MixerNames): Tensor {
  return layerNorm(g, `${weights}.norm.norm`, x, config.normEpsilon);
}

function mlp(g: Graph, config: TtmConfig, x: Tensor, { weights, site, label, axis }: MixerNames): Tensor {
  const width = x.shape.at(-1)!;
  const hidden = g.gelu(linear(g, `${weights}.mlp.fc1`, x, width * config.expansion));
  const mixed = linear(g, `${weights}.mlp.fc2`, g.dropout(`${site}.hidden`, hidden, axis), width);
  return g.dropout(`${site}.ffn`, g.label(`${label}.mlp`, mixed), axis);
}

/** Gated attention: each feature is weighted by a softmax over the axis. */
function gate(g: Graph, config: TtmConfig, x: Tensor, { weights, site, axis }: MixerNames): Tensor {
  if (!config.gated) return x;
  const gated = g.mul(x, g.softmax(linear(g, `${weights}.gating_block.attn_layer`, x, x.shape.at(-1)!)));
  return g.optionalDropout(`${site}.gate`, gated, axis);
}
