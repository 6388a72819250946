/**
 * Multi-head attention (Vaswani et al., arXiv:1706.03762) without projections, scales or positions: those differ between
 * families. Activations are [V, N, T, D], heads are [V, N, heads, T, D/heads].
 */

import type { Graph } from '../graph/builder.ts';
import type { Tensor } from '../graph/ir.ts';

/**
 * Added to the score of a closed key. Finite, because −∞ makes a row without any open key NaN, which spreads; so large that
 * such a row attends to all keys alike, as in the official codes.
 */
const CLOSED = -1e30;

/** [V, N, T, heads·size] → [V, N, heads, T, size]; heads are contiguous. */
export function splitHeads(g: Graph, x: Tensor, heads: number): Tensor {
  const [variants, contexts, tokens, width] = x.shape as [number, number, number, number];
  return g.swapAxes(g.reshape(x, [variants, contexts, tokens, heads, width / heads]), 2, 3);
}

/** [V, N, heads, T, size] → [V, N, T, heads·size]. */
export function mergeHeads(g: Graph, x: Tensor): Tensor {
  const [variants, contexts, heads, tokens, size] = x.shape as [number, number, number, number, number];
  return g.reshape(g.swapAxes(x, 2, 3), [variants, contexts, tokens, heads * size]);
}

/** softmax(query · keyᵀ + bias) · value, over heads; `bias` broadcasts to [V, N, heads, T, S]. */
export function attend(g: Graph, query: Tensor, key: Tensor, value: Tensor, bias?: Tensor): Tensor {
  const scores = g.matmul(query, g.swapAxes(key, 3, 4));
  return g.matmul(g.softmax(bias ? g.add(scores, bias) : scores), value);
}

/** The bias that closes a key to a query where any of the terms is 1; terms of 0 and 1 broadcast to [V, N, heads, T, S]. */
export function closedBias(g: Graph, ...terms: readonly Tensor[]): Tensor {
  const count = terms.reduce((sum, term) => g.add(sum, term));
  return g.mul(g.sub(g.scalar(1), g.relu(g.sub(g.scalar(1), count))), g.scalar(CLOSED));
}

/** [T, T]: 1 where the key is later than the query. */
export function laterKeys(g: Graph, tokens: number): Tensor {
  const later = new Float32Array(tokens * tokens);
  for (let query = 0; query < tokens; query++) later.fill(1, query * tokens + query + 1, (query + 1) * tokens);
  return g.constant(later, [tokens, tokens]);
}

/** `open` [V, N, S], 1 where a token is read, else 0 → 1 at the keys that are not: [V, N, 1, 1, S]. */
export function closedKeys(g: Graph, open: Tensor): Tensor {
  const [variants, contexts, tokens] = open.shape as [number, number, number];
  return g.reshape(g.sub(g.scalar(1), open), [variants, contexts, 1, 1, tokens]);
}

/** The same for queries: [V, N, 1, T, 1]. */
export function closedQueries(g: Graph, open: Tensor): Tensor {
  const [variants, contexts, tokens] = open.shape as [number, number, number];
  return g.reshape(g.sub(g.scalar(1), open), [variants, contexts, 1, tokens, 1]);
}
