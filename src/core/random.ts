/**
 * The project's only random numbers: Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
 * Counter-based, so every stream can be drawn in any order, in any worker, and always comes out the same.
 */

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** High 32 bits of the 64-bit product of two unsigned 32-bit integers. */
function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const low = aLow * bLow;
  const mid = aHigh * bLow + (low >>> 16);
  const cross = aLow * bHigh + (mid & 0xffff);
  return (aHigh * bHigh + Math.floor(mid / 0x10000) + Math.floor(cross / 0x10000)) >>> 0;
}

/**
 * Philox 4x32-10: writes four unsigned 32-bit words for the counter `c0..c3` under the key `k0, k1` into `out[0..3]`.
 * Equal to Random123's known answers.
 */
export function philox(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: Uint32Array): void {
  let key0 = k0 >>> 0;
  let key1 = k1 >>> 0;
  let x0 = c0 >>> 0;
  let x1 = c1 >>> 0;
  let x2 = c2 >>> 0;
  let x3 = c3 >>> 0;
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(M0, x0);
    const low0 = Math.imul(M0, x0);
    const high1 = mulHigh(M1, x2);
    const low1 = Math.imul(M1, x2);
    x0 = (high1 ^ x1 ^ key0) >>> 0;
    x1 = low1 >>> 0;
    x2 = (high0 ^ x3 ^ key1) >>> 0;
    x3 = low0 >>> 0;
    key0 = (key0 + W0) >>> 0;
    key1 = (key1 + W1) >>> 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

/** 32-bit FNV-1a of a string's UTF-16 code units: turns a name into a word of a Philox key or counter. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/**
 * A stream of numbers fixed by a seed, a name and an index: `new RandomStream(7, 'masks/head.input', 3)`.
 * Streams that differ in any of the three are independent. `seed` is an integer in [0, 2^53).
 */
export class RandomStream {
  private readonly words = new Uint32Array(4);
  private used = 4;
  private block = 0;
  private spareNormal: number | undefined;
  private readonly keyLow: number;
  private readonly keyHigh: number;
  private readonly stream: number;

  constructor(
    seed: number,
    name: string,
    private readonly index = 0,
  ) {
    if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`seed must be an integer in [0, 2^53): ${seed}`);
    this.keyLow = seed >>> 0;
    this.keyHigh = Math.floor(seed / 0x100000000);
    this.stream = hashName(name);
  }

  /** The next unsigned 32-bit integer. */
  uint32(): number {
    if (this.used === 4) {
      philox(
        this.block >>> 0,
        Math.floor(this.block / 0x100000000),
        this.index,
        this.stream,
        this.keyLow,
        this.keyHigh,
        this.words,
      );
      this.block++;
      this.used = 0;
    }
    return this.words[this.used++] as number;
  }

  /** Uniform in the open interval (0, 1), 32 bits of resolution. */
  uniform(): number {
    return (this.uint32() + 0.5) / 0x100000000;
  }

  /** Standard normal (Box-Muller). */
  normal(): number {
    if (this.spareNormal !== undefined) {
      const spare = this.spareNormal;
      this.spareNormal = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Uniform integer in [0, endExclusive). */
  integer(endExclusive: number): number {
    return Math.floor(this.uniform() * endExclusive);
  }
}
