/**
 * Delimited text read by columns whose roles are known: from the header's names or from the user. Plain tables are read on the scanner's
 * fast way; those with other numbers, times or columns cell by cell (tableBuilder.ts), by the same plan.
 */

import { isNumber, type TextSample } from '../bytes/text.ts';
import { LineIndex, lineBlocks } from '../table/lines.ts';
import { Role, type RoleCode } from '../table/roles.ts';
import { type RowPlan, RowStatus, readRows } from '../table/rows.ts';
import { asciiText, FieldScanner } from '../table/scan.ts';
import { TableBuilder } from '../table/tableBuilder.ts';
import { wallClock } from '../time/calendar.ts';
import { namesZone } from '../time/isoTime.ts';
import { inferTimeUnit, mendNanoseconds, scaleStamps, timeUnitName, timeUnitNames } from '../time/stamps.ts';
import type { ColumnRoles, FileOverrides } from '../types.ts';
import { requireUnique } from './columnNames.ts';
import { ALWAYS_OPEN, type RawTable } from './format.ts';
import { dividePrices } from './prices.ts';
import { dropSentinels } from './sentinels.ts';
import { carrySidesForward } from './sides.ts';
import { symbolFromName } from './symbolNames.ts';
import { planTable, type TablePlan } from './tablePlan.ts';

/** Roles of which the time and a price are known; a side without a column is missing in every row. */
export type NamedColumns = Partial<ColumnRoles> & { readonly time: number };

/** What the rows of a text begin with, and where they do. */
function tableOf(sample: TextSample, named: NamedColumns, overrides: FileOverrides) {
  const header = sample.cells[0]!;
  const price = named.bid ?? named.ask ?? named.price ?? named.time;
  const withHeader = overrides.mapping?.header ?? (!isNumber(header[price]) && header[price] !== '');
  return {
    header: withHeader ? header : undefined,
    body: withHeader ? sample.cells.slice(1) : sample.cells,
    firstLine: withHeader ? sample.bytes.indexOf(10, sample.start) + 1 || sample.bytes.length : sample.start,
  };
}

/** @throws what planTable throws, UserError `quotes/columns-twice`, `quotes/time-zone`. */
export async function readNamedColumns(
  sample: TextSample,
  overrides: FileOverrides,
  named: NamedColumns,
): Promise<RawTable> {
  const input = tableOf(sample, named, overrides);
  if (!overrides.mapping && input.header) requireUnique(input.header, named);
  const plan = planTable(input, named, overrides);
  const roles = roleCodes(plan);
  const read = roles === undefined ? readCells : readPlain;
  const table = await read(sample, input.firstLine, plan, overrides, roles ?? []);
  if (plan.carries || (plan.roles.side !== undefined && plan.roles.action === undefined)) {
    dropSentinels(table.rows);
    carrySidesForward(table.rows);
  }
  dividePrices(table.rows, plan.priceDivisor);
  // The book is what it is after all events of one stamp.
  return plan.roles.action === undefined ? table : { ...table, oneUpdatePerStamp: true };
}

/** What the scanner reads each column as; `undefined` where it cannot read the table. */
function roleCodes(plan: TablePlan): RoleCode[] | undefined {
  const { roles, splits, time, style } = plan;
  const plainTime = time.kind === 'epoch' || time.kind === 'sinceMidnight' || ('iso' in time && time.iso);
  const onlyMidnight = time.kind !== 'sinceMidnight' || roles.date === undefined;
  if (splits.length > 0 || style !== 'plain' || !plainTime || !onlyMidnight) return undefined;
  const codes: RoleCode[] = new Array(Math.max(...Object.values(roles)) + 1).fill(Role.skip);
  for (const [role, column] of Object.entries(roles)) {
    if (!(role in Role)) return undefined;
    codes[column] = role === 'sequence' ? Role.watched : Role[role as keyof typeof Role];
  }
  return codes;
}

async function readPlain(
  sample: TextSample,
  firstLine: number,
  plan: TablePlan,
  overrides: FileOverrides,
  roles: readonly RoleCode[],
): Promise<RawTable> {
  const { time, midnightMs } = plan;
  const clock = wallClock(plan.timeZone);
  const stamp = firstStamp(sample, plan);
  const nanoseconds =
    (time.kind === 'epoch' && (time.unit ?? inferTimeUnit(Number(stamp))) === 'ns') ||
    (time.kind === 'sinceMidnight' && time.unit === 'ns');
  const numeric = time.kind === 'epoch' || time.kind === 'sinceMidnight';
  const rowPlan: RowPlan = {
    delimiter: sample.delimiter.charCodeAt(0),
    roles,
    clock,
    time: nanoseconds ? 'nanoseconds' : numeric ? 'number' : time.kind === 'timeOfDay' ? 'timeOfDay' : 'iso',
    ...(midnightMs !== undefined && { midnightMs }),
  };
  const rows = await readRows(sample, firstLine, rowPlan);
  let { timeUnit, timeZone } = plan;
  if (time.kind === 'epoch') {
    timeZone = 'UTC';
    if (!nanoseconds) timeUnit = timeUnitNames(scaleStamps(rows.timeMs, time.unit));
    else timeUnit = time.unit ? timeUnitName('ns') : timeUnitNames(mendNanoseconds(rows.timeMs));
  } else if (time.kind === 'sinceMidnight') {
    if (!nanoseconds) scaleStamps(rows.timeMs, time.unit);
    for (let i = 0; i < rows.count; i++) rows.timeMs[i] = clock.toEpoch(midnightMs! + rows.timeMs[i]!);
  } else if (time.kind === 'dateTime' && namesZone(stamp)) timeZone = 'as written with each time';
  const ownSymbol = plan.roles.symbol === undefined || overrides.symbol !== undefined;
  if (ownSymbol) rows.symbol = undefined;
  return {
    symbols: ownSymbol ? [overrides.symbol ?? symbolFromName(sample.memberName)] : rows.symbols,
    rows,
    calendar: plan.calendar ?? ALWAYS_OPEN,
    barMs: 0,
    timeUnit,
    timeZone,
    notes: plan.notes,
    questions: plan.questions,
    oneUpdatePerStamp: false,
  };
}

function firstStamp(sample: TextSample, plan: TablePlan): string {
  const cells = sample.cells.map((row) => row[plan.roles.time] ?? '');
  return cells.find((cell) => (plan.time.kind === 'epoch' ? isNumber(cell) : /^\d/.test(cell))) ?? '';
}

/** Lines cut at their delimiters, each cell a text. */
async function readCells(
  sample: TextSample,
  firstLine: number,
  plan: TablePlan,
  overrides: FileOverrides,
): Promise<RawTable> {
  const own = overrides.symbol ?? symbolFromName(sample.memberName);
  const size = sample.source.size ?? sample.bytes.length;
  const perRow = (sample.bytes.length - firstLine) / Math.max(1, sample.cells.length);
  const builder = new TableBuilder(
    plan,
    Math.min(1e6, size / Math.max(8, perRow)),
    own,
    overrides.symbol !== undefined,
  );
  const wanted = new Set([...Object.values(plan.roles), ...plan.splits.map(({ column }) => column)]);
  const last = Math.max(...wanted);
  const delimiter = sample.delimiter.charCodeAt(0);
  const lines = new LineIndex();
  const cells: string[] = new Array(last + 1).fill('');
  let lineNumber = countLines(sample.bytes, firstLine);
  for await (const { bytes, start, endExclusive, offset, share } of lineBlocks(sample.source, firstLine)) {
    const scanner = new FieldScanner(bytes, delimiter, start, endExclusive);
    for (; !scanner.atEnd(); scanner.nextLine()) {
      lineNumber++;
      if (scanner.lineIsBlank()) continue;
      if (builder.count % LineIndex.STEP === 0) lines.mark(offset + scanner.position - start, lineNumber);
      let column = 0;
      for (; column <= last; column++) {
        if (wanted.has(column)) {
          scanner.field();
          cells[column] = cellText(bytes, scanner.fieldStart, scanner.fieldEndExclusive);
        } else scanner.skipField();
        if (column < last && !scanner.nextField()) break;
      }
      const short = column < last;
      for (let lacking = column + 1; lacking <= last; lacking++) cells[lacking] = '';
      builder.add(cells, share);
      if (short) builder.columns.status[builder.count - 1] = RowStatus.unparsable;
    }
  }
  const built = builder.finish(lines);
  return {
    symbols: built.symbols,
    rows: built.rows,
    calendar: plan.calendar ?? ALWAYS_OPEN,
    barMs: 0,
    timeUnit: plan.time.kind === 'epoch' && built.units.length > 0 ? timeUnitNames(built.units) : plan.timeUnit,
    timeZone:
      built.namesZone || plan.roles.offset !== undefined
        ? 'as written with each time'
        : plan.time.kind === 'epoch'
          ? 'UTC'
          : plan.timeZone,
    notes: [...plan.notes, ...built.notes],
    questions: [...plan.questions, ...built.questions],
    ...(built.dayOrder && { decided: { dayOrder: built.dayOrder } }),
    oneUpdatePerStamp: false,
  };
}

const decoder = new TextDecoder();

function cellText(bytes: Uint8Array, start: number, endExclusive: number): string {
  for (let at = start; at < endExclusive; at++) {
    if (bytes[at]! > 127) return decoder.decode(bytes.subarray(start, endExclusive)).trim();
  }
  return asciiText(bytes, start, endExclusive).trim();
}

function countLines(bytes: Uint8Array, endExclusive: number): number {
  let count = 0;
  for (let at = 0; at < endExclusive; at++) if (bytes[at] === 10) count++;
  return count;
}
