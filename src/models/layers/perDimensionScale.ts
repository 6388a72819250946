/** TimesFM's learnt scale of queries, one factor a dimension, which takes the place of 1/√size. */

import type { Graph } from '../graph/builder.ts';
import type { Tensor } from '../graph/ir.ts';
import { softplus } from './activations.ts';

/** 1 / ln 2: a weight of zero gives the factor 1/√size. */
const INVERSE_SOFTPLUS_OF_ZERO = Math.LOG2E;

/** The factors [size] from the weight `name` [size]. */
export function perDimensionScale(g: Graph, name: string, size: number): Tensor {
  const scale = softplus(g, g.weight(name, [size]));
  return g.mul(scale, g.scalar(INVERSE_SOFTPLUS_OF_ZERO / Math.sqrt(size)));
}
