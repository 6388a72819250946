/** Tables of named columns (Parquet, Arrow) into rows: numbers, integers of 64 bits, lists of levels and dictionaries of symbols. */

import { fail } from '../../core/errors.ts';
import type { FileNames } from '../bytes/text.ts';
import { emptyColumn, NameCodes, rowsOfColumns } from '../table/columns.ts';
import { wallClock } from '../time/calendar.ts';
import { scanIsoTime } from '../time/isoTime.ts';
import { NanosecondStamps } from '../time/nanoseconds.ts';
import { inferTimeUnit, timeUnitName } from '../time/stamps.ts';
import type { ColumnRoles, FileOverrides, TimeUnit } from '../types.ts';
import { ALWAYS_OPEN, type RawTable, symbolFromName } from './format.ts';

/** A file of columns that hands over those with a role, piece by piece. */
export interface ColumnSource {
  readonly names: readonly string[];
  /** Into `names`. */
  readonly roles: ColumnRoles;
  readonly rows: number;
  /** By position in `names`: the unit of stamps that say it themselves. */
  readonly units: readonly (TimeUnit | undefined)[];
  /** Calls `sink` with every piece of every column that has a role. */
  read(sink: (name: string, values: ArrayLike<unknown>, rowStart: number) => void): Promise<void>;
}

const NANOSECONDS: Readonly<Record<TimeUnit, bigint>> = { s: 1_000_000_000n, ms: 1_000_000n, us: 1000n, ns: 1n };

/** Rows that any file may have; beyond them its bytes have to justify more. */
const HARMLESS_ROWS = 1_000_000;
/** Constant columns under a good compressor come to about this. */
const MOST_ROWS_PER_BYTE = 12;

/** @throws UserError `quotes/bomb` where a file of so many bytes cannot hold so many rows. */
export function checkRows(rows: number, fileBytes: number): void {
  if (rows >= 0 && rows <= Math.max(HARMLESS_ROWS, fileBytes * MOST_ROWS_PER_BYTE)) return;
  fail('quotes/bomb', `The file claims ${rows} rows in ${fileBytes} bytes: it was not opened.`, {
    hint: 'If it does hold quotes, write it again as CSV.',
  });
}

/** @throws UserError `quotes/empty`, `quotes/time-unit`, `quotes/too-large`, and what the source throws. */
export async function readColumnTable(
  names: FileNames,
  overrides: FileOverrides,
  source: ColumnSource,
): Promise<RawTable> {
  const { roles, rows } = source;
  if (rows === 0) fail('quotes/empty', 'The file has columns but no rows.', { hint: 'Drop a file with quotes in it.' });
  const nameOf = (role: keyof ColumnRoles) => (roles[role] === undefined ? undefined : source.names[roles[role]]);
  const symbolNames = new NameCodes();
  const withSymbols = roles.symbol !== undefined && overrides.symbol === undefined;
  const symbol = withSymbols ? new Uint32Array(emptyColumn(rows).length) : undefined;
  const optional = (role: 'bidSize' | 'askSize') => (roles[role] === undefined ? undefined : emptyColumn(rows));
  const columns = {
    bid: emptyColumn(rows),
    ask: emptyColumn(rows),
    bidSize: optional('bidSize'),
    askSize: optional('askSize'),
  };
  const times = new TimeColumn(rows, overrides, source.units[roles.time]);
  await source.read((name, values, rowStart) => {
    const length = Math.min(values.length, rows - rowStart);
    if (name === nameOf('time')) times.set(values, rowStart, length);
    if (name === nameOf('symbol') && symbol) {
      for (let i = 0; i < length; i++) symbol[rowStart + i] = symbolNames.code(textOf(values[i]));
    }
    for (const role of ['bid', 'ask', 'bidSize', 'askSize'] as const) {
      const column = columns[role];
      if (name !== nameOf(role) || !column) continue;
      for (let i = 0; i < length; i++) column[rowStart + i] = numberOf(values[i]);
    }
  });
  const named = Object.entries(roles).map(([role, at]) => `${role} is “${source.names[at]}”`);
  return {
    symbols: withSymbols ? symbolNames.names : [overrides.symbol ?? symbolFromName(names.memberName)],
    rows: rowsOfColumns({ timeMs: times.timeMs, ...columns, symbol }),
    calendar: overrides.calendar ?? ALWAYS_OPEN,
    barMs: 0,
    timeUnit: times.unit === undefined ? 'date and time' : timeUnitName(times.unit),
    timeZone: times.unit === undefined ? (overrides.timeZone ?? 'UTC') : 'UTC',
    notes: [`Columns: ${named.join(', ')}.`],
    oneUpdatePerStamp: false,
  };
}

/** Stamps of whatever kind as milliseconds; those without a unit have the first one's magnitude decide. */
class TimeColumn {
  readonly timeMs: Float64Array;
  unit: TimeUnit | undefined;
  private readonly stamps = new NanosecondStamps();
  private readonly encoder = new TextEncoder();

  constructor(
    rows: number,
    private readonly overrides: FileOverrides,
    unit: TimeUnit | undefined,
  ) {
    this.timeMs = emptyColumn(rows);
    this.unit = unit ?? overrides.timeUnit;
  }

  set(values: ArrayLike<unknown>, rowStart: number, length: number): void {
    for (let i = 0; i < length; i++) this.timeMs[rowStart + i] = this.toMs(values[i]);
  }

  private toMs(value: unknown): number {
    if (value instanceof Date) return value.getTime();
    if (typeof value === 'string' || value instanceof Uint8Array) {
      const bytes = this.encoder.encode(textOf(value));
      return scanIsoTime(bytes, 0, bytes.length, wallClock(this.overrides.timeZone ?? 'UTC'));
    }
    if (typeof value !== 'bigint' && typeof value !== 'number') return Number.NaN;
    if (!Number.isFinite(Number(value))) return Number.NaN;
    this.unit ??= inferTimeUnit(Number(value));
    if (typeof value === 'bigint') return this.stamps.toMs(value * NANOSECONDS[this.unit]);
    return (value * Number(NANOSECONDS[this.unit])) / 1e6;
  }
}

/** A price or size: of a list of levels the first; NaN where there is none. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'object' && value !== null && Symbol.iterator in value && !(value instanceof Uint8Array)) {
    const first: unknown = (value as Iterable<unknown>)[Symbol.iterator]().next().value;
    return typeof first === 'number' || typeof first === 'bigint' ? Number(first) : Number.NaN;
  }
  const text = textOf(value);
  return text === '' ? Number.NaN : Number(text);
}

const decoder = new TextDecoder();

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return (value instanceof Uint8Array ? decoder.decode(value) : String(value)).trim();
}
