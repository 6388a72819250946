/** How backtests are shared out among workers, and how their results become one again. */

import type { BatchResult } from '../../src/strategy/batch.ts';

/** At most `parts` runs [first, endExclusive) of neighbours whose lengths differ by one at most; at least one, which may be empty. */
export function splitEvenly(count: number, parts: number): (readonly [number, number])[] {
  const runs = Math.max(1, parts);
  const bound = (part: number): number => Math.round((part * count) / runs);
  return Array.from({ length: runs }, (_, part) => [bound(part), bound(part + 1)] as const);
}

const cellColumns = ['winCounts', 'tradeCounts'] as const;
const cellNumbers = ['heldTicks', 'exposureTicks', 'turnover', 'gross', 'spread', 'slippage', 'fees'] as const;

/** Batches over neighbouring variants of the same configurations as one. */
export function joinBatches(batches: readonly BatchResult[]): BatchResult {
  const [first] = batches;
  if (!first) throw new RangeError('no batches');
  const { configs, periods } = first;
  const variants = batches.reduce((sum, batch) => sum + batch.variants, 0);
  /** Each batch has `width` elements a variant: [C, V, width]. */
  const gather = <A extends Float64Array | Int32Array>(into: A, width: number, part: (batch: BatchResult) => A): A => {
    let before = 0;
    for (const batch of batches) {
      const row = batch.variants * width;
      for (let c = 0; c < configs; c++) {
        into.set(part(batch).subarray(c * row, (c + 1) * row), (c * variants + before) * width);
      }
      before += batch.variants;
    }
    return into;
  };
  const cells = configs * variants;
  const counts = Object.fromEntries(
    cellColumns.map((name) => [name, gather(new Int32Array(cells), 1, (batch) => batch[name])]),
  ) as Pick<BatchResult, (typeof cellColumns)[number]>;
  const numbers = Object.fromEntries(
    cellNumbers.map((name) => [name, gather(new Float64Array(cells), 1, (batch) => batch[name])]),
  ) as Pick<BatchResult, (typeof cellNumbers)[number]>;
  const periodReturns = gather(new Float64Array(cells * periods), periods, (batch) => batch.periodReturns);
  return { configs, variants, periods, periodReturns, ...counts, ...numbers };
}
