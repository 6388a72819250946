/**
 * Moirai's output: at every step a mixture of a Student t, a narrow normal, a negative binomial and a log-normal distribution, of
 * standardised values. Tensors are [V, N, C, H] unless said otherwise.
 */

import type { Graph } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/ir.ts';
import { softplus } from '../../layers/activations.ts';
import type { MoiraiConfig } from './config.ts';

export interface MoiraiMixture {
  /** [V, N, C, H, 4], in the order above. */
  readonly logits: Tensor;
  readonly studentT: { readonly df: Tensor; readonly loc: Tensor; readonly scale: Tensor };
  readonly normal: { readonly loc: Tensor; readonly scale: number };
  readonly negativeBinomial: { readonly totalCount: Tensor; readonly logits: Tensor };
  readonly logNormal: { readonly loc: Tensor; readonly scale: Tensor };
}

const SMALLEST_SCALE = 2 ** -23;

/** The head's tensors: weights [sizes, D·largest, width] of which the part of one patch size is read. */
interface Head {
  readonly config: MoiraiConfig;
  readonly patchLength: number;
  /** Brings [V, N, tokens, patch] to the steps of each variate. */
  readonly unpatch: (x: Tensor) => Tensor;
}

/** The mixture's parameters of the tokens x [V, N, tokens, D] that are to be forecast. */
export function mixtureHead(g: Graph, x: Tensor, head: Head): MoiraiMixture {
  const parameter = (name: string): Tensor => head.unpatch(project(g, x, head, name, 1, 0));
  const positive = (name: string): Tensor => {
    const above = g.sub(softplus(g, parameter(name)), g.scalar(SMALLEST_SCALE));
    return g.add(g.relu(above), g.scalar(SMALLEST_SCALE));
  };
  const logits = [0, 1, 2, 3].map((k) => {
    const one = head.unpatch(project(g, x, head, 'weights_logits', 4, k));
    return g.reshape(one, [...one.shape, 1]);
  });
  return {
    logits: g.label('param.weights_logits', g.concat(logits, 4)),
    studentT: {
      df: g.label('param.student_t.df', g.add(softplus(g, parameter('components.0.df')), g.scalar(2))),
      loc: g.label('param.student_t.loc', parameter('components.0.loc')),
      scale: g.label('param.student_t.scale', positive('components.0.scale')),
    },
    normal: { loc: g.label('param.normal.loc', parameter('components.1.loc')), scale: head.config.normalScale },
    negativeBinomial: {
      totalCount: g.label('param.neg_binomial.total_count', softplus(g, parameter('components.2.total_count'))),
      logits: g.label('param.neg_binomial.logits', parameter('components.2.logits')),
    },
    logNormal: {
      loc: g.label('param.log_normal.loc', parameter('components.3.loc')),
      scale: g.label('param.log_normal.scale', positive('components.3.scale')),
    },
  };
}

/** The mixture of a graph that holds its parameters as labels. */
export function labelledMixture(g: Graph, { normalScale }: Pick<MoiraiConfig, 'normalScale'>): MoiraiMixture {
  const label = (name: string): Tensor => g.labels.get(`param.${name}`)!;
  return {
    logits: label('weights_logits'),
    studentT: { df: label('student_t.df'), loc: label('student_t.loc'), scale: label('student_t.scale') },
    normal: { loc: label('normal.loc'), scale: normalScale },
    negativeBinomial: { totalCount: label('neg_binomial.total_count'), logits: label('neg_binomial.logits') },
    logNormal: { loc: label('log_normal.loc'), scale: label('log_normal.scale') },
  };
}

/** The mean of the mixture; labels hold its parts and the variance. */
export function mixtureMean(g: Graph, mixture: MoiraiMixture): Tensor {
  const { studentT, normal, negativeBinomial, logNormal } = mixture;
  const odds = g.exp(negativeBinomial.logits);
  const square = g.mul(logNormal.scale, logNormal.scale);
  const means = [
    g.label('component_mean.student_t', g.add(studentT.loc, g.scalar(0))),
    g.label('component_mean.normal', g.add(normal.loc, g.scalar(0))),
    g.label('component_mean.neg_binomial', g.mul(negativeBinomial.totalCount, odds)),
    g.label('component_mean.log_normal', g.exp(g.add(logNormal.loc, g.mul(square, g.scalar(0.5))))),
  ] as const;
  const weights = g.label('param.weights', g.softmax(mixture.logits));
  const mean = g.label('mean_normalized', average(g, weights, means));

  const heavy = g.div(studentT.df, g.sub(studentT.df, g.scalar(2)));
  const variances = [
    g.mul(g.mul(studentT.scale, studentT.scale), heavy),
    g.expand(g.scalar(normal.scale ** 2), mean.shape),
    g.mul(means[2], g.add(odds, g.scalar(1))),
    g.mul(g.sub(g.exp(square), g.scalar(1)), g.mul(means[3], means[3])),
  ];
  const apart = variances.map((variance, k) => {
    const distance = g.sub(means[k]!, mean);
    return g.add(variance, g.mul(distance, distance));
  });
  g.label('variance_normalized', average(g, weights, apart));
  return mean;
}

/** Average of [V, N, C, H] tensors under weights [V, N, C, H, K]. */
function average(g: Graph, weights: Tensor, parts: readonly Tensor[]): Tensor {
  const stacked = g.concat(
    parts.map((part) => g.reshape(part, [...part.shape, 1])),
    4,
  );
  return g.reshape(g.reduceSum(g.mul(weights, stacked), [4]), parts[0]!.shape);
}

/**
 * One parameter of x [V, N, tokens, D] → [V, N, tokens, patch]: rows index·largest … of the `of`·largest rows of one patch size. Of
 * all of them the official code masks those from `of`·patch on, the biases not: that leaves the last components of the smaller
 * patch sizes nothing but their biases.
 */
function project(g: Graph, x: Tensor, { config, patchLength }: Head, name: string, of: number, index: number): Tensor {
  const { patchSizes, width } = config;
  const largest = Math.max(...patchSizes);
  const size = patchSizes.indexOf(patchLength);
  const first = index * largest;
  const weight = g.weight(`param_proj.proj.${name}.weight`, [patchSizes.length, of * largest, width]);
  const bias = g.weight(`param_proj.proj.${name}.bias`, [patchSizes.length, of * largest]);
  const ownBias = g.slice(g.slice(bias, 0, size, size + 1), 1, first, first + patchLength);
  const open = Math.min(Math.max(of * patchLength - first, 0), patchLength);
  const bare = g.reshape(ownBias, [patchLength]);
  if (open === 0) return g.expand(g.reshape(bare, [1, 1, 1, patchLength]), [...x.shape.slice(0, 3), patchLength]);
  const rows = g.reshape(g.slice(g.slice(weight, 0, size, size + 1), 1, first, first + open), [open, width]);
  const closed = g.constant(new Float32Array((patchLength - open) * width), [patchLength - open, width]);
  return g.linear(x, open < patchLength ? g.concat([rows, closed], 0) : rows, bare);
}
