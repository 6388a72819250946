/**
 * How a table is to be read, decided once for all of it from its first rows and from what a person said: what its columns are, how its times
 * and numbers are written, on which clock, in which unit. Text, JSON, Parquet and Arrow are read by the same decisions.
 */

import { fail } from '../../core/errors.ts';
import type { Calendar } from '../../core/types.ts';
import { isNumber, shorten } from '../bytes/text.ts';
import { ask } from '../questions.ts';
import { parseDay } from '../time/calendar.ts';
import { isMoment, isOpenDate, scanDigits } from '../time/moments.ts';
import { timeUnitName } from '../time/stamps.ts';
import type { ColumnRoles, DayOrder, FileOverrides, Question, TimeUnit } from '../types.ts';
import { isDateTime, isTimeOfDay, ZONE_NAME } from './columnKinds.ts';
import { plainName, type SplitColumn, splitColumns } from './columnNames.ts';
import { type Maker, makerOf } from './makers.ts';
import { type NumberStyle, numberStyle, readNumber, STYLE_NOTES } from './numberStyle.ts';
import { spreadsheetCheck } from './spreadsheets.ts';

export interface TableInput {
  /** Undefined where the table names no columns. */
  readonly header: readonly string[] | undefined;
  /** The first rows. */
  readonly body: readonly (readonly string[])[];
}

/** How the time column is written. */
export type TimePlan =
  /** A number since 1970; without a unit each row's size tells it. */
  | { readonly kind: 'epoch'; readonly unit: TimeUnit | undefined }
  /** Days since 1899-12-30, as spreadsheets count. */
  | { readonly kind: 'serial' }
  /** A date with a time of day. `iso`: as isoTime.ts reads it. */
  | { readonly kind: 'dateTime'; readonly iso: boolean }
  /** A time of day beside a date, in a column or fixed. `iso`: the date is one that needs no decision. */
  | { readonly kind: 'timeOfDay'; readonly iso: boolean }
  /** `93000500` digit by digit, so many digits wide. */
  | { readonly kind: 'digits'; readonly width: number }
  | { readonly kind: 'sinceMidnight'; readonly unit: TimeUnit };

export interface TablePlan {
  readonly roles: Partial<ColumnRoles> & { readonly time: number };
  readonly splits: readonly SplitColumn[];
  readonly maker: Maker | undefined;
  readonly time: TimePlan;
  /** Unit of the column that is added to the time. */
  readonly subsecondUnit: 'ms' | 'us' | 'ns';
  /** Of the day of all rows, where no column says it. */
  readonly midnightMs: number | undefined;
  /** The date is that of a trading day, which begins in the evening before. */
  readonly tradingDays: boolean;
  readonly timeZone: string;
  /** As a person said, and as the maker is known to write where dates leave it open. */
  readonly dayOrder: DayOrder | undefined;
  readonly usualDayOrder: DayOrder | undefined;
  readonly style: NumberStyle;
  readonly priceDivisor: number;
  /** A blank side is unchanged. */
  readonly carries: boolean;
  readonly calendar: Calendar | undefined;
  readonly timeUnit: string;
  readonly notes: readonly string[];
  readonly questions: readonly Question[];
}

/**
 * @throws Asked where the first rows leave open what their numbers are, UserError `quotes/empty`, `quotes/time`, `quotes/time-unit`,
 *   `quotes/time-of-day`, `quotes/spreadsheet`
 */
export function planTable(
  input: TableInput,
  roles: Partial<ColumnRoles> & { readonly time: number },
  overrides: FileOverrides,
): TablePlan {
  const { header, body } = input;
  const { mapping } = overrides;
  const cellsOf = (at: number | undefined) =>
    at === undefined ? [] : body.map((row) => row[at] ?? '').filter((cell) => cell !== '');
  const maker = header && makerOf(header.map(plainName), header);
  const stamps = cellsOf(roles.time);
  const stamp =
    stamps.find((cell) => isNumber(cell) || isDateTime(cell) || isTimeOfDay(cell) || isMoment(cell)) ?? stamps[0];
  if (stamp === undefined) {
    fail('quotes/empty', 'The file has a header but no quotes.', { hint: 'Drop a file with rows below its header.' });
  }
  spreadsheetCheck(stamps);
  const midnightMs = mapping?.day === undefined ? undefined : parseDay(mapping.day);
  const dates = cellsOf(roles.date);
  const time = planTime(stamp, stamps, dates, midnightMs, overrides, roles, maker);
  const { date: _, ...withoutDate } = roles;
  const beside = time.kind === 'timeOfDay' || time.kind === 'digits' || time.kind === 'sinceMidnight';
  const used = beside ? roles : withoutDate;
  const prices = [roles.bid, roles.ask, roles.price].flatMap(cellsOf);
  const sizes = [roles.bidSize, roles.askSize, roles.size].flatMap(cellsOf);
  const style = numberStyle([...prices, ...sizes], overrides.decimalMark);
  const parts = priceParts(prices, style, maker);
  const priceDivisor = mapping ? 1 : (overrides.priceDivisor ?? parts);
  const named = ZONE_NAME.exec(stamp)?.[1];
  const timeZone = overrides.timeZone ?? named ?? maker?.timeZone ?? 'UTC';
  const carries = maker?.carries === true;
  const known = splitColumns(header ?? [], roles.symbol);
  const splits = mapping
    ? (mapping.split ?? []).map(
        (column) => known.find((each) => each.column === column) ?? { column, kind: 'contract' as const },
      )
    : known.filter(({ column }) => !Object.values(used).includes(column));
  const questions: Question[] = [];
  if (maker?.zoneUnknown && overrides.timeZone === undefined)
    questions.push(zoneQuestion(maker.zoneUnknown, 'Europe/Athens'));
  return {
    roles: used,
    splits,
    maker,
    time,
    subsecondUnit: subsecondUnit(header, roles.subsecond, cellsOf(roles.subsecond)),
    midnightMs,
    tradingDays:
      maker !== undefined &&
      header !== undefined &&
      /^(tradingday|交易日)$/.test(plainName(header[roles.date ?? -1] ?? '')),
    timeZone,
    dayOrder: overrides.dayOrder,
    usualDayOrder: maker?.dayOrder,
    style,
    priceDivisor,
    carries,
    calendar: overrides.calendar ?? maker?.calendar,
    timeUnit: timeWords(time, midnightMs),
    notes: [
      `Columns: ${describe(used, splits, header)}.`,
      ...(maker ? [`By its columns this is from ${maker.name}.`] : []),
      ...(style === 'plain' ? [] : [STYLE_NOTES[style]]),
      ...(priceDivisor === 1 ? [] : [`Prices are whole numbers and divided by ${priceDivisor}.`]),
      ...(maker?.carries
        ? ['A blank side means that it is unchanged: the last bid and the last ask were carried forward.']
        : []),
    ],
    questions,
  };
}

/** Asks for a zone that was taken for UTC. */
export function zoneQuestion(why: string, likely?: string): Question {
  const zones = ['UTC', ...(likely ? [likely] : ['America/New_York', 'Europe/London', 'Asia/Shanghai', 'Asia/Tokyo'])];
  return {
    kind: 'timeZone',
    text: `${why} They were read as UTC.`,
    readings: zones.map((timeZone) => ({ label: `times of ${timeZone}`, overrides: { timeZone } })),
    assumed: 0,
  };
}

function planTime(
  stamp: string,
  stamps: readonly string[],
  dates: readonly string[],
  midnightMs: number | undefined,
  overrides: FileOverrides,
  roles: Partial<ColumnRoles>,
  maker: Maker | undefined,
): TimePlan {
  const beside = dates.length > 0 || midnightMs !== undefined;
  if (isNumber(stamp)) {
    if (/^(19|20)\d{6}$/.test(stamp)) return { kind: 'dateTime', iso: true };
    if (/^(19|20)\d{12}(\d{3})?$/.test(stamp) && isMoment(stamp)) return { kind: 'dateTime', iso: false };
    if (beside && !stamps.some((cell) => Number(cell) >= 1e15))
      return planNumbers(stamps, midnightMs !== undefined && dates.length === 0, overrides);
    const sizes = stamps.map(Number).filter(Number.isFinite);
    if (
      overrides.timeUnit === undefined &&
      sizes.length > 0 &&
      sizes.every((days) => days >= 20_000 && days < 80_000)
    ) {
      return { kind: 'serial' };
    }
    return { kind: 'epoch', unit: overrides.timeUnit };
  }
  if (isTimeOfDay(stamp) || (beside && /^\d{1,2}:\d{2}/.test(stamp) && !isDateTime(stamp))) {
    if (!beside) {
      fail('quotes/time-of-day', `The times are times of day such as “${stamp}”, and no column holds the day.`, {
        hint: 'Say which column holds the day, or of which day they are.',
      });
    }
    // Month first with slashes needs no decision where the maker is known for it.
    const known = maker?.dayOrder === 'monthFirst' && dates.every((date) => date.includes('/') || !isOpenDate(date));
    const plain =
      roles.subsecond === undefined && roles.offset === undefined && stamps.every((cell) => !/[ap]\.?m/i.test(cell));
    return { kind: 'timeOfDay', iso: plain && (known || !dates.some(isOpenDate)) };
  }
  if (isDateTime(stamp)) return { kind: 'dateTime', iso: !isOpenDate(stamp) };
  if (isMoment(stamp)) return { kind: 'dateTime', iso: false };
  return fail('quotes/time', `The time column holds “${shorten(stamp, 40)}”, which is not understood as a time.`, {
    hint: 'Readable are ISO 8601 (2024-03-01T09:30:00.250Z), dates with times and numbers since 1970 in s, ms, µs or ns.',
  });
}

/** Numbers beside a date: times digit by digit, or counts from midnight. @throws Asked where both fit */
function planNumbers(stamps: readonly string[], fixedDay: boolean, { timeOfDay, timeUnit }: FileOverrides): TimePlan {
  const most = Math.max(...stamps.map(Number).filter(Number.isFinite));
  const length = String(Math.floor(most)).length;
  const width = length <= 6 ? 6 : length <= 9 ? 9 : length <= 12 ? 12 : 15;
  const digits = { kind: 'digits', width } as const;
  const unit: TimeUnit = most < 86_400 ? 's' : most < 86_400_000 ? 'ms' : most < 86_400_000_000 ? 'us' : 'ns';
  if (timeOfDay === 'digits') return digits;
  const told = timeOfDay ?? timeUnit ?? (fixedDay ? 'ms' : undefined);
  if (told) return { kind: 'sinceMidnight', unit: told };
  const legible = stamps.every((cell) => !isNumber(cell) || !Number.isNaN(scanDigits(cell, width)));
  const perSecond = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 }[unit];
  if (!legible) return { kind: 'sinceMidnight', unit };
  if (most >= 86_400 * perSecond || unitOfWidth(width) !== unit) return digits;
  const example = stamps.find((cell) => Number(cell) === most)!;
  const clock = (ms: number) => new Date(ms).toISOString().slice(11, 23);
  return ask({
    kind: 'timeOfDay',
    text: `Times such as “${example}” may be written digit by digit or count from midnight, and nothing in the file tells.`,
    readings: [
      { label: `digit by digit: ${clock(scanDigits(example, width))}`, overrides: { timeOfDay: 'digits' } },
      {
        label: `${timeUnitName(unit, 'midnight')}: ${clock((most / perSecond) * 1000)}`,
        overrides: { timeOfDay: unit },
      },
    ],
  });
}

function unitOfWidth(width: number): TimeUnit {
  return ({ 6: 's', 9: 'ms', 12: 'us', 15: 'ns' } as const)[width as 6 | 9 | 12 | 15];
}

/** Ten thousandths or billionths, where a maker is known for them and all prices are whole numbers that large. */
function priceParts(prices: readonly string[], style: NumberStyle, maker: Maker | undefined): number {
  const parts = maker?.priceParts;
  if (parts === undefined || prices.length === 0) return 1;
  const values = prices
    .map((cell) => readNumber(cell, style) ?? Number.NaN)
    .filter((value) => value > 0 && value < 1e18);
  // A cent is the smallest step of shares, and written as a hundred ten-thousandths.
  const step = parts === 1e4 ? 100 : 1;
  const whole = values.length > 0 && values.every((value) => Number.isInteger(value) && value % step === 0);
  return whole && values.every((value) => value >= parts / 10) ? parts : 1;
}

function subsecondUnit(
  header: readonly string[] | undefined,
  at: number | undefined,
  cells: readonly string[],
): 'ms' | 'us' | 'ns' {
  const name = at === undefined ? '' : plainName(header?.[at] ?? '');
  if (/nano|^ns/.test(name)) return 'ns';
  if (/micro|^us/.test(name)) return 'us';
  const most = Math.max(0, ...cells.map(Number).filter(Number.isFinite));
  return most < 1000 ? 'ms' : most < 1e6 ? 'us' : 'ns';
}

function timeWords(time: TimePlan, midnightMs: number | undefined): string {
  if (time.kind === 'epoch') return time.unit ? timeUnitName(time.unit) : '';
  if (time.kind === 'serial') return 'days since 1899-12-30, as spreadsheets count';
  if (time.kind === 'sinceMidnight') return timeUnitName(time.unit, 'midnight');
  if (time.kind === 'dateTime') return 'date and time';
  return midnightMs === undefined || time.kind === 'timeOfDay' ? 'date and time of day' : 'time of day';
}

function describe(
  columns: Partial<ColumnRoles>,
  splits: readonly SplitColumn[],
  header: readonly string[] | undefined,
): string {
  const called = (at: number) => (header ? `“${header[at]}”` : `column ${at + 1}`);
  const named = Object.entries(columns).map(([role, at]) => `${role} is ${called(at)}`);
  const apart = splits.map(({ column }) => called(column));
  return [...named, ...(apart.length > 0 ? [`${apart.join(', ')} tell instruments apart`] : [])].join(', ');
}
