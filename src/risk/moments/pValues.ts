/** p-values of the usual tests. */

import { normalCdf } from '../../core/normal.ts';
import { regularisedBeta, upperRegularisedGamma } from '../../core/special.ts';

/** P(|Z| ≥ |z|) of a standard normal. */
export function normalTwoSided(z: number): number {
  return 2 * normalCdf(-Math.abs(z));
}

/** P(|T| ≥ |t|) of Student's t. */
export function studentTwoSided(t: number, degrees: number): number {
  return regularisedBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** P(χ² ≥ x). */
export function chiSquaredUpper(x: number, degrees: number): number {
  return upperRegularisedGamma(degrees / 2, x / 2);
}

/** P(F ≥ x) of Fisher's F. */
export function fisherUpper(x: number, numerator: number, denominator: number): number {
  return regularisedBeta(denominator / (denominator + numerator * x), denominator / 2, numerator / 2);
}

/** Of a test by resampling: (1 + draws that reach the statistic)/(1 + draws), never 0 (Davison & Hinkley 1997, §4.2). */
export function resamplingP(reached: number, draws: number): number {
  return (1 + reached) / (1 + draws);
}
