/** Lowest and highest value of any stretch of a long column without reading all of it: those of blocks are found once. */

const BLOCK = 256;

export interface Extremes {
  /** Of positions from … endExclusive − 1; NaN is passed over, and is the answer where nothing else is. */
  low(from: number, endExclusive: number): number;
  high(from: number, endExclusive: number): number;
  at(position: number): number;
}

export function extremesOf(values: Float64Array): Extremes {
  const low = blocks(values, lower);
  const high = blocks(values, higher);
  return {
    low: (from, endExclusive) => over(values, low, lower, from, endExclusive),
    high: (from, endExclusive) => over(values, high, higher, from, endExclusive),
    at: (position) => values[position] ?? Number.NaN,
  };
}

type Better = (value: number, than: number) => boolean;
const lower: Better = (value, than) => value < than || Number.isNaN(than);
const higher: Better = (value, than) => value > than || Number.isNaN(than);

function best(values: Float64Array, better: Better, from: number, endExclusive: number, so = Number.NaN): number {
  let found = so;
  for (let i = from; i < endExclusive; i++) if (better(values[i]!, found)) found = values[i]!;
  return found;
}

function blocks(values: Float64Array, better: Better): Float64Array {
  return Float64Array.from({ length: Math.ceil(values.length / BLOCK) }, (_, block) =>
    best(values, better, block * BLOCK, Math.min(values.length, (block + 1) * BLOCK)),
  );
}

function over(
  values: Float64Array,
  ofBlocks: Float64Array,
  better: Better,
  from: number,
  endExclusive: number,
): number {
  const firstWhole = Math.ceil(from / BLOCK);
  const wholeEnd = Math.floor(endExclusive / BLOCK);
  if (firstWhole >= wholeEnd) return best(values, better, from, endExclusive);
  const before = best(values, better, from, firstWhole * BLOCK);
  const within = best(ofBlocks, better, firstWhole, wholeEnd, before);
  return best(values, better, wholeEnd * BLOCK, endExclusive, within);
}
