/**
 * From the rows of a file to clean quotes per symbol: readable, complete, positive, not crossed, in order of time, one per stamp. Every
 * row that is dropped or moved is counted with examples (findings.ts holds the policy); gaps and outliers are counted and kept.
 */

import { EARLIEST_MS, LATEST_MS } from './calendar.ts';
import { FindingLog, GAP_STEPS, OUTLIER_CHANGES, OUTLIER_FRACTION, WIDE_SPREAD } from './findings.ts';
import type { RawTable } from './formats/format.ts';
import { rowExample } from './rowExample.ts';
import { RowStatus, type Rows } from './rows.ts';
import type { Finding } from './types.ts';

/** Quotes of one symbol out of one file: ascending stamps, each once. */
export interface CleanQuotes {
  readonly symbol: string;
  readonly timeMs: Float64Array;
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  readonly bidSize: Float64Array | undefined;
  readonly askSize: Float64Array | undefined;
}

export interface Validated {
  readonly quotes: readonly CleanQuotes[];
  readonly findings: readonly Finding[];
  /** Over all rows with a readable stamp; NaN without any. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Over the kept quotes: the smallest median and the largest gap of any symbol; NaN where none has two quotes. */
  readonly medianStepMs: number;
  readonly largestGapMs: number;
}

/** Takes the table over: clean columns may be its own. `bytes` is what the rows were read from: examples of lines are cut out of it. */
export function validate(table: RawTable, bytes: Uint8Array, keepCrossed: boolean): Validated {
  const log = new FindingLog((row) => rowExample(table.rows, bytes, row), keepCrossed);
  const quotes: CleanQuotes[] = [];
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  let medianStepMs = Number.POSITIVE_INFINITY;
  let largestGapMs = Number.NEGATIVE_INFINITY;

  readableRowsBySymbol(table, log).forEach((rowsInFile, code) => {
    const order = sortByTime(rowsInFile, table.rows, log);
    if (order.length > 0) {
      firstMs = Math.min(firstMs, table.rows.timeMs[order[0]!]!);
      lastMs = Math.max(lastMs, table.rows.timeMs[order.at(-1)!]!);
    }
    const kept = selectUsable(order, table, keepCrossed, log);
    if (kept.length === 0) return;
    const { timeMs, bid, ask, bidSize, askSize } = table.rows;
    const clean: CleanQuotes = {
      symbol: table.symbols[code]!,
      timeMs: gather(timeMs, kept),
      bid: gather(bid, kept),
      ask: gather(ask, kept),
      bidSize: bidSize && gather(bidSize, kept),
      askSize: askSize && gather(askSize, kept),
    };
    quotes.push(clean);
    const steps = noteGaps(clean, kept, log);
    noteOutliers(clean, kept, log);
    if (steps.medianMs < medianStepMs) medianStepMs = steps.medianMs;
    if (steps.largestMs > largestGapMs) largestGapMs = steps.largestMs;
  });

  return {
    quotes,
    findings: log.findings(),
    firstMs: finiteOrNaN(firstMs),
    lastMs: finiteOrNaN(lastMs),
    medianStepMs: finiteOrNaN(medianStepMs),
    largestGapMs: finiteOrNaN(largestGapMs),
  };
}

/** Row numbers in file order, one list per symbol; rows that were not read are logged and left out. */
function readableRowsBySymbol(table: RawTable, log: FindingLog): Uint32Array[] {
  const { count, timeMs, status, symbol } = table.rows;
  // A counting sort: how many rows each symbol has, hence where its list begins, then the rows.
  const ends = new Uint32Array(table.symbols.length);
  for (let row = 0; row < count; row++) {
    const dated = timeMs[row]! >= EARLIEST_MS && timeMs[row]! < LATEST_MS;
    if (status[row] === RowStatus.ok && !dated) status[row] = RowStatus.unparsable;
    if (status[row] === RowStatus.ok) ends[symbol ? symbol[row]! : 0]!++;
    else log.add(status[row] === RowStatus.suspicious ? 'suspicious' : 'unparsable', row);
  }
  const starts = new Uint32Array(ends.length);
  for (let code = 1; code < ends.length; code++) starts[code] = starts[code - 1]! + ends[code - 1]!;
  const listed = new Uint32Array((starts.at(-1) ?? 0) + (ends.at(-1) ?? 0));
  ends.set(starts);
  for (let row = 0; row < count; row++) {
    if (status[row] === RowStatus.ok) listed[ends[symbol ? symbol[row]! : 0]!++] = row;
  }
  return Array.from(starts, (start, code) => listed.subarray(start, ends[code]));
}

/** Sorts rows stably by stamp where they are not in order already, and logs the out-of-order and duplicate ones. */
function sortByTime(rowsInFile: Uint32Array, rows: Rows, log: FindingLog): Uint32Array {
  const { timeMs } = rows;
  let ordered = true;
  for (let i = 1; i < rowsInFile.length; i++) {
    if (timeMs[rowsInFile[i]!]! < timeMs[rowsInFile[i - 1]!]!) {
      ordered = false;
      log.add('outOfOrder', rowsInFile[i]!);
    }
  }
  const order = ordered ? rowsInFile : rowsInFile.slice().sort((a, b) => timeMs[a]! - timeMs[b]! || a - b);
  for (let i = 1; i < order.length; i++) {
    if (timeMs[order[i]!] === timeMs[order[i - 1]!]) log.add('duplicateStamp', order[i]!);
  }
  return order;
}

/** The rows that become quotes: usable, and the last usable of their stamp. */
function selectUsable(order: Uint32Array, table: RawTable, keepCrossed: boolean, log: FindingLog): Uint32Array {
  const { timeMs, bid, ask } = table.rows;
  const kept = new Uint32Array(order.length);
  let count = 0;
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    // A later part of the same update overrides this state before anyone could see it.
    if (table.oneUpdatePerStamp && i + 1 < order.length && timeMs[order[i + 1]!] === timeMs[row]) continue;
    const b = bid[row]!;
    const a = ask[row]!;
    if (Number.isNaN(b) || Number.isNaN(a)) {
      log.add('missing', row);
      continue;
    }
    if (b <= 0 || a <= 0) {
      log.add('nonPositive', row);
      continue;
    }
    if (b > a) {
      log.add('crossed', row);
      if (!keepCrossed) continue;
    } else if (b === a) {
      log.add('locked', row);
    }
    if (count > 0 && timeMs[kept[count - 1]!] === timeMs[row]) count--;
    kept[count++] = row;
  }
  return kept.subarray(0, count);
}

function noteGaps(clean: CleanQuotes, kept: Uint32Array, log: FindingLog) {
  const { timeMs } = clean;
  const medianMs = sampledMedian(timeMs.length - 1, (i) => timeMs[i + 1]! - timeMs[i]!);
  let largestMs = Number.NaN;
  for (let i = 1; i < timeMs.length; i++) {
    const step = timeMs[i]! - timeMs[i - 1]!;
    if (!(step <= largestMs)) largestMs = step;
    if (step > GAP_STEPS * medianMs) log.add('gap', kept[i]!);
  }
  return { medianMs, largestMs };
}

/** Bad prints stand apart from both neighbours on the same side; a move of the market stands apart from one only. */
function noteOutliers(clean: CleanQuotes, kept: Uint32Array, log: FindingLog): void {
  const { bid, ask } = clean;
  const mid = (i: number) => (bid[i]! + ask[i]!) / 2;
  const usual = sampledMedian(bid.length - 1, (i) => Math.abs(mid(i + 1) / mid(i) - 1) || Number.NaN);
  const bound = Math.max(OUTLIER_FRACTION, OUTLIER_CHANGES * (Number.isNaN(usual) ? 0 : usual));
  let before = bid.length > 0 ? mid(0) : Number.NaN;
  let here = before;
  for (let i = 0; i < bid.length; i++) {
    const after = i + 1 < bid.length ? mid(i + 1) : here;
    const above = here > before * (1 + bound) && here > after * (1 + bound);
    const below = here < before * (1 - bound) && here < after * (1 - bound);
    if (above || below || ask[i]! - bid[i]! > WIDE_SPREAD * here) log.add('outlier', kept[i]!);
    before = here;
    here = after;
  }
}

/** Median of `value(0 … count−1)` without NaN, over at most a hundred thousand evenly spaced ones; NaN of none. */
function sampledMedian(count: number, value: (index: number) => number): number {
  const stride = Math.max(1, Math.ceil(count / 100_000));
  const sample = new Float64Array(Math.max(0, Math.ceil(count / stride)));
  let used = 0;
  for (let i = 0; i < count; i += stride) {
    const each = value(i);
    if (!Number.isNaN(each)) sample[used++] = each;
  }
  return used === 0 ? Number.NaN : sample.subarray(0, used).sort()[used >> 1]!;
}

/** The entries of a column at the rows given; the column itself where those are all of them in order. */
function gather(column: Float64Array, rows: Uint32Array): Float64Array {
  if (rows.length === column.length && isIdentity(rows)) return column;
  const out = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = column[rows[i]!]!;
  return out;
}

function isIdentity(rows: Uint32Array): boolean {
  for (let i = 0; i < rows.length; i++) if (rows[i] !== i) return false;
  return true;
}

/** Infinity is the extreme of nothing. */
function finiteOrNaN(extreme: number): number {
  return Number.isFinite(extreme) ? extreme : Number.NaN;
}
