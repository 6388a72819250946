/**
 * Moirai as a graph (Woo et al., arXiv:2402.02592; SalesforceAIResearch/uni2ts): a masked encoder over patches of any number of
 * variates, in which every token sees every other, past or to be forecast. Activations are [V, N, S, D]: parameter variants,
 * contexts, tokens, features.
 */

import { type BatchShape, leadingAxis } from '../../family.ts';
import type { Graph } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/ir.ts';
import { silu } from '../../layers/activations.ts';
import { attend, closedBias, mergeHeads, splitHeads } from '../../layers/attention.ts';
import { linear } from '../../layers/linear.ts';
import { rmsNorm } from '../../layers/normalisation.ts';
import { type PairRotation, pairRotations, rotatePairs } from '../../layers/positions.ts';
import type { MoiraiConfig } from './config.ts';
import { type MoiraiMixture, mixtureHead, mixtureMean } from './mixture.ts';
import { patchCounts } from './tokens.ts';

const NORM_EPSILON = 1e-5;

/**
 * Inputs, the first axis being V where variants read contexts of their own: `values` [1, N, S, patch] (scaled; past tokens of each
 * variate, then future ones), `sample` [1, N, S], `time` [1, N, S] (int32). Output `forecast` [V, N, C, H], the mixture's mean.
 * Returns the mixture, for losses.
 */
export function moiraiGraph(g: Graph, config: MoiraiConfig, batch: BatchShape): MoiraiMixture {
  const { contexts, channels, length = config.contextLength } = batch;
  const { patchLength = config.patchLength, steps = patchLength } = batch;
  const { past, ahead } = patchCounts({ length, steps, patchLength });
  const known = channels * past;
  const tokens = channels * (past + ahead);
  const lead = leadingAxis(g, batch);
  const values = g.input('values', [lead, contexts, tokens, patchLength]);
  const attention: Attention = {
    closed: otherSamples(g, g.input('sample', [lead, contexts, tokens])),
    sameVariate: sameVariate(g, channels, past, ahead),
    rotation: rotation(g, config, g.input('time', [lead, contexts, tokens], 'int32'), past + ahead),
  };

  const embedded = project(g, config, patchLength, g.slice(values, 2, 0, known));
  g.label('in_proj', g.concat([embedded, project(g, config, patchLength, g.slice(values, 2, known, tokens))], 2));
  const mask = g.reshape(g.weight('mask_encoding.weight', [1, config.width]), [1, 1, 1, config.width]);
  const masked = g.expand(mask, [lead, contexts, tokens - known, config.width]);
  let x = g.dropout('encoder.embed', g.label('embed', g.concat([embedded, masked], 2)));
  for (let i = 0; i < config.layers; i++) x = g.label(`block.${i}`, layer(g, config, x, attention, i));

  const norm = (y: Tensor): Tensor => rmsNorm(g, 'encoder.norm.weight', y, NORM_EPSILON);
  g.label('encoder.norm', norm(x));
  const variants = x.shape[0]!;
  const unpatch = (y: Tensor): Tensor =>
    g.slice(g.reshape(y, [variants, contexts, channels, ahead * patchLength]), 3, 0, steps);
  const mixture = mixtureHead(g, norm(g.slice(x, 2, known, tokens)), { config, patchLength, unpatch });
  g.output('forecast', mixtureMean(g, mixture));
  return mixture;
}

interface Attention {
  /** Closes tokens of the other kind: before the series, or of it. */
  readonly closed: Tensor;
  /** [S, S] 1 where two tokens are of one variate. */
  readonly sameVariate: Tensor;
  readonly rotation: PairRotation;
}

function layer(g: Graph, config: MoiraiConfig, x: Tensor, attention: Attention, index: number): Tensor {
  const name = `encoder.layers.${index}`;
  const norm = (part: string, y: Tensor): Tensor => rmsNorm(g, `${name}.${part}.weight`, y, NORM_EPSILON);
  const attended = selfAttention(g, config, `${name}.self_attn`, norm('norm1', x), attention);
  const y = g.add(x, g.dropout(`encoder.${index}.attn`, g.label(`block.${index}.attn`, attended)));

  const normal = norm('norm2', y);
  const raise = (part: string): Tensor => linear(g, `${name}.ffn.${part}`, normal, config.hiddenWidth, false);
  const hidden = g.dropout(`encoder.${index}.hidden`, g.mul(silu(g, raise('fc_gate')), raise('fc1')));
  const lowered = g.label(`block.${index}.ffn`, linear(g, `${name}.ffn.fc2`, hidden, config.width, false));
  return g.add(y, g.dropout(`encoder.${index}.ffn`, lowered));
}

function selfAttention(g: Graph, config: MoiraiConfig, name: string, x: Tensor, attention: Attention): Tensor {
  const { heads, width } = config;
  const project = (part: string): Tensor => splitHeads(g, linear(g, `${name}.${part}_proj`, x, width, false), heads);
  const turned = (part: string): Tensor =>
    rotatePairs(g, rmsNorm(g, `${name}.${part}_norm.weight`, project(part), NORM_EPSILON), attention.rotation);
  const query = g.mul(turned('q'), g.scalar(1 / Math.sqrt(width / heads)));
  const bias = g.add(attention.closed, variateBias(g, config, name, attention.sameVariate));
  const mixed = mergeHeads(g, attend(g, query, turned('k'), project('v'), bias));
  return linear(g, `${name}.out_proj`, mixed, width, false);
}

/** A learnt bias for tokens of one variate, and one for those of different variates: [heads, S, S]. */
function variateBias(g: Graph, { heads }: MoiraiConfig, name: string, same: Tensor): Tensor {
  const table = g.weight(`${name}.var_attn_bias.emb.weight`, [2, heads]);
  const [other, sameVariate] = [0, 1].map((row) => g.reshape(g.slice(table, 0, row, row + 1), [heads, 1, 1])) as [
    Tensor,
    Tensor,
  ];
  return g.add(g.mul(g.sub(sameVariate, other), same), other);
}

/** [S, S] of the order of tokens: past patches of each variate, then patches ahead of each. */
function sameVariate(g: Graph, channels: number, past: number, ahead: number): Tensor {
  const variates = [past, ahead].flatMap((patches) =>
    Array.from({ length: channels * patches }, (_, token) => Math.floor(token / patches)),
  );
  const same = variates.flatMap((one) => variates.map((other) => (one === other ? 1 : 0)));
  return g.constant(Float32Array.from(same), [variates.length, variates.length]);
}

/** Closes keys whose sample id (0 or 1) is not the query's: `sample` [V, N, S] → [V, N, 1, S, S]. */
function otherSamples(g: Graph, sample: Tensor): Tensor {
  const [variants, contexts, tokens] = sample.shape as [number, number, number];
  const query = g.reshape(sample, [variants, contexts, 1, tokens, 1]);
  const key = g.reshape(sample, [variants, contexts, 1, 1, tokens]);
  return closedBias(g, g.sub(g.add(query, key), g.mul(g.scalar(2), g.mul(query, key))));
}

/** The first half of each head turns, in neighbouring pairs. */
function rotation(g: Graph, { width, heads }: MoiraiConfig, time: Tensor, positions: number): PairRotation {
  return pairRotations(g, time, positions, width / heads, width / heads / 2);
}

/** Patches x [V, N, tokens, patch] → [V, N, tokens, D], by the weights of their size. */
function project(g: Graph, { patchSizes, width }: MoiraiConfig, patchLength: number, x: Tensor): Tensor {
  const largest = Math.max(...patchSizes);
  const size = patchSizes.indexOf(patchLength);
  const weight = g.weight('in_proj.weight', [patchSizes.length, width, largest]);
  const bias = g.weight('in_proj.bias', [patchSizes.length, width]);
  const patchWeight = g.slice(g.slice(weight, 0, size, size + 1), 2, 0, patchLength);
  return g.linear(
    x,
    g.reshape(patchWeight, [width, patchLength]),
    g.reshape(g.slice(bias, 0, size, size + 1), [width]),
  );
}
