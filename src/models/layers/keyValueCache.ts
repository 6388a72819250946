/** Keys and values that earlier tokens left, so that one token can be read at a time. */

import type { Graph } from '../graph/builder.ts';
import type { Tensor } from '../graph/ir.ts';
import { closedBias } from './attention.ts';

/** How many windows, places and heads a cache is made for. */
export interface CacheShape {
  readonly rows: number;
  /** Tokens it can hold. */
  readonly slots: number;
  readonly heads: number;
  readonly headSize: number;
}

/** Names of a layer's part among the graph's inputs (`past.…`) and outputs (`next.…`). */
export function cacheName(kind: 'past' | 'next', layer: number, part: 'key' | 'value'): string {
  return `${kind}.${layer}.${part}`;
}

/**
 * Graph inputs: `past.<layer>.key` and `.value` [V, R, heads, slots, size], and `closed` [1, R, 1, 1, slots + 1], 1 where a
 * place holds nothing. Outputs: what the new token adds, `next.<layer>.…` [V, R, heads, 1, size]. The order of places does
 * not matter: positions are in the keys.
 */
export class KeyValueCache {
  readonly slots: number;
  /** Closes the empty places. */
  readonly bias: Tensor;

  constructor(
    private readonly g: Graph,
    private readonly shape: CacheShape,
  ) {
    this.slots = shape.slots;
    this.bias = closedBias(g, g.input('closed', [1, shape.rows, 1, 1, shape.slots + 1]));
  }

  /** The keys and values of a layer, with the new token's [V, R, heads, 1, size] behind those of earlier ones. */
  extend(layer: number, key: Tensor, value: Tensor): { readonly key: Tensor; readonly value: Tensor } {
    return { key: this.part(layer, 'key', key), value: this.part(layer, 'value', value) };
  }

  private part(layer: number, part: 'key' | 'value', fresh: Tensor): Tensor {
    const { g, shape } = this;
    const { rows, slots, heads, headSize } = shape;
    const past = g.input(cacheName('past', layer, part), [Math.max(1, g.variants), rows, heads, slots, headSize]);
    g.output(cacheName('next', layer, part), fresh);
    return g.concat([past, fresh], 3);
  }
}
