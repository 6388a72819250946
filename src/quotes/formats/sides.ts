/** Rows that tell of one side of the market only, made into quotes. */

import { RowStatus, type Rows } from '../table/rows.ts';

/** The quote as far as it is known. */
interface Known {
  bid: number;
  bidSize: number;
  ask: number;
  askSize: number;
}

/**
 * Fills the side that a row does not speak of (blank or 0) with the last one known, symbol by symbol; NaN before there is one. Rows marked
 * as suspicious change nothing unless they count, others that were not read never do.
 */
export function carrySidesForward(rows: Rows, suspiciousCount = false): void {
  const { status, bid, ask, bidSize, askSize, symbol } = rows;
  const known = Array.from({ length: Math.max(1, rows.symbols.length) }, newKnown);
  const without = new Set(rows.sentinels);
  for (let i = 0; i < rows.count; i++) {
    if (status[i] !== RowStatus.ok && !(suspiciousCount && status[i] === RowStatus.suspicious)) continue;
    const last = known[symbol?.[i] ?? 0]!;
    const [noBid, noAsk] = [Number.isNaN(bid[i]!), Number.isNaN(ask[i]!)];
    if (without.has(i)) {
      // Said to have no price, which is not the same as being unchanged.
      if (noBid) last.bid = Number.NaN;
      if (noAsk) last.ask = Number.NaN;
    } else if (noBid && noAsk) {
      status[i] = RowStatus.other;
      continue;
    }
    if (bid[i]! > 0) {
      last.bid = bid[i]!;
      last.bidSize = bidSize?.[i] ?? Number.NaN;
    }
    if (ask[i]! > 0) {
      last.ask = ask[i]!;
      last.askSize = askSize?.[i] ?? Number.NaN;
    }
    bid[i] = last.bid;
    ask[i] = last.ask;
    if (bidSize) bidSize[i] = last.bidSize;
    if (askSize) askSize[i] = last.askSize;
  }
}

function newKnown(): Known {
  return { bid: Number.NaN, bidSize: Number.NaN, ask: Number.NaN, askSize: Number.NaN };
}
