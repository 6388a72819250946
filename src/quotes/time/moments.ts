/**
 * Dates and times as people and spreadsheets write them, where isoTime.ts does not suffice: day or month first, names of months, AM and PM,
 * digits without separators, zones behind. What order day and month are in is decided by the whole column.
 */

import { fail } from '../../core/errors.ts';
import { ask } from '../questions.ts';
import type { DayOrder, Question } from '../types.ts';
import { DAY_MS, type WallClock } from './calendar.ts';
import { dateToMs } from './isoTime.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const YEAR_FIRST = /^(\d{4})(?:([-/._])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))/;
const YEAR_LAST = /^(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})(?!\d)/;
const DAY_NAMED = /^(\d{1,2})[- ./]?([A-Za-z]{3,9})[-, ./]{0,2}(\d{4})(?!\d)/;
const NAMED_DAY = /^([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})(?!\d)/;
const BETWEEN = /^[Tt\s_:,D-]+/;
const COLONS = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,:](\d{1,12}))?)?/;
const DIGITS = /^(\d{2})(\d{2})(\d{2})[.,]?(\d{0,9})(?!\d)/;
const HALF = /^\s*([ap])\.?m\.?/i;
const OFFSET = /^\s*(?:(z|utc|gmt)?\s*(?:([+-])(\d{1,2}):?(\d{2})?)?|([A-Z][A-Za-z]+\/[A-Za-z_/]+))$/i;

/** A date whose order is open, or whose midnight is known. */
type Day =
  | { readonly midnightMs: number }
  | { readonly first: number; readonly second: number; readonly year: number; readonly separator: string };

interface TimeText {
  readonly ms: number;
  /** Ahead of UTC, where the text says it. */
  readonly offsetMs: number | undefined;
  readonly halves: boolean;
}

/** Days of open order are kept so far apart that an offset does not lead to the next. */
const SPAN_MS = 4 * DAY_MS;

/** Whether a cell is a date with or without a time of day that this module reads. */
export function isMoment(cell: string): boolean {
  const day = scanDay(cell);
  return day !== undefined && (day.rest === '' || scanTime(day.rest.replace(BETWEEN, '')) !== undefined);
}

/** Whether a cell is a date in which day and month may be either. */
export function isOpenDate(cell: string): boolean {
  return YEAR_LAST.test(cell.trim());
}

/** Reads a column of times; those whose order of day and month is open are known once `settle` was called. */
export class MomentReader {
  private readonly text = { day: '', code: Number.NaN };
  private baseYear = Number.NaN;
  private open: boolean | undefined;
  private readonly may = { dayFirst: false, monthFirst: false };
  private readonly only = { dayFirst: 0, monthFirst: 0 };
  private example = '';
  private differs = false;
  private separator = '';
  private halves = false;
  private zoned: boolean | undefined;

  constructor(
    private readonly clock: WallClock,
    private readonly order: DayOrder | undefined,
    private readonly usual?: DayOrder,
  ) {}

  /** A moment written in one cell; NaN where it is none. To be given to `settle` with all others. */
  dateTime(cell: string): number {
    const day = scanDay(cell.trim());
    if (!day) return Number.NaN;
    const rest = day.rest.replace(BETWEEN, '');
    const time = rest === '' ? { ms: 0, offsetMs: undefined, halves: false } : scanTime(rest, this.clock.timeZone);
    return time ? this.moment(this.codeOf(cell, day.day), time) : Number.NaN;
  }

  /** The same for a date and a number of milliseconds since its midnight. */
  dateAnd(cell: string, msOfDay: number, offsetMs?: number): number {
    const text = cell.trim();
    if (text !== this.text.day) {
      const day = scanDay(text);
      const whole = day && /^[\sT]*(0{1,2}:00(:00([.,]0+)?)?)?$/.test(day.rest);
      this.text.code = whole ? this.codeOf(text, day.day) : Number.NaN;
      this.text.day = text;
    }
    return this.moment(this.text.code, { ms: msOfDay, offsetMs, halves: false });
  }

  /** Whether times name their zone themselves. */
  get namesZone(): boolean {
    return this.zoned === true;
  }

  /** What was assumed, and may be otherwise. */
  question: Question | undefined;

  /** What was decided, for people; empty where dates left nothing open. */
  note = '';

  /** Decides what the whole column left open and makes the times milliseconds since 1970, in place. @throws Asked, UserError `quotes/dates` */
  settle(times: Float64Array): void {
    if (!this.open) return;
    const order = this.decide();
    const first = order === 'dayFirst';
    for (let i = 0; i < times.length; i++) {
      const code = times[i]!;
      if (Number.isNaN(code)) continue;
      const day = Math.floor(code / SPAN_MS);
      const [a, b] = [(day >> 5) & 31, day & 31];
      const midnight = dateToMs(this.baseYear + Math.floor(day / 1024), first ? b : a, first ? a : b);
      const wall = midnight + (code - day * SPAN_MS) - DAY_MS;
      times[i] = this.zoned ? wall : this.clock.toEpoch(wall);
    }
  }

  /** The order that was used, where dates left it open. */
  get decided(): DayOrder | undefined {
    return this.open ? this.decide() : undefined;
  }

  private decide(): DayOrder {
    const { may, only, order } = this;
    if (order) return order;
    if (only.dayFirst > 0 && only.monthFirst > 0) {
      return fail(
        'quotes/dates',
        `Some dates such as “${this.example}” are day first only and others month first only.`,
        {
          hint: 'Write all dates in one order, best as YYYY-MM-DD.',
        },
      );
    }
    const words = { dayFirst: 'day first', monthFirst: 'month first' };
    if (only.dayFirst > 0 || only.monthFirst > 0 || may.dayFirst !== may.monthFirst) {
      const proven = only.dayFirst > 0 || (only.monthFirst === 0 && may.dayFirst) ? 'dayFirst' : 'monthFirst';
      this.note = `Dates are ${words[proven]}: some of them can be nothing else.`;
      return proven;
    }
    if (!this.differs) return 'dayFirst';
    if (this.separator === '.') {
      this.note = 'Dates with points are day first.';
      return 'dayFirst';
    }
    if (this.usual) return this.usual;
    if (this.halves) {
      this.note = 'Dates are taken to be month first, as where times are written with AM and PM.';
      this.question = { ...this.ambiguous(), assumed: 1 };
      return 'monthFirst';
    }
    return ask(this.ambiguous());
  }

  private ambiguous(): Question {
    const reading = (dayOrder: DayOrder, words: string) => ({
      label: `${words}: ${longDate(this.example, dayOrder)}`,
      overrides: { dayOrder },
    });
    return {
      kind: 'dayOrder',
      text: `Dates such as “${this.example}” may be day first or month first, and none of them tells which.`,
      readings: [reading('dayFirst', 'day first'), reading('monthFirst', 'month first')],
    };
  }

  /** Midnight, or a number that stands for both midnights it may be. */
  private codeOf(text: string, day: Day): number {
    const open = 'first' in day;
    this.open ??= open;
    if (open !== this.open) return Number.NaN;
    if (!open) return day.midnightMs;
    const { first, second, year, separator } = day;
    const dayFirst = !Number.isNaN(dateToMs(year, second, first));
    const monthFirst = !Number.isNaN(dateToMs(year, first, second));
    if (!dayFirst && !monthFirst) return Number.NaN;
    if (this.order && !(this.order === 'dayFirst' ? dayFirst : monthFirst)) return Number.NaN;
    if (dayFirst) this.may.dayFirst = true;
    if (monthFirst) this.may.monthFirst = true;
    if (!monthFirst) this.only.dayFirst++;
    if (!dayFirst) this.only.monthFirst++;
    if (first !== second && (!this.differs || this.example === '')) this.example = text.slice(0, 10).trim();
    if (first !== second) this.differs = true;
    this.separator = separator;
    if (Number.isNaN(this.baseYear)) this.baseYear = year;
    return (year - this.baseYear) * 1024 + first * 32 + second;
  }

  private moment(code: number, { ms, offsetMs, halves }: TimeText): number {
    if (Number.isNaN(code) || Number.isNaN(ms)) return Number.NaN;
    this.zoned ??= offsetMs !== undefined;
    if (this.zoned !== (offsetMs !== undefined)) return Number.NaN;
    if (halves) this.halves = true;
    const time = ms - (offsetMs ?? 0);
    if (this.open) return code * SPAN_MS + time + DAY_MS;
    return this.zoned ? code + time : this.clock.toEpoch(code + time);
  }
}

function longDate(text: string, order: DayOrder): string {
  const [, first, , second, year] = YEAR_LAST.exec(text)!;
  const [day, month] = order === 'dayFirst' ? [first, second] : [second, first];
  const name = new Date(Date.UTC(2000, Number(month) - 1, 1)).toLocaleString('en', { month: 'long', timeZone: 'UTC' });
  return `${Number(day)} ${name} ${year}`;
}

function scanDay(cell: string): { readonly day: Day; readonly rest: string } | undefined {
  let match = YEAR_FIRST.exec(cell);
  if (match) {
    const [whole, year, , m1, d1, m2, d2, m3, d3] = match;
    const midnightMs = dateToMs(Number(year), Number(m1 ?? m2 ?? m3), Number(d1 ?? d2 ?? d3));
    return Number.isNaN(midnightMs) ? undefined : { day: { midnightMs }, rest: cell.slice(whole.length) };
  }
  match = YEAR_LAST.exec(cell);
  if (match) {
    const [whole, first, separator, second, year] = match;
    const day = { first: Number(first), second: Number(second), year: Number(year), separator: separator! };
    return day.first <= 31 && day.second <= 31 ? { day, rest: cell.slice(whole.length) } : undefined;
  }
  match = DAY_NAMED.exec(cell) ?? NAMED_DAY.exec(cell);
  if (!match) return undefined;
  const [whole, a = '', b = '', year] = match;
  const [day, month] = /^\d/.test(a) ? [a, b] : [b, a];
  const midnightMs = dateToMs(Number(year), MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1, Number(day));
  return Number.isNaN(midnightMs) ? undefined : { day: { midnightMs }, rest: cell.slice(whole.length) };
}

/** A time of day with what stands behind it; `undefined` where it is none. `zone` may stand behind it by its name. */
export function scanTime(text: string, zone?: string): TimeText | undefined {
  const match = COLONS.exec(text) ?? DIGITS.exec(text);
  if (!match) return undefined;
  const [whole, h, m, s = '0', fraction = ''] = match;
  const half = HALF.exec(text.slice(whole.length));
  let hour = Number(h);
  if (half) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half[1]!.toLowerCase() === 'p' ? 12 : 0);
  }
  if (hour > 23 || Number(m) > 59 || Number(s) > 59) return undefined;
  const digits = fraction.slice(0, 9);
  const ms =
    digits === ''
      ? 0
      : digits.length <= 3
        ? Number(digits) * 10 ** (3 - digits.length)
        : Number(digits) / 10 ** (digits.length - 3);
  const rest = text.slice(whole.length + (half?.[0].length ?? 0));
  const behind = OFFSET.exec(rest);
  if (!behind) return undefined;
  const [, word, sign, hours, minutes = '0', named] = behind;
  if (named !== undefined && named !== zone) return undefined;
  const offset =
    sign === undefined ? (word === undefined ? undefined : 0) : (Number(hours) * 60 + Number(minutes)) * 60_000;
  return {
    ms: ((hour * 60 + Number(m)) * 60 + Number(s)) * 1000 + ms,
    offsetMs: offset === undefined ? undefined : sign === '-' ? -offset : offset,
    halves: half !== null,
  };
}

/** Milliseconds since midnight of `93000500` written digit by digit, `width` digits in all (6, 9, 12 or 15); NaN where it is none. */
export function scanDigits(cell: string, width: number): number {
  const [whole = '', decimals = ''] = cell.split('.');
  if (!/^\d+$/.test(whole) || whole.length > width) return Number.NaN;
  const digits = whole.padStart(width, '0') + decimals;
  const [hour, minute, second] = [Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), Number(digits.slice(4, 6))];
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
  return ((hour * 60 + minute) * 60 + second) * 1000 + Number(`0.${digits.slice(6, 15) || '0'}`) * 1000;
}
