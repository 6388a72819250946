/**
 * Reads dropped quote files of any known format, all at once: opens archives, tells formats by content, validates, and joins the quotes
 * of each symbol. A file that cannot be read becomes a report with a problem and harms no other.
 */

import { toProblem, type UserProblem } from '../core/errors.ts';
import type { Calendar } from '../core/types.ts';
import { openFile } from './containers.ts';
import { type ReadTable, readTable } from './formats/detect.ts';
import { joinSegments, type Segment } from './join.ts';
import { joinHalves } from './pairs.ts';
import type { FileOverrides, FileReport, ImportOverrides, QuoteFile, QuoteImport } from './types.ts';
import { type CleanQuotes, validate } from './validate.ts';

/**
 * Reads all files into one series per symbol. Does not reject for what is in the files, nor for overrides that do not fit
 * (an unknown time zone): the report of each file concerned then has a `problem`.
 */
export async function readQuoteFiles(
  files: readonly QuoteFile[],
  overrides: ImportOverrides = {},
): Promise<QuoteImport> {
  const parts: ReadFile[] = [];
  // One file at a time: its text can be let go before the next is opened.
  for (const file of files) parts.push(...(await readFile(file, { ...overrides, ...overrides.byFile?.[file.name] })));
  const read = parts.some(({ half }) => half) ? readPairs(parts) : parts;
  const reports = read.map((each) => each.report);
  const bySymbol = new Map<string, { segment: Segment; report: number }[]>();
  read.forEach(({ quotes, calendar, report }, index) => {
    for (const each of quotes) {
      const list = bySymbol.get(each.symbol) ?? [];
      list.push({ segment: { label: labelOf(report), quotes: each, calendar }, report: index });
      bySymbol.set(each.symbol, list);
    }
  });
  const series = [...bySymbol]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, parts]) => {
      const joined = joinSegments(parts.map((part) => part.segment));
      parts.forEach(({ report: index, segment }, position) => {
        const report = reports[index]!;
        const twin = joined.duplicateOf[position];
        reports[index] = {
          ...report,
          overlapping: report.overlapping + joined.overlapping[position]!,
          rowsKept: report.rowsKept - (twin === undefined ? 0 : segment.quotes.timeMs.length),
          ...(twin !== undefined && { duplicateOf: twin }),
        };
      });
      return joined.series;
    });
  return { series, reports };
}

interface ReadFile {
  readonly report: FileReport;
  readonly quotes: readonly CleanQuotes[];
  readonly calendar: Calendar;
  /** Set where the quotes have to wait for another file. */
  readonly half?: ReadTable & { readonly overrides: FileOverrides };
}

const NOTHING_KNOWN = {
  format: '',
  symbols: [],
  rowsRead: 0,
  rowsKept: 0,
  firstMs: Number.NaN,
  lastMs: Number.NaN,
  barMs: 0,
  timeUnit: '',
  timeZone: '',
  notes: [],
  findings: [],
  medianStepMs: Number.NaN,
  largestGapMs: Number.NaN,
  overlapping: 0,
} as const;

/** One entry per content in the file. */
async function readFile(file: QuoteFile, overrides: FileOverrides): Promise<ReadFile[]> {
  const read: ReadFile[] = [];
  for (const opened of await openFile(file)) {
    const base = { ...NOTHING_KNOWN, file: file.name, ...(opened.member !== undefined && { member: opened.member }) };
    if ('problem' in opened) read.push(unread({ ...base, problem: opened.problem }));
    else read.push(await readContent(base, opened.bytes, overrides));
  }
  return read;
}

async function readContent(base: FileReport, bytes: Uint8Array, overrides: FileOverrides): Promise<ReadFile> {
  try {
    const content = await readTable(base.file, base.member, bytes, overrides);
    const half = { ...unread(base), half: { ...content, overrides } };
    return content.table.half ? half : check(base, content, bytes, overrides);
  } catch (caught) {
    return unread({ ...base, problem: { where: labelOf(base), ...toProblem(caught) } });
  }
}

/** From a table to quotes and the report on them. */
function check(base: FileReport, { format, table }: ReadTable, bytes: Uint8Array, overrides: FileOverrides): ReadFile {
  const checked = validate(table, bytes, overrides.keepCrossed ?? false);
  const rowsKept = checked.quotes.reduce((sum, each) => sum + each.timeMs.length, 0);
  const report: FileReport = {
    ...base,
    format,
    symbols: table.symbols,
    rowsRead: table.rows.count,
    rowsKept,
    firstMs: checked.firstMs,
    lastMs: checked.lastMs,
    barMs: table.barMs,
    timeUnit: table.timeUnit,
    timeZone: table.timeZone,
    notes: table.notes,
    findings: checked.findings,
    medianStepMs: checked.medianStepMs,
    largestGapMs: checked.largestGapMs,
  };
  if (rowsKept === 0) return unread({ ...report, problem: noQuotes(report) });
  return { report, quotes: checked.quotes, calendar: table.calendar };
}

/** Puts the halves among the parts together and checks what comes of them. */
function readPairs(parts: readonly ReadFile[]): ReadFile[] {
  const halves = parts.map(({ report, half }) => half && { label: labelOf(report), table: half.table });
  return joinHalves(halves).map((joined, index) => {
    const { report, half } = parts[index]!;
    if (half === undefined || joined === undefined) return parts[index]!;
    const base = { ...report, ...('with' in joined && { pairedWith: joined.with }) };
    if ('problem' in joined) {
      return unread({ ...base, ...describe(half), problem: { ...joined.problem, where: labelOf(report) } });
    }
    if ('table' in joined) {
      return check(base, { format: half.format, table: joined.table }, new Uint8Array(), half.overrides);
    }
    return unread({ ...base, ...describe(half), notes: [...half.table.notes, joined.note] });
  });
}

/** What can be said of a half by itself. */
function describe({ format, table }: ReadTable): Partial<FileReport> {
  const { symbols, rows, barMs, timeUnit, timeZone, notes } = table;
  const dated = rows.timeMs.filter(Number.isFinite);
  const [firstMs = Number.NaN, lastMs = Number.NaN] = dated.length > 0 ? [dated[0]!, dated.at(-1)!] : [];
  return { format, symbols, rowsRead: rows.count, firstMs, lastMs, barMs, timeUnit, timeZone, notes };
}

function unread(report: FileReport): ReadFile {
  return { report, quotes: [], calendar: { kind: '24/7' } };
}

function noQuotes(report: FileReport): UserProblem {
  const first = report.findings[0];
  const example = first?.examples[0];
  return {
    code: 'quotes/none-usable',
    message: `None of its ${report.rowsRead} rows is a usable quote${first ? `: ${first.count} are ${WORDS[first.kind] ?? first.kind}` : ''}.`,
    hint: example
      ? `Row ${example.row} reads “${example.text}”; check the columns and the time zone.`
      : 'Drop a file with quotes in it.',
    where: labelOf(report),
  };
}

const WORDS: Partial<Record<FileReport['findings'][number]['kind'], string>> = {
  unparsable: 'not readable',
  missing: 'without a bid or an ask',
  nonPositive: 'priced at zero or below',
  outOfOrder: 'out of order',
  duplicateStamp: 'of a stamp that occurs again',
};

function labelOf(report: FileReport): string {
  return report.member === undefined ? report.file : `${report.file} › ${report.member}`;
}
