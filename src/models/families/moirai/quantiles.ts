/** Quantiles of Moirai's mixture, in double precision, from its distribution function: the official code draws samples instead. */

import { normalCdf } from '../../../core/normal.ts';
import { regularisedBeta } from '../../../core/special.ts';

/** The mixture at one step, of standardised values. */
export interface MixtureAt {
  /** Weights of the components, in the order below. */
  readonly weights: ArrayLike<number>;
  readonly studentT: { readonly df: number; readonly loc: number; readonly scale: number };
  readonly normal: { readonly loc: number; readonly scale: number };
  readonly negativeBinomial: { readonly totalCount: number; readonly logits: number };
  readonly logNormal: { readonly loc: number; readonly scale: number };
}

/** P(Y ≤ y). */
export function mixtureCdf({ weights, studentT, normal, negativeBinomial, logNormal }: MixtureAt, y: number): number {
  const parts = [
    studentTCdf((y - studentT.loc) / studentT.scale, studentT.df),
    normalCdf((y - normal.loc) / normal.scale),
    negativeBinomialCdf(y, negativeBinomial.totalCount, negativeBinomial.logits),
    y > 0 ? normalCdf((Math.log(y) - logNormal.loc) / logNormal.scale) : 0,
  ];
  return parts.reduce((sum, part, k) => sum + weights[k]! * part, 0);
}

/** Halvings after the bracket is found. */
const HALVINGS = 50;

/** The smallest y with P(Y ≤ y) ≥ level, 0 < level < 1, by bisection. */
export function mixtureQuantile(mixture: MixtureAt, level: number): number {
  let [low, high] = [-1, 1];
  while (mixtureCdf(mixture, low) >= level) low *= 2;
  while (mixtureCdf(mixture, high) < level) high *= 2;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (mixtureCdf(mixture, middle) < level) low = middle;
    else high = middle;
  }
  return high;
}

function studentTCdf(t: number, df: number): number {
  const tail = regularisedBeta(df / (df + t * t), df / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** Of whole numbers; the success probability of a count is σ(logits). */
function negativeBinomialCdf(y: number, totalCount: number, logits: number): number {
  return y < 0 ? 0 : regularisedBeta(1 / (1 + Math.exp(logits)), totalCount, Math.floor(y) + 1);
}
