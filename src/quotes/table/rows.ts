/** Delimited text into columns of numbers, by a plan that says what each column is. One pass, no object or string per row. */

import { type ByteSource, isSeekable } from '../bytes/byteSource.ts';
import type { WallClock } from '../time/calendar.ts';
import { scanDate, scanTimeOfDay } from '../time/dateColumn.ts';
import { scanIsoTime } from '../time/isoTime.ts';
import { GrowingColumns } from './growingColumns.ts';
import { type LineBlock, LineIndex, lineBlocks } from './lines.ts';
import { Role, type RoleCode } from './roles.ts';
import { asciiText, CR, DOT, FieldScanner, LF, MINUS, NINE, POWERS_OF_TEN, QUOTE, ZERO } from './scan.ts';

/** What became of a row: one of the first four, with the flags behind added. */
export const RowStatus = {
  ok: 0,
  unparsable: 1,
  suspicious: 2,
  /** Readable, but not taken into the series (validate.ts). */
  dropped: 3,
  /** Tells of no quote at all. */
  other: 4,
} as const;

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
  /** Wall time of midnight of the day that times of day are of, where no column says it. */
  readonly midnightMs?: number;
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
  /** Of rows of one stamp the higher is the later; `undefined` where the file's order says the same. */
  sequence?: Float64Array;
  /** Index into `symbols`. */
  symbol: Uint32Array | undefined;
  symbols: string[];
  /** Rows of which a side stood for “no price” and was made missing, ascending; `undefined` where nobody looked yet (sentinels.ts). */
  sentinels?: readonly number[];
  /** Where the lines of the rows are; `undefined` where rows are no lines of a text. */
  lines: LineIndex | undefined;
}

/** A text to read rows from: its beginning, and all of it. */
export interface RowText {
  readonly bytes: Uint8Array;
  readonly source: ByteSource;
}

/** Reads the lines from byte `start` on. A line that lacks a column or has no number where one belongs is `unparsable`. */
export async function readRows(text: RowText, start: number, plan: RowPlan): Promise<Rows> {
  const reader = new RowReader(plan, await estimateRows(text, start), countLineFeeds(text.bytes, start));
  for await (const block of lineBlocks(text.source, start)) reader.read(block);
  // The numbers are needed by few files, and then by all of their rows.
  if (reader.disordered) {
    return readRows(text, start, {
      ...plan,
      roles: plan.roles.map((role) => (role === Role.watched ? Role.sequence : role)),
    });
  }
  return reader.finish();
}

function countLineFeeds(bytes: Uint8Array, endExclusive: number): number {
  let count = 0;
  for (let at = 0; at < endExclusive; at++) if (bytes[at] === LF) count++;
  return count;
}

/** Columns that fill up block by block. */
class RowReader {
  private readonly columns: GrowingColumns;
  private readonly names = new SymbolNames();
  private readonly lines = new LineIndex();
  /** Share of the text that is read. */
  private share = 0;

  /** The column whose numbers are watched; −1 for none. */
  private readonly watched: number;
  private readonly plan: RowPlan;
  private lineBefore = new Uint8Array();
  /** Whether times, or watched numbers within one time, go back somewhere. */
  disordered = false;

  constructor(
    plan: RowPlan,
    expectedRows: number,
    private linesBefore: number,
  ) {
    this.columns = new GrowingColumns(plan.roles, expectedRows);
    this.watched = plan.roles.indexOf(Role.watched);
    this.plan = { ...plan, roles: plan.roles.map((role) => (role === Role.watched ? Role.skip : role)) };
  }

  read(block: LineBlock): void {
    const { columns, lines } = this;
    const { bytes, start, endExclusive, offset } = block;
    const scanner = new FieldScanner(bytes, this.plan.delimiter, start, endExclusive);
    const { watched } = this;
    const firstRow = columns.count;
    let above = 0;
    for (; !scanner.atEnd(); scanner.nextLine()) {
      this.linesBefore++;
      if (scanner.lineIsBlank()) continue;
      if (columns.count === columns.capacity) columns.grow(this.share);
      if (columns.count % LineIndex.STEP === 0) lines.mark(offset + scanner.position - start, this.linesBefore);
      const lineStart = scanner.position;
      readRow(scanner, this.plan, columns, this.names);
      if (watched < 0) continue;
      const row = columns.count - 1;
      const later = columns.timeMs[row]! > columns.timeMs[row - 1]!;
      if (!later && row > 0) this.watch(bytes, lineStart, row === firstRow ? this.lineBefore : bytes, above);
      above = lineStart;
    }
    // The block's memory is used again for the next.
    if (watched >= 0 && columns.count > firstRow) this.lineBefore = bytes.slice(above, endExclusive);
    this.share = block.share;
  }

  /** Notes a row that is not later than the one above: that its time is before, or its number lower at the same time. */
  private watch(bytes: Uint8Array, lineStart: number, bytesAbove: Uint8Array, above: number): void {
    const { timeMs, symbol, count } = this.columns;
    const row = count - 1;
    if (this.disordered || (symbol && symbol[row] !== symbol[row - 1])) return;
    const { delimiter } = this.plan;
    const start = fieldStart(bytes, lineStart, this.watched, delimiter);
    const from = fieldStart(bytesAbove, bytesAbove === bytes ? above : 0, this.watched, delimiter);
    const length = fieldLength(bytes, start, delimiter);
    const longer = length - fieldLength(bytesAbove, from, delimiter);
    let lower = timeMs[row]! < timeMs[row - 1]! || longer < 0;
    for (let i = 0; !lower && longer === 0 && i < length; i++) {
      const difference = bytes[start + i]! - bytesAbove[from + i]!;
      if (difference > 0) break;
      lower = difference < 0;
    }
    if (lower) this.disordered = true;
  }

  finish(): Rows {
    const rows = { ...this.columns.cut(), symbols: this.names.names, lines: this.lines };
    const has = (role: RoleCode) => this.plan.roles.includes(role);
    if (!has(Role.time)) rows.timeMs.fill(Number.NaN);
    if (!has(Role.bid)) rows.bid.fill(Number.NaN);
    if (!has(Role.ask)) rows.ask.fill(Number.NaN);
    return rows;
  }
}

/**
 * Reads one line into the next row. A function of its own, so that engines compile it once instead of anew with every file's loop. Plain
 * decimal numbers, which nearly all fields are, are read here on the way, without a call or a look back: a mantissa below 2^53 and at
 * most 22 decimals are exact doubles, and so is their quotient rounded once, as `Number` does it. Anything else is left to the scanner.
 */
function readRow(scanner: FieldScanner, plan: RowPlan, columns: GrowingColumns, symbols: SymbolNames): void {
  const { roles, delimiter } = plan;
  const { bytes, endExclusive } = scanner;
  const numericTime = plan.time === 'number';
  const row = columns.count++;
  const lastColumn = roles.length - 1;
  let at = scanner.position;
  let date = plan.midnightMs ?? Number.NaN;
  let valid = true;
  for (let column = 0; ; column++) {
    const role = roles[column]!;
    let byte = at < endExclusive ? bytes[at]! : LF;
    if (role === Role.skip && byte !== QUOTE) {
      while (byte !== delimiter && byte !== LF && byte !== CR) byte = ++at < endExclusive ? bytes[at]! : LF;
    } else if (role >= Role.bid || (role === Role.time && numericTime)) {
      const start = at;
      const negative = byte === MINUS;
      if (negative) byte = ++at < endExclusive ? bytes[at]! : LF;
      let digits = at;
      let mantissa = 0;
      while (byte >= ZERO && byte <= NINE) {
        mantissa = mantissa * 10 + (byte - ZERO);
        byte = ++at < endExclusive ? bytes[at]! : LF;
      }
      let decimals = 0;
      digits = at - digits;
      if (byte === DOT) {
        const firstDecimal = ++at;
        byte = at < endExclusive ? bytes[at]! : LF;
        while (byte >= ZERO && byte <= NINE) {
          mantissa = mantissa * 10 + (byte - ZERO);
          byte = ++at < endExclusive ? bytes[at]! : LF;
        }
        decimals = at - firstDecimal;
        digits += decimals;
      }
      let value = mantissa;
      if ((byte === delimiter || byte === LF || byte === CR) && digits > 0 && decimals <= 22 && mantissa < 2 ** 53) {
        if (decimals > 0) value /= POWERS_OF_TEN[decimals]!;
        if (negative) value = -value;
      } else {
        scanner.position = start;
        value = scanner.number();
        at = scanner.position;
        if (!Number.isFinite(value) && (!scanner.blank || role === Role.time)) valid = false;
      }
      store(columns, role, row, value);
    } else {
      scanner.position = at;
      if (role === Role.time) {
        const time = readTime(scanner, plan);
        if (!Number.isFinite(time)) valid = false;
        columns.timeMs[row] = time;
      } else {
        scanner.field();
        const { fieldStart, fieldEndExclusive } = scanner;
        if (role === Role.date) date = scanDate(bytes, fieldStart, fieldEndExclusive);
        else if (role === Role.symbol) columns.symbol![row] = symbols.code(bytes, fieldStart, fieldEndExclusive);
      }
      at = scanner.position;
    }
    if (column === lastColumn) break;
    if (at >= endExclusive || bytes[at] !== delimiter) {
      valid = false;
      for (let lacking = column + 1; lacking <= lastColumn; lacking++) store(columns, roles[lacking]!, row, Number.NaN);
      break;
    }
    at++;
  }
  scanner.position = at;
  if (plan.time === 'timeOfDay') {
    const time = plan.clock.toEpoch(date + columns.timeMs[row]!);
    if (Number.isNaN(time)) valid = false;
    columns.timeMs[row] = time;
  }
  columns.status[row] = valid ? RowStatus.ok : RowStatus.unparsable;
}

function store(columns: GrowingColumns, role: RoleCode, row: number, value: number): void {
  if (role === Role.bid) columns.bid[row] = value;
  else if (role === Role.ask) columns.ask[row] = value;
  else if (role === Role.bidSize) columns.bidSize![row] = value;
  else if (role === Role.askSize) columns.askSize![row] = value;
  else if (role === Role.time) columns.timeMs[row] = value;
  else if (role === Role.flag) columns.flag![row] = value;
  else if (role === Role.sequence) columns.sequence![row] = value;
}

/** Where the field of a column begins in a line. */
function fieldStart(bytes: Uint8Array, lineStart: number, column: number, delimiter: number): number {
  let at = lineStart;
  for (let left = column; left > 0 && at < bytes.length; at++) if (bytes[at] === delimiter) left--;
  return at;
}

function fieldLength(bytes: Uint8Array, start: number, delimiter: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== delimiter && bytes[at] !== LF && bytes[at] !== CR) at++;
  return at - start;
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
  private last = new Uint8Array();
  private lastCode = -1;

  code(bytes: Uint8Array, start: number, endExclusive: number): number {
    if (this.lastCode >= 0 && this.equalsLast(bytes, start, endExclusive)) return this.lastCode;
    const name = asciiText(bytes, start, endExclusive).trim();
    let code = this.codes.get(name);
    if (code === undefined) {
      code = this.names.push(name) - 1;
      this.codes.set(name, code);
    }
    this.last = bytes.slice(start, endExclusive);
    this.lastCode = code;
    return code;
  }

  private equalsLast(bytes: Uint8Array, start: number, endExclusive: number): boolean {
    const { last } = this;
    if (endExclusive - start !== last.length) return false;
    for (let i = last.length - 1; i >= 0; i--) if (bytes[start + i] !== last[i]) return false;
    return true;
  }
}

const SAMPLES = 32;
const SAMPLE_BYTES = 1 << 14;

/**
 * About how many rows the text has, a little more rather than less: by the lines in samples all over it where any place can be looked at,
 * else by those at its beginning. The columns grow where it was too few.
 */
async function estimateRows({ bytes, source }: RowText, start: number): Promise<number> {
  let looked = bytes.length - start;
  let found = countLineFeeds(bytes.subarray(start), looked) + 1;
  const size = source.size ?? bytes.length;
  if (isSeekable(source) && size > SAMPLES * SAMPLE_BYTES) {
    for (let i = 1; i <= SAMPLES; i++) {
      const at = Math.floor(((size - SAMPLE_BYTES) * i) / SAMPLES);
      const sample = await source.slice(at, at + SAMPLE_BYTES);
      looked += sample.length;
      found += countLineFeeds(sample, sample.length);
    }
  }
  return Math.ceil(((size - start) / Math.max(1, looked)) * found * 1.01) + 16;
}
