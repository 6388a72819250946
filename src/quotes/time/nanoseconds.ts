/**
 * Integer nanoseconds as milliseconds in doubles, which near today are 244 ns apart: stamps that differ but would fall on the same double
 * are set one double apart, so that neither quotes nor their order are lost. The shift stays below a microsecond in practice.
 */

const bits = new BigInt64Array(1);
const double = new Float64Array(bits.buffer);

/** Converts a column of stamps in its order. */
export class NanosecondStamps {
  private lastNs = 0n;
  private lastMs = Number.NaN;

  /** Milliseconds since the Unix epoch; equal for equal neighbours, greater for a greater one. */
  toMs(ns: bigint): number {
    if (ns === this.lastNs && !Number.isNaN(this.lastMs)) return this.lastMs;
    const exact = Number(ns / 1_000_000n) + Number(ns % 1_000_000n) / 1e6;
    const ms = ns > this.lastNs && exact <= this.lastMs ? nextAbove(this.lastMs) : exact;
    this.lastNs = ns;
    this.lastMs = ms;
    return ms;
  }
}

function nextAbove(value: number): number {
  double[0] = value;
  bits[0]! += value > 0 ? 1n : -1n;
  return value === 0 ? Number.MIN_VALUE : double[0]!;
}
