/**
 * Which rows of a symbol become quotes, by the policies: complete, positive, not crossed, one per stamp. Repairs are made in the
 * columns; rows in order are moved up in the columns themselves, so that nothing is needed beside them.
 */

import type { Pause } from '../../core/yielding.ts';
import type { FindingLog } from '../cleaning/findingLog.ts';
import { policyOf } from '../cleaning/findings.ts';
import type { RawTable } from '../formats/format.ts';
import type { Policies } from '../types.ts';
import { BLOCK_ROWS, type OrderedRows, Repair, STATUS_MASK } from './rowOrder.ts';
import { RowStatus } from './rows.ts';

/**
 * Returns how many rows are kept. With a list, its first entries are then those rows; without, their values are the first of the columns
 * and the kept rows are those whose status is ok. Rows left out get the status `dropped`.
 */
export async function selectRows(
  table: RawTable,
  ordered: OrderedRows,
  policies: Policies | undefined,
  log: FindingLog,
  pause: Pause,
): Promise<number> {
  const { rows: list } = ordered;
  const { rows, oneUpdatePerStamp } = table;
  const { timeMs, bid, ask, bidSize, askSize, status } = rows;
  const carryMissing = policyOf('missing', policies).action === 'carry';
  const carryNonPositive = policyOf('nonPositive', policies).action === 'carry';
  const crossed = policyOf('crossed', policies).action;
  const dropLocked = policyOf('locked', policies).action === 'drop';
  const firstWins = policyOf('duplicateStamp', policies).action === 'first';
  const end = list ? ordered.count : rows.count;
  let kept = 0;
  let keptRow = -1;
  let keptTime = Number.NaN;
  let timeBefore = Number.NaN;
  let lastBid = Number.NaN;
  let lastAsk = Number.NaN;

  const leave = (row: number, kind: Parameters<FindingLog['drop']>[0]) => {
    status[row] = RowStatus.dropped;
    log.drop(kind);
  };
  /** The stamp of the next usable row; NaN behind the last one. */
  const nextTime = (i: number): number => {
    if (list) return i + 1 < end ? timeMs[list[i + 1]!]! : Number.NaN;
    for (let row = i + 1; row < end; row++) if ((status[row]! & STATUS_MASK) === RowStatus.ok) return timeMs[row]!;
    return Number.NaN;
  };

  for (let from = 0; from < end; from += BLOCK_ROWS) {
    const blockEnd = Math.min(end, from + BLOCK_ROWS);
    for (let i = from; i < blockEnd; i++) {
      const row = list ? list[i]! : i;
      if (!list && (status[row]! & STATUS_MASK) !== RowStatus.ok) continue;
      const time = timeMs[row]!;
      if (time === timeBefore) log.add('duplicateStamp', row);
      timeBefore = time;
      // A later part of the same update overrides this state before anyone could see it.
      if (oneUpdatePerStamp && nextTime(i) === time) {
        leave(row, 'duplicateStamp');
        continue;
      }
      let b = bid[row]!;
      let a = ask[row]!;
      const bidThere = b > 0;
      const askThere = a > 0;
      if (!bidThere || !askThere) {
        const kind = Number.isNaN(b) || Number.isNaN(a) ? 'missing' : 'nonPositive';
        log.add(kind, row);
        const carry = kind === 'missing' ? carryMissing : carryNonPositive;
        const [knownBid, knownAsk] = [lastBid, lastAsk];
        if (bidThere) lastBid = b;
        if (askThere) lastAsk = a;
        // A row may lack one side and have the other at zero: each needs its own leave to be carried.
        const other = kind === 'missing' && (b <= 0 || a <= 0);
        b = bidThere ? b : knownBid;
        a = askThere ? a : knownAsk;
        if (!carry || (other && !carryNonPositive) || Number.isNaN(b) || Number.isNaN(a)) {
          leave(row, kind);
          continue;
        }
        status[row]! |= kind === 'missing' ? Repair.missing : Repair.nonPositive;
      } else {
        lastBid = b;
        lastAsk = a;
      }
      if (b > a) {
        log.add('crossed', row);
        if (crossed === 'drop') {
          leave(row, 'crossed');
          continue;
        }
        if (crossed === 'swap') {
          [b, a] = [a, b];
          status[row]! |= Repair.swapped;
        }
      } else if (b === a) {
        log.add('locked', row);
        if (dropLocked) {
          leave(row, 'locked');
          continue;
        }
      }
      if (kept > 0 && keptTime === time) {
        if (firstWins) {
          leave(row, 'duplicateStamp');
          continue;
        }
        leave(keptRow, 'duplicateStamp');
        kept--;
      }
      keptRow = row;
      keptTime = time;
      if (list) {
        list[kept] = row;
        bid[row] = b;
        ask[row] = a;
      } else {
        timeMs[kept] = time;
        bid[kept] = b;
        ask[kept] = a;
        if (bidSize) bidSize[kept] = bidSize[row]!;
        if (askSize) askSize[kept] = askSize[row]!;
      }
      kept++;
    }
    await pause();
  }
  return kept;
}
