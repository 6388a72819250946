/**
 * From the rows of a file to clean quotes per symbol: readable, complete, positive, not crossed, in order of time, one per stamp. Every
 * row that is dropped, moved or changed is counted with examples (findings.ts holds the policies); what shows over time (shape.ts) is
 * counted and, unless set otherwise, kept.
 */

import type { Pause } from '../../core/yielding.ts';
import type { RawTable } from '../formats/format.ts';
import { dropSentinels } from '../formats/sentinels.ts';
import { type OrderedRows, orderRows, Repair, STATUS_MASK } from '../table/rowOrder.ts';
import { RowStatus, type Rows } from '../table/rows.ts';
import { selectRows } from '../table/selectRows.ts';
import { coverageOf, findGaps, findOutliers, findScaled, findSplits, findStale } from '../table/shape.ts';
import { tradingDays } from '../time/calendar.ts';
import type { Finding, FindingKind, Policies, RowExample } from '../types.ts';
import { FindingLog, mergeFindings } from './findingLog.ts';
import { policyOf } from './findings.ts';

/** Quotes of one symbol out of one file: ascending stamps, each once. */
export interface CleanQuotes {
  readonly symbol: string;
  readonly timeMs: Float64Array;
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  readonly bidSize: Float64Array | undefined;
  readonly askSize: Float64Array | undefined;
  readonly findings: readonly Finding[];
}

export interface Validated {
  readonly quotes: readonly CleanQuotes[];
  /** Over the whole file. */
  readonly findings: readonly Finding[];
  /** Rows among the kept ones that were changed or moved. */
  readonly rowsRepaired: number;
  /** Over all rows with a readable stamp; NaN without any. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Over the kept quotes: the smallest median and the largest gap of any symbol; NaN where none has two quotes. */
  readonly medianStepMs: number;
  readonly largestGapMs: number;
}

export interface ValidateOptions {
  readonly policies: Policies | undefined;
  readonly pause: Pause;
  /** Finds the lines of rows, given in ascending order, in the text they were read from. */
  readonly linesOf: (rows: Rows, wanted: readonly number[]) => Promise<ReadonlyMap<number, RowExample>>;
}

/** Takes the table over: clean columns are its own. */
export async function validate(table: RawTable, options: ValidateOptions): Promise<Validated> {
  const { policies, pause } = options;
  const { rows } = table;
  const describe = rows.lines ? undefined : (index: number) => describeRow(rows, index);
  const unread = new FindingLog(describe);
  const logs = table.symbols.map(() => new FindingLog(describe));
  dropSentinels(rows);
  for (const row of rows.sentinels ?? []) (logs[rows.symbol ? rows.symbol[row]! : 0] ?? unread).add('sentinel', row);
  const order = await orderRows(table, policies, unread, (code) => logs[code]!, pause);

  const selected: SymbolRows[] = [];
  for (const ordered of order.symbols) {
    const kept = await selectRows(table, ordered, policies, logs[ordered.code]!, pause);
    if (kept > 0) selected.push(new SymbolRows(table, ordered, kept));
  }
  gatherColumns(rows, selected);
  let medianStepMs = Number.POSITIVE_INFINITY;
  let largestGapMs = Number.NEGATIVE_INFINITY;
  for (const each of selected) {
    const steps = await findShape(each, table, policies, logs[each.code]!, pause);
    if (steps.medianMs < medianStepMs) medianStepMs = steps.medianMs;
    if (steps.largestMs > largestGapMs) largestGapMs = steps.largestMs;
  }
  const rowsRepaired = countRepairs(rows, logs);

  const wanted = [unread, ...logs].flatMap((log) => log.wanted());
  const lines = await options.linesOf(
    rows,
    [...new Set(wanted)].sort((a, b) => a - b),
  );
  const bySymbol = logs.map((log) => log.findings(policies, lines));
  const findings = mergeFindings([unread.findings(policies, lines), ...bySymbol], true);
  return {
    quotes: selected
      .filter(({ count }) => count > 0)
      .map(({ code, columns }) => ({
        symbol: table.symbols[code]!,
        ...columns,
        // Rows that cannot be read may belong to any symbol of their file.
        findings: table.symbols.length === 1 ? findings : bySymbol[code]!,
      })),
    findings,
    rowsRepaired,
    firstMs: finiteOrNaN(order.firstMs),
    lastMs: finiteOrNaN(order.lastMs),
    medianStepMs: finiteOrNaN(medianStepMs),
    largestGapMs: finiteOrNaN(largestGapMs),
  };
}

type Columns = Omit<CleanQuotes, 'symbol' | 'findings'>;

/** The kept quotes of one symbol, and the rows they were. */
class SymbolRows {
  readonly code: number;
  private list: Uint32Array | undefined;
  columns: Columns;

  constructor(
    private readonly table: RawTable,
    ordered: OrderedRows,
    public count: number,
  ) {
    this.code = ordered.code;
    this.list = ordered.rows?.subarray(0, count);
    this.columns = cut(table.rows, 0, count);
  }

  /** Row numbers, where the columns have not been gathered from there yet. */
  get rows(): Uint32Array | undefined {
    return this.list;
  }

  /** The row of the file that the kept quote was. Without a list, rows of status ok are counted. */
  rowOf(index: number): number {
    if (this.list) return this.list[index]!;
    const { status } = this.table.rows;
    let left = index;
    for (let row = 0; row < status.length; row++) {
      if ((status[row]! & STATUS_MASK) === RowStatus.ok && left-- === 0) return row;
    }
    return status.length;
  }

  /** Drops quotes, which are given in ascending order. */
  drop(indexes: readonly number[]): void {
    const { timeMs, bid, ask, bidSize, askSize } = this.columns;
    const { status } = this.table.rows;
    const list = this.list ?? this.listRows();
    let kept = 0;
    let next = 0;
    for (let i = 0; i < this.count; i++) {
      if (i === indexes[next]) {
        status[list[i]!] = RowStatus.dropped;
        next++;
        continue;
      }
      list[kept] = list[i]!;
      timeMs[kept] = timeMs[i]!;
      bid[kept] = bid[i]!;
      ask[kept] = ask[i]!;
      if (bidSize) bidSize[kept] = bidSize[i]!;
      if (askSize) askSize[kept] = askSize[i]!;
      kept++;
    }
    this.count = kept;
    this.list = list.subarray(0, kept);
    this.columns = cut(this.columns, 0, kept);
  }

  private listRows(): Uint32Array {
    const { status } = this.table.rows;
    const list = new Uint32Array(this.count);
    let count = 0;
    for (let row = 0; count < this.count; row++) if ((status[row]! & STATUS_MASK) === RowStatus.ok) list[count++] = row;
    return list;
  }
}

function cut({ timeMs, bid, ask, bidSize, askSize }: Columns, start: number, endExclusive: number): Columns {
  return {
    timeMs: timeMs.subarray(start, endExclusive),
    bid: bid.subarray(start, endExclusive),
    ask: ask.subarray(start, endExclusive),
    bidSize: bidSize?.subarray(start, endExclusive),
    askSize: askSize?.subarray(start, endExclusive),
  };
}

/**
 * Puts listed rows in their order, symbol after symbol. One column is spare: each is written into the one before it, so that no more than
 * one column is needed beside them.
 */
function gatherColumns(rows: Rows, selected: readonly SymbolRows[]): void {
  const lists = selected.flatMap(({ rows: list }) => (list ? [list] : []));
  if (lists.length === 0) return;
  const total = lists.reduce((sum, list) => sum + list.length, 0);
  let spare: Float64Array = new Float64Array(total);
  const gather = (column: Float64Array): Float64Array => {
    let at = 0;
    for (const list of lists) for (const row of list) spare[at++] = column[row]!;
    const gathered = spare.subarray(0, total);
    spare = new Float64Array(column.buffer, column.byteOffset, column.length);
    return gathered;
  };
  const gathered: Columns = {
    timeMs: gather(rows.timeMs),
    bid: gather(rows.bid),
    ask: gather(rows.ask),
    bidSize: rows.bidSize && gather(rows.bidSize),
    askSize: rows.askSize && gather(rows.askSize),
  };
  let start = 0;
  for (const each of selected) {
    each.columns = cut(gathered, start, start + each.count);
    start += each.count;
  }
}

/** Scale and spikes first, as they may be dropped; then what is noted only. */
async function findShape(
  symbol: SymbolRows,
  { rows, calendar }: RawTable,
  policies: Policies | undefined,
  log: FindingLog,
  pause: Pause,
) {
  const shape = new FindingLog(rows.lines ? undefined : (index) => describeRow(symbol.columns, index));
  const note = (kind: FindingKind) => (index: number) => shape.add(kind, () => symbol.rowOf(index), index);
  const findAndSettle = (kind: 'scale' | 'outlier', find: (take: (index: number) => void) => void) => {
    const dropping = policyOf(kind, policies).action === 'drop';
    const dropped: number[] = [];
    find((index) => {
      note(kind)(index);
      if (!dropping) return;
      dropped.push(index);
      shape.drop(kind);
    });
    if (dropped.length > 0) symbol.drop(dropped);
    return pause();
  };
  await findAndSettle('scale', (take) => findScaled(symbol.columns, take));
  await findAndSettle('outlier', (take) => findOutliers(symbol.columns, take));
  const steps = findGaps(symbol.columns, note('gap'));
  await pause();
  const days = tradingDays(calendar);
  findStale(symbol.columns, days, note('stale'));
  await pause();
  findSplits(symbol.columns, coverageOf(symbol.columns, days), note('split'));
  log.append(shape);
  return steps;
}

/** Which rows in the series are not as the file has them, and why. */
function countRepairs({ count, status, symbol }: Rows, logs: readonly FindingLog[]): number {
  let repaired = 0;
  for (let row = 0; row < count; row++) {
    const flags = status[row]! & ~STATUS_MASK;
    if (flags === 0 || (status[row]! & STATUS_MASK) !== RowStatus.ok) continue;
    repaired++;
    const log = logs[symbol ? symbol[row]! : 0]!;
    if (flags & Repair.moved) log.repair('outOfOrder');
    if (flags & Repair.missing) log.repair('missing');
    if (flags & Repair.nonPositive) log.repair('nonPositive');
    if (flags & Repair.swapped) log.repair('crossed');
  }
  return repaired;
}

/** A row as text, where it is no line of one. */
export function describeRow({ timeMs, bid, ask }: Pick<Columns, 'timeMs' | 'bid' | 'ask'>, index: number): string {
  const stamp = new Date(timeMs[index]!);
  const time = Number.isNaN(stamp.getTime()) ? 'no time' : stamp.toISOString();
  const price = (value: number) => (Number.isNaN(value) ? 'none' : `${value}`);
  return `${time}, bid ${price(bid[index]!)}, ask ${price(ask[index]!)}`;
}

/** Infinity is the extreme of nothing. */
function finiteOrNaN(extreme: number): number {
  return Number.isFinite(extreme) ? extreme : Number.NaN;
}
