/** Delimited text into columns of numbers, by a plan that says what each column is. One pass, no object or string per row. */

import type { WallClock } from './calendar.ts';
import { scanDate, scanTimeOfDay } from './dateColumn.ts';
import { scanIsoTime } from './isoTime.ts';
import { asciiText, FieldScanner } from './scan.ts';

/** What a column is read as. */
export const Role = { skip: 0, time: 1, bid: 2, ask: 3, bidSize: 4, askSize: 5, symbol: 6, flag: 7, date: 8 } as const;
export type RoleCode = (typeof Role)[keyof typeof Role];

/** What became of a row. */
export const RowStatus = { ok: 0, unparsable: 1, suspicious: 2 } as const;

/** How to read a delimited text. */
export interface RowPlan {
  readonly delimiter: number;
  /** What each column is; columns beyond are ignored. */
  readonly roles: readonly RoleCode[];
  /**
   * A number as it stands, integer nanoseconds (read as ms), date and time (read as ms since the epoch), or a time of day beside a
   * column with the date (the same).
   */
  readonly time: 'number' | 'nanoseconds' | 'iso' | 'timeOfDay';
  /** The clock of dates and times that name no zone or this one. */
  readonly clock: WallClock;
}

/** Columns of equal length, one entry per non-blank line, in file order. NaN prices are missing ones. */
export interface Rows {
  count: number;
  status: Uint8Array;
  timeMs: Float64Array;
  bid: Float64Array;
  ask: Float64Array;
  bidSize: Float64Array | undefined;
  askSize: Float64Array | undefined;
  /** The column read as `Role.flag`. */
  flag: Float64Array | undefined;
  /** Index into `symbols`. */
  symbol: Uint32Array | undefined;
  symbols: string[];
  /** Byte offset of each row's line; `undefined` where rows are no lines of a text. */
  lineStart: Uint32Array | undefined;
}

/** Reads the lines of `bytes` from byte `start` on. A line that lacks a column or has no number where one belongs is `unparsable`. */
export function readRows(bytes: Uint8Array, start: number, plan: RowPlan): Rows {
  const scanner = new FieldScanner(bytes, plan.delimiter, start);
  const symbols = new SymbolNames(bytes);
  let capacity = estimateRows(bytes, start);
  const rows = allocate(capacity, plan.roles);
  for (; !scanner.atEnd(); scanner.nextLine()) {
    if (scanner.lineIsBlank()) continue;
    if (rows.count === capacity) {
      capacity = Math.ceil(capacity * 1.5);
      grow(rows, capacity);
    }
    readRow(scanner, plan, rows, symbols);
  }
  shrink(rows);
  rows.symbols = symbols.names;
  return rows;
}

/** Reads one line into the next row. A function of its own, so that engines compile it once instead of anew with every file's loop. */
function readRow(scanner: FieldScanner, plan: RowPlan, rows: Rows, symbols: SymbolNames): void {
  const { roles } = plan;
  const row = rows.count++;
  const lastColumn = roles.length - 1;
  rows.lineStart![row] = scanner.position;
  let time = Number.NaN;
  let date = Number.NaN;
  let bid = Number.NaN;
  let ask = Number.NaN;
  let bidSize = Number.NaN;
  let askSize = Number.NaN;
  let valid = true;
  for (let column = 0; ; column++) {
    const role = roles[column];
    if (role === Role.skip) {
      scanner.field();
    } else if (role === Role.time) {
      time = readTime(scanner, plan);
      if (!Number.isFinite(time)) valid = false;
    } else if (role === Role.date) {
      scanner.field();
      date = scanDate(scanner.bytes, scanner.fieldStart, scanner.fieldEndExclusive);
    } else if (role === Role.symbol) {
      scanner.field();
      rows.symbol![row] = symbols.code(scanner.fieldStart, scanner.fieldEndExclusive);
    } else {
      const value = scanner.number();
      if (!Number.isFinite(value) && !scanner.blank) valid = false;
      if (role === Role.bid) bid = value;
      else if (role === Role.ask) ask = value;
      else if (role === Role.bidSize) bidSize = value;
      else if (role === Role.askSize) askSize = value;
      else rows.flag![row] = value;
    }
    if (column === lastColumn) break;
    if (!scanner.nextField()) {
      valid = false;
      break;
    }
  }
  if (plan.time === 'timeOfDay') {
    time = plan.clock.toEpoch(date + time);
    if (Number.isNaN(time)) valid = false;
  }
  rows.timeMs[row] = time;
  rows.bid[row] = bid;
  rows.ask[row] = ask;
  if (rows.bidSize) rows.bidSize[row] = bidSize;
  if (rows.askSize) rows.askSize[row] = askSize;
  rows.status[row] = valid ? RowStatus.ok : RowStatus.unparsable;
}

function readTime(scanner: FieldScanner, plan: RowPlan): number {
  if (plan.time === 'number') return scanner.number();
  if (plan.time === 'nanoseconds') return scanner.nanosecondsAsMs();
  scanner.field();
  if (plan.time === 'timeOfDay') return scanTimeOfDay(scanner.bytes, scanner.fieldStart, scanner.fieldEndExclusive);
  return scanIsoTime(scanner.bytes, scanner.fieldStart, scanner.fieldEndExclusive, plan.clock);
}

/** Numbers the symbols of a column in the order they appear. Runs of one symbol cost a byte comparison only. */
class SymbolNames {
  readonly names: string[] = [];
  private readonly codes = new Map<string, number>();
  private lastStart = 0;
  private lastEnd = 0;
  private lastCode = -1;

  constructor(private readonly bytes: Uint8Array) {}

  code(start: number, endExclusive: number): number {
    if (this.lastCode >= 0 && this.equalsLast(start, endExclusive)) return this.lastCode;
    const name = asciiText(this.bytes, start, endExclusive).trim();
    let code = this.codes.get(name);
    if (code === undefined) {
      code = this.names.push(name) - 1;
      this.codes.set(name, code);
    }
    this.lastStart = start;
    this.lastEnd = endExclusive;
    this.lastCode = code;
    return code;
  }

  private equalsLast(start: number, endExclusive: number): boolean {
    if (endExclusive - start !== this.lastEnd - this.lastStart) return false;
    for (let i = endExclusive - start - 1; i >= 0; i--) {
      if (this.bytes[start + i] !== this.bytes[this.lastStart + i]) return false;
    }
    return true;
  }
}

/** A little more than the rows to expect from the lines at the start; `grow` covers the rest. */
function estimateRows(bytes: Uint8Array, start: number): number {
  const sample = bytes.subarray(start, start + 65_536);
  let lines = 1;
  for (let at = sample.indexOf(10); at >= 0; at = sample.indexOf(10, at + 1)) lines++;
  return Math.ceil(((bytes.length - start) / Math.max(1, sample.length)) * lines * 1.05) + 16;
}

function allocate(capacity: number, roles: readonly RoleCode[]): Rows {
  const optional = (role: RoleCode) => (roles.includes(role) ? new Float64Array(capacity) : undefined);
  return {
    count: 0,
    status: new Uint8Array(capacity),
    timeMs: new Float64Array(capacity),
    bid: new Float64Array(capacity),
    ask: new Float64Array(capacity),
    bidSize: optional(Role.bidSize),
    askSize: optional(Role.askSize),
    flag: optional(Role.flag),
    symbol: roles.includes(Role.symbol) ? new Uint32Array(capacity) : undefined,
    symbols: [],
    lineStart: new Uint32Array(capacity),
  };
}

const NUMBER_COLUMNS = ['timeMs', 'bid', 'ask', 'bidSize', 'askSize', 'flag'] as const;

function grow(rows: Rows, capacity: number): void {
  for (const name of NUMBER_COLUMNS) {
    const old = rows[name];
    if (old === undefined) continue;
    const column = new Float64Array(capacity);
    column.set(old);
    rows[name] = column;
  }
  const { status, lineStart, symbol } = rows;
  rows.status = new Uint8Array(capacity);
  rows.status.set(status);
  rows.lineStart = new Uint32Array(capacity);
  rows.lineStart.set(lineStart!);
  if (symbol) {
    rows.symbol = new Uint32Array(capacity);
    rows.symbol.set(symbol);
  }
}

function shrink(rows: Rows): void {
  const { count } = rows;
  for (const name of NUMBER_COLUMNS) rows[name] = rows[name]?.subarray(0, count) as Float64Array;
  rows.status = rows.status.subarray(0, count);
  rows.lineStart = rows.lineStart?.subarray(0, count);
  if (rows.symbol) rows.symbol = rows.symbol.subarray(0, count);
}
