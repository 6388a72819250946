/** Looking things up in ascending columns. */

/** Index of the first value above a limit, found by halving; the length where there is none. Nothing before `from` is looked at. */
export function firstAbove(ascending: Float64Array | Float32Array, limit: number, from = 0): number {
  let low = from;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
