/** Rounding to IEEE 754 binary16. */

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

/** The bits of the nearest binary16 (ties to even); beyond its range an infinity. */
export function toHalf(value: number): number {
  float[0] = value;
  const bits = word[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Subnormal: the unit is 2^-24.
    const scaled = Math.abs(float[0]!) * 2 ** 24;
    const below = Math.floor(scaled);
    const rest = scaled - below;
    return sign | (below + (rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? 1 : 0));
  }
  const shifted = magnitude - 0x38000000;
  const rounded = shifted + 0xfff + ((shifted >>> 13) & 1);
  return sign | (rounded >>> 13);
}

/** Values as binary16. */
export function toHalves(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, toHalf);
}
