/** Student's t distribution: what a confidence band needs, and no more. */

import { regularisedBeta } from '../../core/special.ts';

/**
 * Quantile of Student's t: the x with P(T ≤ x) = probability, by bisection on the distribution function.
 *
 * @param probability in (0, 1)
 * @param degrees of freedom, above 0
 */
export function studentTQuantile(probability: number, degrees: number): number {
  if (!(probability > 0 && probability < 1 && degrees > 0)) throw new RangeError(`t(${probability}, ${degrees})`);
  if (probability === 0.5) return 0;
  if (probability < 0.5) return -studentTQuantile(1 - probability, degrees);
  let low = 0;
  let high = 1;
  while (upperTail(high, degrees) > 1 - probability) high *= 2;
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (upperTail(middle, degrees) > 1 - probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(T > x) for x ≥ 0: half the regularised incomplete beta function I_{ν/(ν+x²)}(ν/2, 1/2). */
function upperTail(x: number, degrees: number): number {
  return regularisedBeta(degrees / (degrees + x * x), degrees / 2, 0.5) / 2;
}
