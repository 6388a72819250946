/**
 * Rows out of cells, one row at a time, by a plan (tablePlan.ts): for tables whose times, numbers or columns are more than rows.ts reads on
 * its way. Cells are texts, numbers, integers of 64 bits or dates, as files have them.
 */

import { readNumber } from '../formats/numberStyle.ts';
import { OrderBook } from '../formats/orderBook.ts';
import type { TablePlan } from '../formats/tablePlan.ts';
import { ASK_WORDS, BID_WORDS } from '../formats/tableRoles.ts';
import { DAY_MS, type WallClock, wallClock } from '../time/calendar.ts';
import { MomentReader, scanDigits, scanTime } from '../time/moments.ts';
import { NanosecondStamps } from '../time/nanoseconds.ts';
import { inferTimeUnit } from '../time/stamps.ts';
import { daysBeforeTradingDay } from '../time/tradingDays.ts';
import type { DayOrder, Question, TimeUnit } from '../types.ts';
import { GrowingColumns } from './growingColumns.ts';
import { InstrumentNames } from './instrumentNames.ts';
import type { LineIndex } from './lines.ts';
import { Role } from './roles.ts';
import { RowStatus, type Rows } from './rows.ts';

const MS_PER_UNIT: Readonly<Record<TimeUnit, number>> = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6 };
const EVENINGS =
  'Evening sessions are written under the next trading day: they were moved to the weekday before. Before holidays that may be another day.';
const SERIAL_EPOCH_MS = Date.UTC(1899, 11, 30);

export interface BuiltRows {
  readonly rows: Rows;
  readonly symbols: readonly string[];
  readonly notes: readonly string[];
  /** Of numbers since 1970: the units that occurred. */
  readonly units: readonly TimeUnit[];
  readonly namesZone: boolean;
  readonly questions: readonly Question[];
  readonly dayOrder: DayOrder | undefined;
}

export class TableBuilder {
  readonly columns: GrowingColumns;
  private readonly clock: WallClock;
  private readonly moments: MomentReader;
  private readonly stamps = new NanosecondStamps();
  private readonly names: InstrumentNames;
  private readonly units = new Set<TimeUnit>();
  private readonly sequence: number[] | undefined;
  private readonly symbolOf: boolean;
  /** Rows of evening sessions, which are of the next trading day. */
  private evenings = 0;
  private readonly books = new Map<number, OrderBook>();

  /** @param ownSymbol what rows without a symbol are called; `told` where a person said it for all */
  constructor(
    private readonly plan: TablePlan,
    expectedRows: number,
    private readonly ownSymbol: string,
    told = false,
  ) {
    const { roles, splits } = plan;
    this.symbolOf = !told && (roles.symbol !== undefined || splits.length > 0);
    const sized = roles.bidSize !== undefined || roles.askSize !== undefined || roles.size !== undefined;
    this.columns = new GrowingColumns(
      [...(sized ? [Role.bidSize, Role.askSize] : []), ...(this.symbolOf ? [Role.symbol] : [])],
      expectedRows,
    );
    this.clock = wallClock(plan.timeZone);
    this.moments = new MomentReader(this.clock, plan.dayOrder, plan.usualDayOrder);
    this.names = new InstrumentNames(
      ownSymbol,
      splits.map(({ kind }) => kind),
      roles.symbol !== undefined,
    );
    this.sequence = roles.sequence === undefined ? undefined : [];
  }

  get count(): number {
    return this.columns.count;
  }

  /** `share`: of the source that is behind. */
  add(cells: ArrayLike<unknown>, share: number): void {
    const { columns, plan } = this;
    const { roles } = plan;
    if (columns.count === columns.capacity) columns.grow(share);
    const row = columns.count++;
    const timeMs = this.time(cells);
    columns.timeMs[row] = timeMs;
    columns.bid[row] = Number.NaN;
    columns.ask[row] = Number.NaN;
    if (columns.bidSize) columns.bidSize[row] = Number.NaN;
    if (columns.askSize) columns.askSize[row] = Number.NaN;
    let valid = Number.isFinite(timeMs);
    const number = (at: number | undefined): number => {
      if (at === undefined) return Number.NaN;
      const value = numberIn(cells[at], plan);
      if (value !== undefined) return value;
      valid = false;
      return Number.NaN;
    };
    let status: number = RowStatus.ok;
    if (roles.side === undefined) {
      columns.bid[row] = number(roles.bid);
      columns.ask[row] = number(roles.ask);
      if (columns.bidSize) columns.bidSize[row] = number(roles.bidSize);
      if (columns.askSize) columns.askSize[row] = number(roles.askSize);
    } else {
      const side = textOf(cells[roles.side]);
      const [price, size] = [number(roles.price), number(roles.size)];
      if (roles.action !== undefined) {
        status = this.event(row, cells, side, price, size);
      } else if (BID_WORDS.test(side)) {
        columns.bid[row] = price;
        if (columns.bidSize) columns.bidSize[row] = size;
      } else if (ASK_WORDS.test(side)) {
        columns.ask[row] = price;
        if (columns.askSize) columns.askSize[row] = size;
      } else status = RowStatus.other;
    }
    if (columns.symbol) columns.symbol[row] = this.nameOf(cells);
    if (this.sequence) this.sequence.push(Number(cells[roles.sequence!] ?? Number.NaN));
    columns.status[row] = valid ? status : RowStatus.unparsable;
  }

  /** @throws Asked, UserError `quotes/dates`, `quotes/time-unit` */
  finish(lines: LineIndex | undefined): BuiltRows {
    const cut = this.columns.cut();
    this.moments.settle(cut.timeMs);
    const named = this.symbolOf ? this.names.settle(cut.symbol!, cut.count) : { symbols: [this.ownSymbol], notes: [] };
    const rows: Rows = {
      ...cut,
      symbols: [...named.symbols],
      lines,
      ...(this.sequence && { sequence: Float64Array.from(this.sequence) }),
    };
    if (named.symbols.length === 1) rows.symbol = undefined;
    return {
      rows,
      symbols: named.symbols,
      notes: [
        ...(this.moments.note === '' ? [] : [this.moments.note]),
        ...(this.evenings > 0 ? [EVENINGS] : []),
        ...named.notes,
      ],
      units: [...this.units],
      namesZone: this.moments.namesZone,
      questions: this.moments.question ? [this.moments.question] : [],
      dayOrder: this.moments.decided,
    };
  }

  /** The state of the book after a row of a log of orders. */
  private event(row: number, cells: ArrayLike<unknown>, side: string, price: number, size: number): number {
    const { roles } = this.plan;
    const { columns } = this;
    const code = this.symbolOf ? this.nameOf(cells) : 0;
    let book = this.books.get(code);
    if (!book) {
      book = new OrderBook();
      this.books.set(code, book);
    }
    const changed = book.apply({
      action: textOf(cells[roles.action!]),
      side: BID_WORDS.test(side) ? 'bid' : ASK_WORDS.test(side) ? 'ask' : undefined,
      ...{ price, size, order: roles.order === undefined ? '' : textOf(cells[roles.order]) },
    });
    if (!changed) return RowStatus.other;
    const [bid, bidSize] = book.best('bid');
    const [ask, askSize] = book.best('ask');
    columns.bid[row] = bid;
    columns.ask[row] = ask;
    if (columns.bidSize) columns.bidSize[row] = bidSize;
    if (columns.askSize) columns.askSize[row] = askSize;
    return RowStatus.ok;
  }

  private nameOf(cells: ArrayLike<unknown>): number {
    const { roles, splits } = this.plan;
    const symbol = roles.symbol === undefined ? '' : textOf(cells[roles.symbol]);
    return this.names.code(
      symbol,
      splits.map(({ column }) => textOf(cells[column])),
    );
  }

  private time(cells: ArrayLike<unknown>): number {
    const { roles, time, midnightMs, subsecondUnit } = this.plan;
    const value = cells[roles.time];
    const added =
      roles.subsecond === undefined ? 0 : Number(textOf(cells[roles.subsecond]) || 0) * MS_PER_UNIT[subsecondUnit];
    if (time.kind === 'epoch') return this.epoch(value, time.unit) + added;
    const text = textOf(value);
    if (time.kind === 'serial') {
      const days = readNumber(text, this.plan.style);
      if (days === undefined || !(days > 0)) return Number.NaN;
      return this.clock.toEpoch(SERIAL_EPOCH_MS + Math.round(days * DAY_MS));
    }
    if (time.kind === 'dateTime') return this.moments.dateTime(text) + added;
    let ofDay = Number.NaN;
    if (time.kind === 'digits') ofDay = scanDigits(text, time.width);
    else if (time.kind === 'sinceMidnight') ofDay = text === '' ? Number.NaN : Number(text) * MS_PER_UNIT[time.unit];
    else ofDay = scanTime(text)?.ms ?? Number.NaN;
    if (!(ofDay >= 0 && ofDay < DAY_MS)) return Number.NaN;
    const hours = roles.offset === undefined ? undefined : Number(textOf(cells[roles.offset]));
    const offsetMs = hours === undefined ? undefined : hours * 3_600_000;
    if (roles.date === undefined)
      return midnightMs === undefined ? Number.NaN : this.clock.toEpoch(midnightMs + ofDay + added);
    const date = textOf(cells[roles.date]);
    const before = this.plan.tradingDays ? daysBeforeTradingDay(date, ofDay) : 0;
    if (before > 0) this.evenings++;
    return this.moments.dateAnd(date, ofDay + added - before * DAY_MS, offsetMs);
  }

  private epoch(value: unknown, told: TimeUnit | undefined): number {
    if (value instanceof Date) return value.getTime();
    const exact = typeof value === 'bigint' ? value : undefined;
    const text = exact === undefined ? textOf(value) : '';
    const size = exact === undefined ? (text === '' ? Number.NaN : Number(text)) : Number(exact);
    if (!Number.isFinite(size)) return Number.NaN;
    if (told === undefined && Math.abs(size) < 1e8 && this.count > 1) return Number.NaN;
    const unit = told ?? inferTimeUnit(size);
    this.units.add(unit);
    if (unit === 's') return size * 1000;
    if (unit !== 'ns') return unit === 'ms' ? size : size / 1000;
    if (exact !== undefined) return this.stamps.toMs(exact);
    return /^\d+$/.test(text) ? this.stamps.toMs(BigInt(text)) : size / 1e6;
  }
}

/** NaN for nothing, `undefined` for what is no number; of a list of levels the first price. */
function numberIn(value: unknown, { style }: TablePlan): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value === null || value === undefined) return Number.NaN;
  if (typeof value === 'object' && Symbol.iterator in value && !(value instanceof Uint8Array)) {
    const first: unknown = (value as Iterable<unknown>)[Symbol.iterator]().next().value;
    return typeof first === 'number' || typeof first === 'bigint' ? Number(first) : Number.NaN;
  }
  return readNumber(textOf(value), style);
}

const decoder = new TextDecoder();

/** A cell as a text without white space around it. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  return (value instanceof Uint8Array ? decoder.decode(value) : String(value)).trim();
}
