/** What the cells of a column look like: times, prices, words. Guesses about a table rest on this where its names do not tell. */

import { isNumber } from '../bytes/text.ts';
import { wallClock } from '../time/calendar.ts';
import { scanDate } from '../time/dateColumn.ts';
import { scanIsoTime } from '../time/isoTime.ts';
import { isMoment } from '../time/moments.ts';
import type { ColumnKind } from '../types.ts';

/** The kind of most of a column's cells that are not blank. */
export function columnKind(cells: readonly string[]): ColumnKind {
  const counts = new Map<ColumnKind, number>();
  for (const cell of cells) {
    const kind = cellKind(cell);
    if (kind !== 'blank') counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  let best: ColumnKind = 'blank';
  for (const [kind, count] of counts) if (count > (counts.get(best) ?? 0)) best = kind;
  return best;
}

function cellKind(cell: string): ColumnKind {
  if (cell === '') return 'blank';
  if (isNumber(cell)) {
    if (/^(19|20)\d{6}$/.test(cell) && isDate(cell)) return 'date';
    const size = Number(cell);
    // Seconds, ms, µs or ns of the years 1980 to 2100, and whole unless seconds: a price would have to be enormous.
    const units = [1e9, 1e12, 1e15, 1e18];
    return units.some((unit) => size >= 0.315 * unit && size < 4.1 * unit && /^\d{9,}(\.\d+)?$/.test(cell))
      ? 'epoch'
      : 'number';
  }
  if (isTimeOfDay(cell)) return 'timeOfDay';
  if (isDate(cell)) return 'date';
  return isDateTime(cell) || isMoment(cell) ? 'dateTime' : 'word';
}

export function isTimeOfDay(cell: string): boolean {
  return /^\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?$/.test(cell);
}

function isDate(cell: string): boolean {
  const bytes = new TextEncoder().encode(cell);
  return !Number.isNaN(scanDate(bytes, 0, bytes.length));
}

/** A date with a time of day, whatever zone is named behind it. */
export function isDateTime(cell: string): boolean {
  const bytes = new TextEncoder().encode(cell.replace(ZONE_NAME, ''));
  return !Number.isNaN(scanIsoTime(bytes, 0, bytes.length, wallClock('UTC')));
}

/** The name of a zone behind a time, as in `20240301 09:30:00 US/Eastern`. */
export const ZONE_NAME = / ([A-Z][A-Za-z]+\/[A-Za-z_/]+)$/;
