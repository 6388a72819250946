/** The likelihood of values under Moirai's mixture: what it is trained by. */

import type { Graph } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/ir.ts';
import { softplus } from '../../layers/activations.ts';
import { logGamma } from '../../layers/logGamma.ts';
import type { MoiraiMixture } from './mixture.ts';

/** Log-density of components whose support a value is outside of. */
const IMPOSSIBLE = -1e30;

/**
 * Log density of standardised values y [1, N, C, H]. Components whose support excludes a value drop out, without their weight going
 * to the others: negative binomial below 0, log-normal at and below 0.
 */
export function logLikelihood(g: Graph, mixture: MoiraiMixture, y: Tensor): Tensor {
  const isPositive = g.greater(y, g.scalar(0));
  const isNegative = g.greater(g.scalar(0), y);
  const above = g.relu(y);
  const densities = [
    studentT(g, mixture.studentT, y),
    normal(g, mixture.normal, y),
    where(g, isNegative, IMPOSSIBLE, negativeBinomial(g, mixture.negativeBinomial, above)),
    where(g, g.sub(g.scalar(1), isPositive), IMPOSSIBLE, logNormal(g, mixture.logNormal, above, isPositive)),
  ].map((density) => g.reshape(density, [...density.shape, 1]));
  const weights = g.sub(mixture.logits, g.logSumExp(mixture.logits));
  const total = g.logSumExp(g.add(weights, g.concat(densities, 4)));
  return g.reshape(total, mixture.studentT.loc.shape);
}

/** `value` where the flag is 1, else x, which is finite everywhere. */
function where(g: Graph, flag: Tensor, value: number, x: Tensor): Tensor {
  return g.add(g.mul(x, g.sub(g.scalar(1), flag)), g.mul(flag, g.scalar(value)));
}

function studentT(g: Graph, { df, loc, scale }: MoiraiMixture['studentT'], y: Tensor): Tensor {
  const z = g.div(g.sub(y, loc), scale);
  const half = g.mul(df, g.scalar(0.5));
  const raised = g.add(half, g.scalar(0.5));
  const tail = g.mul(raised, g.log(g.add(g.scalar(1), g.div(g.mul(z, z), df))));
  const constant = g.mul(g.log(g.mul(df, g.scalar(Math.PI))), g.scalar(0.5));
  const gammas = g.sub(logGamma(g, raised), logGamma(g, half));
  return g.sub(g.sub(g.sub(gammas, constant), g.log(scale)), tail);
}

function normal(g: Graph, { loc, scale }: MoiraiMixture['normal'], y: Tensor): Tensor {
  const z = g.mul(g.sub(y, loc), g.scalar(1 / scale));
  const constant = Math.log(scale) + 0.5 * Math.log(2 * Math.PI);
  return g.sub(g.mul(g.mul(z, z), g.scalar(-0.5)), g.scalar(constant));
}

/** Continued to values between the integers, as the official code has it. */
function negativeBinomial(g: Graph, { totalCount, logits }: MoiraiMixture['negativeBinomial'], y: Tensor): Tensor {
  const logOdds = g.sub(g.neg(g.mul(totalCount, softplus(g, logits))), g.mul(y, softplus(g, g.neg(logits))));
  const choose = g.sub(logGamma(g, g.add(totalCount, y)), logGamma(g, totalCount));
  return g.add(logOdds, g.sub(choose, logGamma(g, g.add(y, g.scalar(1)))));
}

/** Values that are not positive count as 1 here. */
function logNormal(g: Graph, { loc, scale }: MoiraiMixture['logNormal'], y: Tensor, isPositive: Tensor): Tensor {
  const logY = g.log(g.add(y, g.sub(g.scalar(1), isPositive)));
  const z = g.div(g.sub(logY, loc), scale);
  const density = g.sub(g.mul(g.mul(z, z), g.scalar(-0.5)), g.log(scale));
  return g.sub(g.sub(density, g.scalar(0.5 * Math.log(2 * Math.PI))), logY);
}
