/** What quotes on a grid are, as one hash. */

import { sha256 } from './sha256.ts';
import type { Grid } from './types.ts';

/**
 * SHA-256 of a grid's numbers, as lower-case hex: times, bids, asks and, where there are some, sizes as little-endian float64, then
 * session starts as int32.
 * Two grids of the same symbol with the same hash give the same study.
 */
export function hashGrid(grid: Grid): Promise<string> {
  const known = hashes.get(grid);
  if (known) return known;
  const hash = hashColumns(grid);
  hashes.set(grid, hash);
  return hash;
}

/** Grids do not change, and every run asks for the same hashes several times. */
const hashes = new WeakMap<Grid, Promise<string>>();

async function hashColumns({ timeMs, bid, ask, bidSize, askSize, sessionStarts }: Grid): Promise<string> {
  const columns = [timeMs, bid, ask, ...(bidSize && askSize ? [bidSize, askSize] : []), sessionStarts];
  const bytes = new Uint8Array(columns.reduce((sum, column) => sum + column.byteLength, 0));
  let at = 0;
  for (const column of columns) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  }
  return sha256(bytes);
}
