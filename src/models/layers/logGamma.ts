/** The logarithm of the gamma function, which no back end has as an operator. */

import type { Graph } from '../graph/builder.ts';
import type { Tensor } from '../graph/ir.ts';

/** Steps by which arguments are raised before the series is good to float32. */
const RAISED = 6;

/**
 * log Γ(x) for x > 0: Stirling's series at z = x + 6, less log(x·(x + 1) … (x + 5)). Written so that small arguments keep their
 * digits; its derivative, by the chain rule, is the digamma function.
 */
export function logGamma(g: Graph, x: Tensor): Tensor {
  let product = x;
  for (let k = 1; k < RAISED; k++) product = g.mul(product, g.add(x, g.scalar(k)));
  const z = g.add(x, g.scalar(RAISED));
  const inverse = g.div(g.scalar(1), z);
  const square = g.mul(inverse, inverse);
  const inner = g.add(g.scalar(-1 / 360), g.mul(square, g.scalar(1 / 1260)));
  const correction = g.mul(inverse, g.add(g.scalar(1 / 12), g.mul(square, inner)));
  const main = g.sub(g.mul(g.sub(z, g.scalar(0.5)), g.log(z)), z);
  return g.sub(g.add(g.add(main, g.scalar(0.5 * Math.log(2 * Math.PI))), correction), g.log(product));
}
