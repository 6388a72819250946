/**
 * Dropped quote files of any known format into one series per symbol. Files are read one by one here, or side by side in workers
 * (readFile.ts), and put together by `assemble`. A file that cannot be read becomes a report with a problem and harms no other.
 */

import type { Calendar } from '../core/types.ts';
import { type Pause, pauses } from '../core/yielding.ts';
import { apartQuestion, groupSegments } from './cleaning/apart.ts';
import { symbolHealth } from './cleaning/health.ts';
import { joinSegments, type Segment } from './cleaning/join.ts';
import { checkTable, labelOf, type ReadHooks, type ReadPart, readFile } from './readFile.ts';
import { joinHalves } from './table/pairs.ts';
import { inferCalendar } from './time/inferCalendar.ts';
import type { FileReport, ImportOverrides, QuoteFile, QuoteImport } from './types.ts';
import { overridesFor, unread } from './unread.ts';

/**
 * Reads all files into one series per symbol. Does not reject for what is in the files, nor for overrides that do not fit
 * (an unknown time zone): the report of each file concerned then has a `problem`. Rejects with an AbortError once cancelled.
 */
export async function readQuoteFiles(
  files: readonly QuoteFile[],
  overrides: ImportOverrides = {},
  hooks: Omit<ReadHooks, 'onBytes'> = {},
): Promise<QuoteImport> {
  const parts: ReadPart[] = [];
  for (const file of files) parts.push(...(await readFile(file, overridesFor(file.name, overrides), hooks)));
  return assemble(parts, hooks.signal, overrides.calendar);
}

/**
 * Puts together what was read of all files, in the order in which they were given: pairs first, then the files of each symbol. Where
 * neither `calendar` nor the files name the hours of a market, its stamps do.
 */
export async function assemble(
  parts: readonly ReadPart[],
  signal?: AbortSignal,
  calendar?: Calendar,
): Promise<QuoteImport> {
  const pause = pauses(signal);
  const read = parts.some(({ half }) => half) ? await readPairs(parts, pause) : parts;
  const reports = read.map((each) => each.report);
  const bySymbol: SymbolFiles = new Map();
  read.forEach(({ quotes, calendar, report }, index) => {
    for (const each of quotes) {
      const list = bySymbol.get(each.symbol) ?? [];
      list.push({ segment: { label: labelOf(report), quotes: each, calendar }, report: index });
      bySymbol.set(each.symbol, list);
    }
  });
  keepApart(bySymbol, read, reports);
  const imported: Pick<Mutable, 'series' | 'health'> = { series: [], health: [] };
  for (const [, members] of [...bySymbol].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const joined = joinSegments(members.map(({ segment }) => segment));
    members.forEach(({ report: index, segment }, position) => {
      const report = reports[index]!;
      const twin = joined.duplicateOf[position];
      const elsewhere = twin === undefined ? 0 : segment.quotes.timeMs.length;
      reports[index] = {
        ...report,
        overlapping: report.overlapping + joined.overlapping[position]!,
        rowsKept: report.rowsKept - elsewhere,
        rowsElsewhere: report.rowsElsewhere + elsewhere,
        ...(twin !== undefined && { duplicateOf: twin }),
      };
    });
    await pause();
    const used = members.flatMap(({ segment }, i) => (joined.duplicateOf[i] === undefined ? [segment] : []));
    const told = calendar ?? (joined.series.calendar.kind === '24/7' ? undefined : joined.series.calendar);
    const inferred = told ? undefined : inferCalendar(joined.series.timeMs);
    const series = { ...joined.series, calendar: told ?? inferred ?? joined.series.calendar };
    imported.series.push(series);
    imported.health.push({ ...symbolHealth(series, used), calendarInferred: inferred !== undefined });
    await pause();
  }
  return { ...imported, reports };
}

type SymbolFiles = Map<string, { segment: Segment; report: number }[]>;

/** Files of one symbol that do not agree become symbols of their own, and their reports ask about it. */
function keepApart(bySymbol: SymbolFiles, read: readonly ReadPart[], reports: FileReport[]): void {
  for (const [symbol, members] of [...bySymbol]) {
    if (members.length < 2) continue;
    const segments = members.map(({ segment }) => segment);
    const groups = groupSegments(segments, (position) => read[members[position]!.report]!.joinAnyway === true);
    if (groups.length === 1) continue;
    bySymbol.delete(symbol);
    const firsts = groups.map(([first]) => segments[first!]!);
    const names = firsts.map(({ label }) => `${symbol} (${label})`);
    const files = [...new Set(members.map(({ report }) => reports[report]!.file))];
    const question = apartQuestion(symbol, names, firsts, files);
    groups.forEach((group, i) => {
      const name = names[i]!;
      const renamed = group.map((position) => {
        const { segment, report } = members[position]!;
        return { report, segment: { ...segment, quotes: { ...segment.quotes, symbol: name } } };
      });
      bySymbol.set(name, renamed);
      for (const { report } of renamed) {
        const before = reports[report]!;
        reports[report] = {
          ...before,
          symbols: before.symbols.map((each) => (each === symbol ? name : each)),
          questions: [...(before.questions ?? []), question],
        };
      }
    });
  }
}

type Mutable = { -readonly [key in keyof QuoteImport]: QuoteImport[key][number][] };

/** Puts the halves among the parts together and checks what comes of them. */
async function readPairs(parts: readonly ReadPart[], pause: Pause): Promise<ReadPart[]> {
  const halves = parts.map(({ report, half }) => half && { label: labelOf(report), table: half.table });
  const read: ReadPart[] = [];
  for (const [index, joined] of joinHalves(halves).entries()) {
    const part = parts[index]!;
    const { report, half } = part;
    if (half === undefined || joined === undefined) {
      read.push(part);
      continue;
    }
    const base = { ...report, ...('with' in joined && { pairedWith: joined.with }) };
    if ('problem' in joined) {
      const problem = { ...joined.problem, where: labelOf(report) };
      read.push(unread({ ...base, ...describe(half), problem }));
    } else if ('table' in joined) {
      const { format, policies } = half;
      read.push(await checkTable(base, { format, table: joined.table }, policies, pause, async () => new Map()));
    } else {
      const known = describe(half);
      const notes = [...half.table.notes, joined.note];
      read.push(unread({ ...base, ...known, notes, rowsElsewhere: half.table.rows.count }));
    }
  }
  return read;
}

/** What can be said of a half by itself. */
function describe({ format, table }: NonNullable<ReadPart['half']>): Partial<FileReport> {
  const { symbols, rows, barMs, timeUnit, timeZone, notes } = table;
  const dated = rows.timeMs.filter(Number.isFinite);
  const [firstMs = Number.NaN, lastMs = Number.NaN] = dated.length > 0 ? [dated[0]!, dated.at(-1)!] : [];
  return { format, symbols, rowsRead: rows.count, firstMs, lastMs, barMs, timeUnit, timeZone, notes };
}
