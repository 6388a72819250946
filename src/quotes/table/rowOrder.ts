/**
 * The first pass over the rows of a file: which are readable, which symbol each belongs to, and whether each symbol's rows ascend in
 * time. Rows that do, of a file with one symbol, need no list of their numbers at all.
 */

import type { Pause } from '../../core/yielding.ts';
import type { FindingLog } from '../cleaning/findingLog.ts';
import { policyOf } from '../cleaning/findings.ts';
import type { RawTable } from '../formats/format.ts';
import { EARLIEST_MS, LATEST_MS } from '../time/calendar.ts';
import type { Policies } from '../types.ts';
import { RowStatus } from './rows.ts';

/** Rows looked at between two pauses. */
export const BLOCK_ROWS = 1 << 19;

/** Flags on the status of a row that is in the series but not as the file has it. */
export const Repair = { moved: 8, missing: 16, nonPositive: 32, swapped: 64 } as const;
/** What of a status is no flag. */
export const STATUS_MASK = 7;

/** The usable rows of one symbol in order of time. */
export interface OrderedRows {
  /** Index into the table's symbols. */
  readonly code: number;
  readonly count: number;
  /** Row numbers; `undefined` for all rows of status ok, as they come. */
  readonly rows: Uint32Array | undefined;
}

export interface RowOrder {
  readonly symbols: readonly OrderedRows[];
  /** Over the rows with a readable stamp; infinities without any. */
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Sets the status of rows that are not used; `logOf` gives the log of a symbol. */
export async function orderRows(
  table: RawTable,
  policies: Policies | undefined,
  unread: FindingLog,
  logOf: (code: number) => FindingLog,
  pause: Pause,
): Promise<RowOrder> {
  const { count, timeMs, status, symbol, sequence } = table.rows;
  const keepSuspicious = policyOf('suspicious', policies).action === 'keep';
  const dropLate = policyOf('outOfOrder', policies).action === 'drop';
  const codes = table.symbols.length;
  const counts = new Uint32Array(codes);
  const late = new Uint32Array(codes);
  const previous = new Float64Array(codes).fill(Number.NEGATIVE_INFINITY);
  const latest = new Float64Array(codes).fill(Number.NEGATIVE_INFINITY);
  const latestSequence = new Float64Array(codes).fill(Number.NEGATIVE_INFINITY);
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (let from = 0; from < count; from += BLOCK_ROWS) {
    const end = Math.min(count, from + BLOCK_ROWS);
    for (let row = from; row < end; row++) {
      const code = symbol ? symbol[row]! : 0;
      if (status[row] === RowStatus.suspicious) {
        logOf(code).add('suspicious', row);
        if (keepSuspicious) status[row] = RowStatus.ok;
        else logOf(code).drop('suspicious');
      } else if (status[row] === RowStatus.other) {
        logOf(code).add('other', row);
        logOf(code).drop('other');
      } else if (status[row] !== RowStatus.ok) {
        unread.add('unparsable', row);
        unread.drop('unparsable');
      }
      if (status[row] !== RowStatus.ok) continue;
      const time = timeMs[row]!;
      if (!(time >= EARLIEST_MS && time < LATEST_MS)) {
        status[row] = RowStatus.unparsable;
        unread.add('unparsable', row);
        unread.drop('unparsable');
        continue;
      }
      if (time < firstMs) firstMs = time;
      if (time > lastMs) lastMs = time;
      const behind = sequence !== undefined && time === latest[code] && sequence[row]! < latestSequence[code]!;
      if (time < previous[code]! || behind) logOf(code).add('outOfOrder', row);
      previous[code] = time;
      if (time < latest[code]! || behind) {
        if (dropLate) {
          status[row] = RowStatus.dropped;
          logOf(code).drop('outOfOrder');
          continue;
        }
        status[row] = RowStatus.ok | Repair.moved;
        late[code]!++;
      } else {
        latest[code] = time;
        if (sequence) latestSequence[code] = sequence[row]!;
      }
      counts[code]!++;
    }
    await pause();
  }
  const present = [...counts.keys()].filter((code) => counts[code]! > 0);
  const [only] = present;
  if (present.length === 1 && late[only!] === 0) {
    return { symbols: [{ code: only!, count: counts[only!]!, rows: undefined }], firstMs, lastMs };
  }
  const lists = listRows(table, counts);
  for (const code of present) {
    if (late[code]! > 0) sortByTime(lists[code]!, timeMs, status, sequence);
    await pause();
  }
  return { symbols: present.map((code) => ({ code, count: counts[code]!, rows: lists[code]! })), firstMs, lastMs };
}

/** Row numbers in file order, one list per symbol: where each list begins is known from the counts. */
function listRows(table: RawTable, counts: Uint32Array): Uint32Array[] {
  const { count, status, symbol } = table.rows;
  const next = new Uint32Array(counts.length);
  for (let code = 1; code < counts.length; code++) next[code] = next[code - 1]! + counts[code - 1]!;
  const starts = next.slice();
  const listed = new Uint32Array((starts.at(-1) ?? 0) + (counts.at(-1) ?? 0));
  for (let row = 0; row < count; row++) {
    if ((status[row]! & STATUS_MASK) === RowStatus.ok) listed[next[symbol ? symbol[row]! : 0]!++] = row;
  }
  return Array.from(starts, (start, code) => listed.subarray(start, start + counts[code]!));
}

/** Sorts row numbers by stamp, rows of one stamp by their sequence or else in file order: those out of order are taken out, sorted, and merged in. */
function sortByTime(
  rows: Uint32Array,
  timeMs: Float64Array,
  status: Uint8Array,
  sequence: Float64Array | undefined,
): void {
  const order = (a: number, b: number) =>
    timeMs[a]! - timeMs[b]! || (sequence ? sequence[a]! - sequence[b]! || a - b : a - b);
  const late = rows.filter((row) => (status[row]! & Repair.moved) !== 0).sort(order);
  let ordered = 0;
  for (const row of rows) if ((status[row]! & Repair.moved) === 0) rows[ordered++] = row;
  // From the back, so that the merged rows never overtake those still to be merged.
  let from = ordered - 1;
  let to = rows.length - 1;
  for (let i = late.length - 1; i >= 0; to--) {
    const row = late[i]!;
    const other = rows[from];
    if (from >= 0 && order(other!, row) > 0) {
      rows[to] = other!;
      from--;
    } else {
      rows[to] = row;
      i--;
    }
  }
}
