/**
 * Delimited text read by columns whose roles are known: from the header's names or from the user. Decides from the first stamp how times
 * are read (a number since 1970, a date with time, a time of day beside a date) and which zone they are in.
 */

import { fail } from '../../core/errors.ts';
import { isNumber, shorten, type TextSample } from '../bytes/text.ts';
import { Role, type RoleCode } from '../table/roles.ts';
import { type RowPlan, readRows } from '../table/rows.ts';
import { parseDay, type WallClock, wallClock } from '../time/calendar.ts';
import { namesZone } from '../time/isoTime.ts';
import { inferTimeUnit, scaleStamps, timeUnitName } from '../time/stamps.ts';
import type { ColumnRoles, FileOverrides } from '../types.ts';
import { isDateTime, isTimeOfDay, ZONE_NAME } from './columnKinds.ts';
import { plainName, requireUnique } from './columnNames.ts';
import { ALWAYS_OPEN, type RawTable, symbolFromName, US_EQUITIES } from './format.ts';

/** Roles of which the time and a price are known; a side without a column is missing in every row. */
export type NamedColumns = Partial<ColumnRoles> & { readonly time: number };

/** Makers whose times name no zone, told by a column only they have. */
const MAKERS = [
  { column: 'timem', maker: 'NYSE TAQ', timeZone: 'America/New_York', calendar: US_EQUITIES },
  { column: 'siptimestamp', maker: 'Polygon', timeZone: 'America/New_York', calendar: US_EQUITIES },
] as const;

/** @throws UserError `quotes/columns-twice`, `quotes/empty`, `quotes/time`, `quotes/time-unit`, `quotes/time-zone`. */
export async function readNamedColumns(
  sample: TextSample,
  overrides: FileOverrides,
  named: NamedColumns,
): Promise<RawTable> {
  const header = sample.cells[0]!;
  const { mapping } = overrides;
  const price = named.bid ?? named.ask ?? named.time;
  const withHeader = mapping?.header ?? (!isNumber(header[price]) && header[price] !== '');
  if (!mapping) requireUnique(header, named);
  const body = withHeader ? sample.cells.slice(1) : sample.cells;
  const stamps = body.map((row) => row[named.time] ?? '').filter((cell) => cell !== '');
  const stamp = stamps.find((cell) => isNumber(cell) || isDateTime(cell) || isTimeOfDay(cell)) ?? stamps[0];
  if (stamp === undefined) {
    fail('quotes/empty', 'The file has a header but no quotes.', { hint: 'Drop a file with rows below its header.' });
  }
  const { date: _, ...withoutDate } = named;
  const columns = isTimeOfDay(stamp) ? named : withoutDate;
  const maker = withHeader ? MAKERS.find(({ column }) => header.some((name) => plainName(name) === column)) : undefined;
  const clock = wallClock(overrides.timeZone ?? ZONE_NAME.exec(stamp)?.[1] ?? maker?.timeZone ?? 'UTC');
  const { plan, unit, sinceMidnight, timeUnit, timeZone } = planTime(stamp, columns, sample, clock, overrides);
  const firstLine = withHeader ? endOfFirstLine(sample) : sample.start;
  const rows = await readRows(sample, firstLine, plan);
  if (unit) scaleStamps(rows.timeMs, unit);
  if (sinceMidnight !== undefined) {
    for (let i = 0; i < rows.count; i++) rows.timeMs[i] = clock.toEpoch(sinceMidnight + rows.timeMs[i]!);
  }
  const ownSymbol = columns.symbol === undefined || overrides.symbol !== undefined;
  if (ownSymbol) rows.symbol = undefined;
  return {
    symbols: ownSymbol ? [overrides.symbol ?? symbolFromName(sample.memberName)] : rows.symbols,
    rows,
    calendar: overrides.calendar ?? maker?.calendar ?? ALWAYS_OPEN,
    barMs: 0,
    timeUnit,
    timeZone,
    notes: [
      `Columns: ${describe(columns, withHeader ? header : undefined)}.`,
      ...(maker ? [`By its columns this is from ${maker.maker}.`] : []),
    ],
    oneUpdatePerStamp: false,
  };
}

/** Decides from the first stamp how the time column is read. */
function planTime(
  stamp: string,
  columns: NamedColumns,
  sample: TextSample,
  clock: WallClock,
  overrides: FileOverrides,
) {
  const { day } = overrides.mapping ?? {};
  const midnightMs = day === undefined ? undefined : parseDay(day);
  const base = { delimiter: sample.delimiter.charCodeAt(0), roles: roleCodes(columns), clock };
  // Eight digits that begin with a year are a date, not a count.
  if (isNumber(stamp) && !/^(19|20)\d{6}$/.test(stamp)) {
    const unit = overrides.timeUnit ?? (midnightMs === undefined ? inferTimeUnit(Number(stamp)) : 'ms');
    const plan: RowPlan = { ...base, time: unit === 'ns' ? 'nanoseconds' : 'number' };
    const timeUnit = timeUnitName(unit, midnightMs === undefined ? '1970' : 'midnight');
    const timeZone = midnightMs === undefined ? 'UTC' : clock.timeZone;
    return { plan, unit: unit === 'ns' ? undefined : unit, sinceMidnight: midnightMs, timeUnit, timeZone };
  }
  if (columns.date !== undefined || (midnightMs !== undefined && isTimeOfDay(stamp))) {
    const plan: RowPlan = { ...base, time: 'timeOfDay', ...(midnightMs !== undefined && { midnightMs }) };
    return {
      plan,
      unit: undefined,
      sinceMidnight: undefined,
      timeUnit: 'date and time of day',
      timeZone: clock.timeZone,
    };
  }
  if (isTimeOfDay(stamp)) {
    fail('quotes/time-of-day', `The times are times of day such as “${stamp}”, and no column holds the day.`, {
      hint: 'Say which column holds the day, or of which day they are.',
    });
  }
  if (!isDateTime(stamp)) {
    fail('quotes/time', `The time column holds “${shorten(stamp, 40)}”, which is not understood as a time.`, {
      hint: 'Readable are ISO 8601 (2024-03-01T09:30:00.250Z) and numbers since 1970 in s, ms, µs or ns.',
    });
  }
  const zone = namesZone(stamp) ? 'as written with each time' : clock.timeZone;
  const plan: RowPlan = { ...base, time: 'iso' };
  return { plan, unit: undefined, sinceMidnight: undefined, timeUnit: 'date and time', timeZone: zone };
}

function roleCodes(columns: NamedColumns): RoleCode[] {
  const codes: RoleCode[] = new Array(Math.max(...Object.values(columns)) + 1).fill(Role.skip);
  for (const [role, column] of Object.entries(columns)) codes[column] = Role[role as keyof ColumnRoles];
  return codes;
}

function describe(columns: NamedColumns, header: readonly string[] | undefined): string {
  const named = Object.entries(columns).map(
    ([role, at]) => `${role} is ${header ? `“${header[at]}”` : `column ${at + 1}`}`,
  );
  return named.join(', ');
}

function endOfFirstLine(sample: TextSample): number {
  return sample.bytes.indexOf(10, sample.start) + 1 || sample.bytes.length;
}
