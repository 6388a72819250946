/** Numbers that stand for “no price”: the side they stand on is missing. */

import { ABSURD_MEDIANS } from '../cleaning/findings.ts';
import { RowStatus, type Rows } from '../table/rows.ts';

/** What a type holds at most, as it stands and divided by a power of ten as prices are. */
const LARGEST = new Set(
  [2 ** 63, 2 ** 64, 2 ** 63 - 1024].flatMap((value) =>
    Array.from({ length: 19 }, (_, power) => Number((value / 10 ** power).toPrecision(12))),
  ),
);
const NINES = new Set([199_999.99, 999_999.99, 9_999_999.99, 9_999_999_999, 2_147_483_647, 4_294_967_295]);
/** No price in any currency. */
const NO_MARKET = 1e17;
/** Nines are a price only where the others are about as large. */
const NEAR = 2;
const LARGE = 1000;
const SAMPLED = 101;

/**
 * Makes sides with such a number missing, in place, and lists the rows concerned, ascending, where `rows.sentinels` does not do it yet. A
 * price above 1e9 medians of its symbol is one of them: no single row can stand for a market.
 */
export function dropSentinels(rows: Rows): void {
  if (rows.sentinels !== undefined) return;
  const { count, status, bid, ask, bidSize, askSize, symbol } = rows;
  const found: number[] = [];
  const usual = usualPrices(rows);
  const bounds = usual.map((price) => price * NEAR);
  const only = bounds[0] ?? 0;
  for (let row = 0; row < count; row++) {
    const b = bid[row]!;
    const a = ask[row]!;
    const bound = symbol ? bounds[symbol[row]!]! : only;
    if (b > 0 && b <= bound && a > 0 && a <= bound) continue;
    const code = symbol ? symbol[row]! : 0;
    if (status[row] !== RowStatus.ok) continue;
    const without = isNoPrice(b, bidSize?.[row], usual[code]!);
    const other = isNoPrice(a, askSize?.[row], usual[code]!);
    if (without) bid[row] = Number.NaN;
    if (other) ask[row] = Number.NaN;
    if (without || other) found.push(row);
  }
  rows.sentinels = found;
}

function isNoPrice(price: number, size: number | undefined, usual: number): boolean {
  if (price === 0) return size !== undefined && !(size > 0);
  if (price === -1) return true;
  if (!(price > 0)) return Math.abs(price) >= NO_MARKET;
  return (
    price >= NO_MARKET ||
    price > ABSURD_MEDIANS * usual ||
    (price > NEAR * usual && NINES.has(price)) ||
    (price > LARGE * usual && LARGEST.has(Number(price.toPrecision(12))))
  );
}

/** By symbol the median of its first prices of either side; infinity where it has none. */
function usualPrices({ count, bid, ask, symbol }: Rows): number[] {
  const seen: number[][] = [[]];
  for (let row = 0; row < count; row++) {
    const code = symbol ? symbol[row]! : 0;
    const list = seen[code] ?? [];
    seen[code] = list;
    if (list.length >= SAMPLED) {
      if (symbol) continue;
      break;
    }
    for (const price of [bid[row]!, ask[row]!]) if (price > 0 && price < NO_MARKET) list.push(price);
  }
  return Array.from(seen, (list = []) => list.sort((a, b) => a - b)[list.length >> 1] ?? Number.POSITIVE_INFINITY);
}
