/**
 * Any delimited text whose header has columns named like time, bid and ask (Tardis, TrueFX exports, Databento and Polygon CSV and home-made
 * ones), in any order, with sizes and a symbol column where there are some; or any delimited text whose columns the user names.
 */

import { fail } from '../../core/errors.ts';
import { wallClock } from '../calendar.ts';
import { namesZone, scanIsoTime } from '../isoTime.ts';
import { Role, type RoleCode, type RowPlan, readRows } from '../rows.ts';
import { inferTimeUnit, scaleStamps, timeUnitName } from '../stamps.ts';
import { isNumber, shorten, type TextSample } from '../text.ts';
import type { ColumnRoles, FileOverrides } from '../types.ts';
import { ALWAYS_OPEN, type QuoteFormat, symbolFromName } from './format.ts';

/** Column names without case and punctuation, the best first: plain names before special ones, exchange time before receive time. */
const NAMES: Readonly<Record<keyof ColumnRoles, readonly string[]>> = {
  time: words(
    'timestamp time datetime ts timestampms timestampus timestampns timems timeus timens tsms tsus tsns exchangetimestamp exchangetime',
    'exchts exchtsms transactiontime eventtime tsevent siptimestamp participanttimestamp tsrecv localtimestamp epoch epochs epochms',
    'epochus epochns unixtime unix gmttime utctime timegmt timeutc datetimeutc date',
  ),
  bid: words('bid bidprice bidpx bidpx00 bestbid bestbidprice bestbidpx pricebid b'),
  ask: words('ask askprice askpx askpx00 bestask bestaskprice bestaskpx priceask offer offerprice ofr a'),
  bidSize: words(
    'bidsize bidqty bidquantity bidamount bidvolume bidvol bidsz bidsz00 bestbidsize bestbidqty bestbidamount',
  ),
  askSize: words(
    'asksize askqty askquantity askamount askvolume askvol asksz asksz00 bestasksize bestaskqty bestaskamount offersize ofrsiz',
  ),
  symbol: words('symbol sym ticker instrument pair ric'),
};

function words(...lines: readonly string[]): string[] {
  return lines.join(' ').split(' ');
}

export const delimited: QuoteFormat = {
  title: 'Delimited text with a header',

  detect({ cells }) {
    return isComplete(rolesFromHeader(cells[0]!)) ? 0.9 : 0;
  },

  read(sample, overrides) {
    const columns = overrides.columns ?? rolesFromHeader(sample.cells[0]!);
    if (!isComplete(columns)) throw new TypeError('delimited.read needs a header or named columns');
    const withHeader = !isNumber(sample.cells[0]![columns.bid]) && sample.cells[0]![columns.bid] !== '';
    const body = withHeader ? sample.cells.slice(1) : sample.cells;
    const stamps = body.map((row) => row[columns.time] ?? '').filter((cell) => cell !== '');
    const stamp = stamps.find(isTime) ?? stamps[0];
    if (stamp === undefined) {
      fail('quotes/empty', 'The file has a header but no quotes.', { hint: 'Drop a file with rows below its header.' });
    }
    const { plan, unit, timeUnit, timeZone } = planTime(stamp, columns, sample, overrides);
    const firstLine = withHeader ? endOfFirstLine(sample) : sample.start;
    const rows = readRows(sample.bytes, firstLine, plan);
    if (unit) scaleStamps(rows.timeMs, unit);
    const ownSymbol = columns.symbol === undefined || overrides.symbol !== undefined;
    if (ownSymbol) rows.symbol = undefined;
    return {
      symbols: ownSymbol ? [overrides.symbol ?? symbolFromName(sample.memberName)] : rows.symbols,
      rows,
      calendar: overrides.calendar ?? ALWAYS_OPEN,
      barMs: 0,
      timeUnit,
      timeZone,
      notes: [`Columns: ${describe(columns, withHeader ? sample.cells[0]! : undefined)}.`],
      oneUpdatePerStamp: false,
    };
  },
};

/** The roles a header's names give; incomplete where names are not known. */
export function rolesFromHeader(header: readonly string[]): Partial<ColumnRoles> {
  const names = header.map((cell) => cell.toLowerCase().replace(/[^a-z0-9]/g, ''));
  const roles: { -readonly [role in keyof ColumnRoles]?: number } = {};
  for (const role of Object.keys(NAMES) as (keyof ColumnRoles)[]) {
    const best = NAMES[role].find((name) => names.includes(name));
    if (best !== undefined) roles[role] = names.indexOf(best);
  }
  return roles;
}

function isComplete(columns: Partial<ColumnRoles>): columns is ColumnRoles {
  return columns.time !== undefined && columns.bid !== undefined && columns.ask !== undefined;
}

/** Decides from the first stamp how the time column is read. */
function planTime(stamp: string, columns: ColumnRoles, sample: TextSample, overrides: FileOverrides) {
  const clock = wallClock(overrides.timeZone ?? 'UTC');
  const base = { delimiter: sample.delimiter.charCodeAt(0), roles: roleCodes(columns), clock };
  // Eight digits that begin with a year are a date, not a count.
  if (isNumber(stamp) && !/^(19|20)\d{6}$/.test(stamp)) {
    const unit = overrides.timeUnit ?? inferTimeUnit(Number(stamp));
    const plan: RowPlan = { ...base, time: unit === 'ns' ? 'nanoseconds' : 'number' };
    return { plan, unit: unit === 'ns' ? undefined : unit, timeUnit: timeUnitName(unit), timeZone: 'UTC' };
  }
  if (!isTime(stamp)) {
    fail('quotes/time', `The time column holds “${shorten(stamp, 40)}”, which is not understood as a time.`, {
      hint: 'Readable are ISO 8601 (2024-03-01T09:30:00.250Z) and numbers since 1970 in s, ms, µs or ns.',
    });
  }
  const zone = namesZone(stamp) ? 'as written with each time' : clock.timeZone;
  const plan: RowPlan = { ...base, time: 'iso' };
  return { plan, unit: undefined, timeUnit: 'date and time', timeZone: zone };
}

function isTime(cell: string): boolean {
  const bytes = new TextEncoder().encode(cell);
  return isNumber(cell) || !Number.isNaN(scanIsoTime(bytes, 0, bytes.length, wallClock('UTC')));
}

function roleCodes(columns: ColumnRoles): RoleCode[] {
  const codes: RoleCode[] = new Array(Math.max(...Object.values(columns)) + 1).fill(Role.skip);
  for (const [role, column] of Object.entries(columns)) codes[column] = Role[role as keyof ColumnRoles];
  return codes;
}

function describe(columns: ColumnRoles, header: readonly string[] | undefined): string {
  const named = Object.entries(columns).map(
    ([role, at]) => `${role} is ${header ? `“${header[at]}”` : `column ${at + 1}`}`,
  );
  return named.join(', ');
}

function endOfFirstLine(sample: TextSample): number {
  return sample.bytes.indexOf(10, sample.start) + 1 || sample.bytes.length;
}
