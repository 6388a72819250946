/** From Chronos-T5's logits to tokens: the official distribution to draw from, and what is deterministic about it. */

import type { RandomStream } from '../../../core/random.ts';
import type { ChronosConfig } from './config.ts';

type Distribution = Pick<ChronosConfig, 'endToken' | 'temperature' | 'topK' | 'topP'>;

/**
 * Probabilities [vocabulary] that a path's next token is drawn from, as the official code has them: no end before the last step,
 * then temperature, the K likeliest tokens, and the smallest set of probability P.
 */
export function drawProbabilities(
  { endToken, temperature, topK, topP }: Distribution,
  logits: Float32Array,
): Float64Array {
  const scores = Float64Array.from(logits, (logit, token) => (token === endToken ? -Infinity : logit / temperature));
  if (topK > 0 && topK < scores.length) {
    const least = scores.slice().sort()[scores.length - topK]!;
    for (let token = 0; token < scores.length; token++) if (scores[token]! < least) scores[token] = -Infinity;
  }
  const probabilities = softmax(scores);
  return topP < 1 ? nucleus(probabilities, topP) : probabilities;
}

/** The likeliest tokens that together have at least the probability P, renormalised. */
function nucleus(probabilities: Float64Array, topP: number): Float64Array {
  const byProbability = [...probabilities.keys()].sort((a, b) => probabilities[a]! - probabilities[b]!);
  const likeliest = byProbability.at(-1)!;
  const kept = probabilities.slice();
  let below = 0;
  for (const token of byProbability) {
    below += probabilities[token]!;
    if (below <= 1 - topP && token !== likeliest) kept[token] = 0;
  }
  const total = kept.reduce((sum, value) => sum + value, 0);
  return kept.map((value) => value / total);
}

/** One token under the probabilities. */
export function drawToken(probabilities: Float64Array, random: RandomStream): number {
  let rest = random.uniform();
  let last = 0;
  for (let token = 0; token < probabilities.length; token++) {
    if (probabilities[token] === 0) continue;
    rest -= probabilities[token]!;
    last = token;
    if (rest < 0) return token;
  }
  return last;
}

/** The likeliest token but the end. */
export function likeliestToken(endToken: number, logits: Float32Array): number {
  let best = -1;
  for (let token = 0; token < logits.length; token++) {
    if (token !== endToken && (best < 0 || logits[token]! > logits[best]!)) best = token;
  }
  return best;
}

/** Mean of values [vocabulary] under the logits from token `first` on. */
export function expectedValue(logits: Float32Array, values: Float32Array, first: number): number {
  const probabilities = softmax(Float64Array.from(logits.subarray(first)));
  return probabilities.reduce((sum, probability, i) => sum + probability * values[first + i]!, 0);
}

function softmax(scores: Float64Array): Float64Array {
  const largest = scores.reduce((max, score) => Math.max(max, score), -Infinity);
  const weights = scores.map((score) => Math.exp(score - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
