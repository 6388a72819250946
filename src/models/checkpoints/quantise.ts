/**
 * Weights in fewer bits: blocks of 32 values along the input axis share one float32 scale, as the operator MatMulNBits reads
 * them. Only the weights are rounded; activations stay float32.
 */

/** Values that share a scale. */
export const BLOCK = 32;

export type WeightBits = 4 | 8;

export interface QuantisedWeights {
  /** [out, in / 32, 32 · bits / 8], unsigned around a zero point of 2^(bits−1); of two nibbles the low one comes first. */
  readonly packed: Uint8Array;
  /** [out, in / 32] */
  readonly scales: Float32Array;
}

/** Bytes of a quantised matrix [rows, columns], scales included. */
export function quantisedBytes(rows: number, columns: number, bits: WeightBits): number {
  return (rows * columns * bits) / 8 + (4 * rows * columns) / BLOCK;
}

/** True for matrices that can be quantised: whole blocks along the input axis. */
export function quantisable(shape: readonly number[]): boolean {
  return shape.length === 2 && shape[1]! >= BLOCK && shape[1]! % BLOCK === 0;
}

/**
 * Rounds a matrix [rows, columns], columns a multiple of the block. The value of a block that is furthest from zero sets
 * the scale and is kept exactly: it takes the lowest level, which has no positive counterpart.
 */
export function quantise(values: Float32Array, bits: WeightBits): QuantisedWeights {
  const zero = 2 ** (bits - 1);
  const blocks = values.length / BLOCK;
  const scales = new Float32Array(blocks);
  const packed = new Uint8Array((values.length * bits) / 8);
  for (let block = 0; block < blocks; block++) {
    const start = block * BLOCK;
    let extreme = 0;
    for (let i = start; i < start + BLOCK; i++) if (Math.abs(values[i]!) > Math.abs(extreme)) extreme = values[i]!;
    const scale = Math.fround(extreme / -zero);
    scales[block] = scale;
    for (let i = start; i < start + BLOCK; i++) {
      const level = scale === 0 ? zero : Math.min(2 * zero - 1, Math.max(0, Math.round(values[i]! / scale) + zero));
      if (bits === 8) packed[i] = level;
      else packed[i >> 1]! |= i % 2 === 0 ? level : level << 4;
    }
  }
  return { packed, scales };
}

/** The values the rounded weights stand for. */
export function dequantise({ packed, scales }: QuantisedWeights, bits: WeightBits): Float32Array {
  const zero = 2 ** (bits - 1);
  return Float32Array.from({ length: scales.length * BLOCK }, (_, i) => {
    const level = bits === 8 ? packed[i]! : (packed[i >> 1]! >> (i % 2 === 0 ? 0 : 4)) & 15;
    return (level - zero) * scales[Math.floor(i / BLOCK)]!;
  });
}
