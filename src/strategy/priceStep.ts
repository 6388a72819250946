/** The price step of an instrument (its tick size), found in its quotes. */

/** Prices looked at: evenly spread, plenty to meet every step in use. */
const SAMPLE = 20_000;

/**
 * The largest step of which all differences between sampled quotes are whole multiples: the greatest common divisor of the differences,
 * in units of the last decimal that prices need. Where all prices are equal it is that unit. Null where prices need more than 8
 * decimals, so that there is no step.
 */
export function priceStep(bid: Float64Array, ask: Float64Array): number | null {
  const every = Math.max(1, Math.floor(bid.length / SAMPLE));
  for (let decimals = 0; decimals <= 8; decimals++) {
    const scale = 10 ** decimals;
    const first = Math.round(bid[0]! * scale);
    let divisor = 0;
    let whole = bid.length > 0;
    for (let k = 0; k < bid.length && whole; k += every) {
      for (const price of [bid[k]!, ask[k]!]) {
        const units = Math.round(price * scale);
        // Decimals that a double cannot hold exactly.
        whole &&= Math.abs(price * scale - units) <= 1e-7 + 2e-13 * units;
        divisor = greatestCommonDivisor(divisor, Math.abs(units - first));
      }
    }
    if (whole) return Math.max(1, divisor) / scale;
  }
  return null;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
