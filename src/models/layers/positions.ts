/**
 * Rotary position embedding (Su et al., arXiv:2104.09864), the form that pairs dimension j with j + size/2. Sines and cosines
 * are computed here, in float64: GPUs compute them with large errors.
 */

import type { Graph } from '../graph/builder.ts';
import type { Tensor } from '../graph/ir.ts';

const LONGEST_WAVE = 10_000;

/** Cosines and sines, broadcast over heads [..., T, size/2]. */
export interface Rotation {
  readonly cos: Tensor;
  readonly sin: Tensor;
}

/** The rotations of positions 0 … tokens − 1, each [tokens, size/2]: angle = position / 10000^(2j/size). */
export function rotations(g: Graph, tokens: number, size: number): Rotation {
  const half = size / 2;
  const table = (of: (angle: number) => number): Tensor =>
    g.constant(
      Float32Array.from({ length: tokens * half }, (_, i) =>
        of(Math.floor(i / half) / LONGEST_WAVE ** ((2 * (i % half)) / size)),
      ),
      [tokens, half],
    );
  return { cos: table(Math.cos), sin: table(Math.sin) };
}

/** The rotations at `positions` [V, N, T] (int32) → each [V, N, 1, T, size/2]. */
export function rotationsAt(g: Graph, table: Rotation, positions: Tensor): Rotation {
  const [variants, contexts, tokens] = positions.shape as [number, number, number];
  const pick = (values: Tensor): Tensor =>
    g.reshape(g.gather(values, positions), [variants, contexts, 1, tokens, values.shape[1]!]);
  return { cos: pick(table.cos), sin: pick(table.sin) };
}

/** Rotates x [V, N, heads, T, size]: (a, b) → (a·cos − b·sin, b·cos + a·sin). */
export function rotate(g: Graph, x: Tensor, { cos, sin }: Rotation): Tensor {
  const size = x.shape[4]!;
  const first = g.slice(x, 4, 0, size / 2);
  const second = g.slice(x, 4, size / 2, size);
  return g.concat([g.sub(g.mul(first, cos), g.mul(second, sin)), g.add(g.mul(second, cos), g.mul(first, sin))], 4);
}

/** A rotation of neighbouring dimensions (2j, 2j + 1), of the first ones of each head: the others have the angle 0. */
export interface PairRotation {
  /** [V, N, 1, T, size] each, the same for both dimensions of a pair. */
  readonly cos: Tensor;
  readonly sin: Tensor;
  /** [size, size]: (a, b) · turn = (−b, a) for each pair. */
  readonly turn: Tensor;
}

/** The rotations of heads of `size` of which the first `turning` turn, at `positions` [V, N, T] (int32, below `most`). */
export function pairRotations(g: Graph, positions: Tensor, most: number, size: number, turning: number): PairRotation {
  const angle = (i: number): number => {
    const dimension = i % size;
    const wave = LONGEST_WAVE ** ((dimension - (dimension % 2)) / turning);
    return dimension < turning ? Math.floor(i / size) / wave : 0;
  };
  const [variants, contexts, tokens] = positions.shape as [number, number, number];
  const table = (of: (value: number) => number): Tensor => {
    const values = Float32Array.from({ length: most * size }, (_, i) => of(angle(i)));
    return g.reshape(g.gather(g.constant(values, [most, size]), positions), [variants, contexts, 1, tokens, size]);
  };
  const turn = new Float32Array(size * size);
  for (let i = 0; i < turning; i += 2) {
    turn[(i + 1) * size + i] = -1;
    turn[i * size + i + 1] = 1;
  }
  return { cos: table(Math.cos), sin: table(Math.sin), turn: g.constant(turn, [size, size]) };
}

/** Rotates x [V, N, heads, T, size]. */
export function rotatePairs(g: Graph, x: Tensor, { cos, sin, turn }: PairRotation): Tensor {
  return g.add(g.mul(x, cos), g.mul(g.matmul(x, turn), sin));
}
