/** Prices that are written in a smaller unit than the quote currency's. */

import type { Rows } from '../table/rows.ts';

/** Divides bids and asks in place. */
export function dividePrices(rows: Rows, divisor: number): void {
  if (divisor === 1) return;
  for (const column of [rows.bid, rows.ask]) {
    for (let i = 0; i < column.length; i++) column[i]! /= divisor;
  }
}
