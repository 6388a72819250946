/**
 * Tables of named columns (Parquet, Arrow, JSON) into rows: numbers, integers of 64 bits, lists of levels and dictionaries of symbols. Plain
 * ones column by column, others row by row by the plan of their first rows (tablePlan.ts).
 */

import { fail } from '../../core/errors.ts';
import type { FileNames } from '../bytes/text.ts';
import { emptyColumn, NameCodes, rowsOfColumns } from '../table/columns.ts';
import { TableBuilder, textOf } from '../table/tableBuilder.ts';
import { type WallClock, wallClock } from '../time/calendar.ts';
import { scanIsoTime } from '../time/isoTime.ts';
import { NanosecondStamps } from '../time/nanoseconds.ts';
import { inferTimeUnit, timeUnitNames } from '../time/stamps.ts';
import type { ColumnRoles, FileOverrides, TimeUnit } from '../types.ts';
import { type ColumnType, cellText } from './columnCells.ts';
import { ALWAYS_OPEN, type RawTable } from './format.ts';
import { dividePrices } from './prices.ts';
import { dropSentinels } from './sentinels.ts';
import { carrySidesForward } from './sides.ts';
import { symbolFromName } from './symbolNames.ts';
import { planTable, type TablePlan, zoneQuestion } from './tablePlan.ts';
import { tableKind, tableRoles } from './tableRoles.ts';

/** A file of columns that hands over those that are wanted, piece by piece. */
export interface ColumnSource {
  /** For people: “Parquet file”. */
  readonly kind: string;
  readonly names: readonly string[];
  readonly types: readonly ColumnType[];
  readonly rows: number;
  /** The first rows as texts. */
  readonly first: readonly (readonly string[])[];
  /** Calls `sink` with every piece of the columns wanted (into `names`). */
  read(
    wanted: readonly number[],
    sink: (column: number, values: ArrayLike<unknown>, rowStart: number) => void,
  ): Promise<void>;
}

const NANOSECONDS: Readonly<Record<TimeUnit, bigint>> = { s: 1_000_000_000n, ms: 1_000_000n, us: 1000n, ns: 1n };

/** Rows that any file may have; beyond them its bytes have to justify more. */
const HARMLESS_ROWS = 1_000_000;
/** Constant columns under a good compressor come to about this. */
const MOST_ROWS_PER_BYTE = 12;
const PLAIN_ROLES: readonly (keyof ColumnRoles)[] = ['time', 'bid', 'ask', 'bidSize', 'askSize', 'symbol'];

/** @throws UserError `quotes/bomb` where a file of so many bytes cannot hold so many rows. */
export function checkRows(rows: number, fileBytes: number): void {
  if (rows >= 0 && rows <= Math.max(HARMLESS_ROWS, fileBytes * MOST_ROWS_PER_BYTE)) return;
  fail('quotes/bomb', `The file claims ${rows} rows in ${fileBytes} bytes: it was not opened.`, {
    hint: 'If it does hold quotes, write it again as CSV.',
  });
}

/** The roles of a file's columns. @throws UserError `quotes/columns` where they give no quotes */
export function columnRoles(
  { kind, names, first }: Pick<ColumnSource, 'kind' | 'names' | 'first'>,
  { mapping }: FileOverrides,
): Partial<ColumnRoles> & { readonly time: number } {
  const roles = mapping?.columns ?? tableRoles(names, first);
  const { time } = roles;
  if (time !== undefined && tableKind(roles)) return { ...roles, time };
  return fail(
    'quotes/columns',
    `The columns of the ${kind} are ${names.join(', ')}: time, bid and ask are not all among them.`,
    {
      hint: 'Say which columns are time, bid and ask, or drop a file that has all three.',
    },
  );
}

/** @throws what planTable throws, UserError `quotes/empty`, `quotes/time-unit`, `quotes/too-large`, and what the source throws. */
export async function readColumnTable(
  names: FileNames,
  overrides: FileOverrides,
  source: ColumnSource,
  roles: Partial<ColumnRoles> & { readonly time: number },
): Promise<RawTable> {
  if (source.rows === 0)
    fail('quotes/empty', 'The file has columns but no rows.', { hint: 'Drop a file with quotes in it.' });
  const plan = planTable({ header: source.names, body: source.first }, roles, overrides);
  const plain =
    plan.splits.length === 0 &&
    plan.style === 'plain' &&
    Object.keys(plan.roles).every((role) => PLAIN_ROLES.includes(role as keyof ColumnRoles)) &&
    (plan.time.kind === 'epoch' || (plan.time.kind === 'dateTime' && plan.time.iso));
  const type = source.types[roles.time] ?? {};
  const table = plain
    ? await readByColumn(names, overrides, source, plan)
    : await readByRow(names, overrides, source, plan);
  if (plan.carries || (plan.roles.side !== undefined && plan.roles.action === undefined)) {
    dropSentinels(table.rows);
    carrySidesForward(table.rows);
  }
  dividePrices(table.rows, plan.priceDivisor);
  const asked =
    type.unit !== undefined && type.zone !== 'utc' && overrides.timeZone === undefined && !plan.maker?.timeZone
      ? [zoneQuestion('Its stamps are times of day on a clock whose zone the file does not name.')]
      : [];
  const orders = plan.roles.action !== undefined && { oneUpdatePerStamp: true };
  return { ...table, ...orders, questions: [...plan.questions, ...(table.questions ?? []), ...asked] };
}

async function readByColumn(
  names: FileNames,
  overrides: FileOverrides,
  source: ColumnSource,
  plan: TablePlan,
): Promise<RawTable> {
  const { roles } = plan;
  const { rows } = source;
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
  const times = new TimeColumn(rows, wallClock(plan.timeZone), overrides, source.types[roles.time]);
  await source.read([...new Set(Object.values(roles))], (at, values, rowStart) => {
    const length = Math.min(values.length, rows - rowStart);
    if (at === roles.time) times.set(values, rowStart, length);
    if (at === roles.symbol && symbol) {
      for (let i = 0; i < length; i++) symbol[rowStart + i] = symbolNames.code(textOf(values[i]));
    }
    for (const role of ['bid', 'ask', 'bidSize', 'askSize'] as const) {
      const column = columns[role];
      if (at !== roles[role] || !column) continue;
      for (let i = 0; i < length; i++) column[rowStart + i] = numberOf(values[i]);
    }
  });
  return {
    symbols: withSymbols ? symbolNames.names : [overrides.symbol ?? symbolFromName(names.memberName)],
    rows: rowsOfColumns({ timeMs: times.timeMs, ...columns, symbol }),
    calendar: plan.calendar ?? ALWAYS_OPEN,
    barMs: 0,
    timeUnit: times.units.size === 0 ? 'date and time' : timeUnitNames([...times.units]),
    timeZone: times.local ? plan.timeZone : 'UTC',
    notes: plan.notes,
    oneUpdatePerStamp: false,
  };
}

/** Rows out of columns that are all held: for the few tables that a column alone does not tell. */
async function readByRow(
  names: FileNames,
  overrides: FileOverrides,
  source: ColumnSource,
  plan: TablePlan,
): Promise<RawTable> {
  const { rows, types } = source;
  const wanted = [...new Set([...Object.values(plan.roles), ...plan.splits.map(({ column }) => column)])];
  const held = new Map(wanted.map((at): [number, unknown[]] => [at, new Array(Math.min(rows, 1 << 16))]));
  emptyColumn(rows);
  await source.read(wanted, (at, values, rowStart) => {
    const column = held.get(at)!;
    const type = types[at] ?? {};
    const length = Math.min(values.length, rows - rowStart);
    for (let i = 0; i < length; i++) column[rowStart + i] = cellText(values[i], type);
  });
  const own = overrides.symbol ?? symbolFromName(names.memberName);
  const builder = new TableBuilder(plan, rows, own, overrides.symbol !== undefined);
  const cells: unknown[] = new Array(Math.max(...wanted) + 1);
  for (let row = 0; row < rows; row++) {
    for (const at of wanted) cells[at] = held.get(at)![row];
    builder.add(cells, row / rows);
  }
  const built = builder.finish(undefined);
  return {
    symbols: built.symbols,
    rows: built.rows,
    calendar: plan.calendar ?? ALWAYS_OPEN,
    barMs: 0,
    timeUnit: built.units.length > 0 ? timeUnitNames(built.units) : plan.timeUnit,
    timeZone: built.namesZone ? 'as written with each time' : plan.time.kind === 'epoch' ? 'UTC' : plan.timeZone,
    notes: [...plan.notes, ...built.notes],
    questions: built.questions,
    ...(built.dayOrder && { decided: { dayOrder: built.dayOrder } }),
    oneUpdatePerStamp: false,
  };
}

/** Stamps of whatever kind as milliseconds; of those without a unit each one's size tells it. */
class TimeColumn {
  readonly timeMs: Float64Array;
  readonly units = new Set<TimeUnit>();
  /** Whether stamps are readings of a clock, not instants. */
  readonly local: boolean;
  private readonly stamps = new NanosecondStamps();
  private readonly encoder = new TextEncoder();
  private readonly told: TimeUnit | undefined;

  constructor(
    rows: number,
    private readonly clock: WallClock,
    overrides: FileOverrides,
    { unit, zone }: ColumnType = {},
  ) {
    this.timeMs = emptyColumn(rows);
    this.told = unit ?? overrides.timeUnit;
    this.local = unit === undefined ? false : zone !== 'utc';
  }

  set(values: ArrayLike<unknown>, rowStart: number, length: number): void {
    for (let i = 0; i < length; i++) {
      const ms = this.toMs(values[i]);
      this.timeMs[rowStart + i] = this.local ? this.clock.toEpoch(ms) : ms;
    }
  }

  private toMs(value: unknown): number {
    if (value instanceof Date) return value.getTime();
    if (typeof value === 'string' || value instanceof Uint8Array) {
      const text = textOf(value);
      if (/^\d{9,19}$/.test(text)) return this.toMs(BigInt(text));
      if (/^\d{9,19}\.\d+$/.test(text)) return this.toMs(Number(text));
      const bytes = this.encoder.encode(text);
      return scanIsoTime(bytes, 0, bytes.length, this.clock);
    }
    if (typeof value !== 'bigint' && typeof value !== 'number') return Number.NaN;
    const size = Number(value);
    if (!Number.isFinite(size)) return Number.NaN;
    if (this.told === undefined && Math.abs(size) < 1e8 && this.units.size > 0) return Number.NaN;
    const unit = this.told ?? inferTimeUnit(size);
    this.units.add(unit);
    if (typeof value === 'bigint') return this.stamps.toMs(value * NANOSECONDS[unit]);
    if (unit === 's') return value * 1000;
    return unit === 'ms' ? value : value / (unit === 'us' ? 1e3 : 1e6);
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
