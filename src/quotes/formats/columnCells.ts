/** Values of typed columns as texts: what a person is shown of them, and what decisions about a table rest on. */

import type { TimeUnit } from '../types.ts';

/** What a file says of a column; all of it absent for plain values. */
export interface ColumnType {
  /** Of stamps. */
  readonly unit?: TimeUnit | undefined;
  /** Whether stamps are instants or readings of a clock whose zone is not told; absent where the file does not say. */
  readonly zone?: 'utc' | 'local' | undefined;
  /** Days since 1970, in milliseconds. */
  readonly date?: boolean;
}

const PER_MS: Readonly<Record<TimeUnit, number>> = { s: 1e-3, ms: 1, us: 1e3, ns: 1e6 };
const decoder = new TextDecoder();

/** A stamp or a date as a text, bytes as the text they are; other values as they are. */
export function cellText(value: unknown, { unit, zone, date }: ColumnType): unknown {
  if (value instanceof Uint8Array) return decoder.decode(value);
  if (value instanceof Date) return value.toISOString();
  if (unit === undefined || (typeof value !== 'bigint' && typeof value !== 'number')) return value;
  const ms = Math.floor(Number(value) / PER_MS[unit]);
  if (!(Math.abs(ms) < 8.64e15)) return '';
  const iso = new Date(ms).toISOString();
  if (date) return iso.slice(0, 10);
  const beyond =
    unit === 'us' || unit === 'ns'
      ? String(BigInt(value) % BigInt(PER_MS[unit]))
          .replace('-', '')
          .padStart(unit === 'us' ? 3 : 6, '0')
      : '';
  return `${iso.slice(0, -1)}${/^0*$/.test(beyond) ? '' : beyond}${zone === 'utc' ? 'Z' : ''}`;
}

/** As a person is shown it: of a list its beginning. */
export function shownCell(value: unknown, type: ColumnType): string {
  const cell = cellText(value, type);
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'object')
    return JSON.stringify(cell, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner)).slice(0, 60);
  return String(cell);
}
