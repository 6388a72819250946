/**
 * Reads one dropped file into parts: clean quotes per symbol with a report, or half a table that waits for another file. Parts are plain
 * data and typed arrays, so that a worker can read a file and another one join what all of them read (import.ts).
 */

import { toProblem, type UserProblem } from '../core/errors.ts';
import type { Calendar } from '../core/types.ts';
import { type Pause, pauses } from '../core/yielding.ts';
import { archiveDecisions } from './archiveDecisions.ts';
import { type ByteSource, type SeekableSource, sourceOf, watched } from './bytes/byteSource.ts';
import { openFile } from './bytes/containers.ts';
import { fileNames } from './bytes/text.ts';
import { type CleanQuotes, validate } from './cleaning/validate.ts';
import { type DetectedContent, detectContent, type ReadTable } from './formats/detect.ts';
import type { RawTable } from './formats/format.ts';
import { Asked } from './questions.ts';
import { previewOf } from './table/preview.ts';
import type { Rows } from './table/rows.ts';
import type { FileOverrides, FileReport, Finding, Policies, QuoteFile, QuotePreview } from './types.ts';
import { unknownReport, unread } from './unread.ts';

/** What came out of one content. */
export interface ReadPart {
  readonly report: FileReport;
  readonly quotes: readonly CleanQuotes[];
  readonly calendar: Calendar;
  /** Set where the quotes have to wait for another file; its rows name no lines. */
  /** Quotes are joined with others of their symbol even where prices do not agree. */
  readonly joinAnyway?: boolean;
  /** What was decided by its content alone. */
  readonly decided?: RawTable['decided'];
  readonly half?: ReadTable & { readonly policies: Policies | undefined };
}

export interface ReadHooks {
  /** Bytes of the file that are behind, as it lies on the disk. Called often. */
  readonly onBytes?: ((done: number) => void) | undefined;
  readonly onPreview?: ((preview: QuotePreview) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One part per content in the file. Rejects with an AbortError only: what is wrong with the file, or with overrides that do not fit it, is
 * a `problem` of the report.
 */
export async function readFile(file: QuoteFile, overrides: FileOverrides, hooks: ReadHooks = {}): Promise<ReadPart[]> {
  return readSource(file.name, sourceOf(file.bytes), overrides, hooks);
}

/** The same for a source of bytes. */
export async function readSource(
  name: string,
  source: SeekableSource,
  overrides: FileOverrides,
  { onBytes, onPreview, signal }: ReadHooks = {},
): Promise<ReadPart[]> {
  const pause = pauses(signal);
  const parts: ReadPart[] = [];
  const openedAll = await openFile(name, source);
  let before = 0;
  for (const opened of openedAll) {
    signal?.throwIfAborted();
    const base = { ...unknownReport, file: name, ...(opened.member !== undefined && { member: opened.member }) };
    if ('problem' in opened) {
      parts.push(unread({ ...base, problem: opened.problem }));
      continue;
    }
    const { packedBytes } = opened.source;
    const content = watched(opened.source, async (share) => {
      onBytes?.(before + share * packedBytes);
      await pause();
    });
    parts.push(await readContent(base, content, overrides, pause, onPreview));
    before += packedBytes;
    onBytes?.(before);
  }
  // One decision per archive: members that leave open what others tell are read as these.
  const settled = archiveDecisions(parts);
  for (const [index, opened] of openedAll.entries()) {
    const again = settled[index];
    if (!again || 'problem' in opened) continue;
    const { file, member } = parts[index]!.report;
    const base = { ...unknownReport, file, ...(member !== undefined && { member }) };
    parts[index] = await readContent(base, opened.source, { ...overrides, ...again }, pause, undefined);
  }
  signal?.throwIfAborted();
  return parts;
}

async function readContent(
  base: FileReport,
  source: ByteSource,
  overrides: FileOverrides,
  pause: Pause,
  onPreview: ReadHooks['onPreview'],
): Promise<ReadPart> {
  let known = base;
  try {
    const content = await detectContent(fileNames(base.file, base.member), source, overrides);
    known = describeContent(base, content);
    if (onPreview) {
      const preview = await previewOf(base, content, overrides);
      if (preview) onPreview(preview);
    }
    const { format } = content;
    const table = await content.read();
    await pause();
    const { policies, joinAnyway } = overrides;
    if (table.half) {
      const rows = { ...table.rows, lines: undefined };
      return { ...unread(known), half: { format, table: { ...table, rows }, policies } };
    }
    const part = await checkTable(known, { format, table }, policies, pause, async ({ lines }, wanted) =>
      lines && wanted.length > 0 ? lines.find(content.text, wanted) : new Map(),
    );
    return joinAnyway ? { ...part, joinAnyway } : part;
  } catch (caught) {
    const problem = toProblem(caught);
    if (problem.code === 'cancelled') throw caught;
    const questions = caught instanceof Asked ? { questions: [caught.question] } : {};
    return unread({ ...known, ...questions, problem: { where: labelOf(base), ...problem } });
  }
}

function describeContent(base: FileReport, { format, confidence, look }: DetectedContent): FileReport {
  return { ...base, format, confidence, ...(look && { look }) };
}

/** From a table to quotes and the report on them. */
export async function checkTable(
  base: FileReport,
  { format, table }: ReadTable,
  policies: Policies | undefined,
  pause: Pause,
  linesOf: (rows: Rows, wanted: readonly number[]) => Promise<Awaited<ReturnType<NonNullable<Rows['lines']>['find']>>>,
): Promise<ReadPart> {
  const rowsRead = table.rows.count;
  const checked = await validate(table, { policies, pause, linesOf });
  const rowsKept = checked.quotes.reduce((sum, each) => sum + each.timeMs.length, 0);
  const report: FileReport = {
    ...base,
    format,
    symbols: table.symbols,
    rowsRead,
    rowsKept,
    rowsRepaired: checked.rowsRepaired,
    rowsDropped: rowsRead - rowsKept,
    firstMs: checked.firstMs,
    lastMs: checked.lastMs,
    barMs: table.barMs,
    timeUnit: table.timeUnit,
    timeZone: table.timeZone,
    notes: [...table.notes, ...coarseStamps(checked.quotes, checked.findings, rowsRead)],
    findings: checked.findings,
    ...(table.questions && table.questions.length > 0 && { questions: table.questions }),
    medianStepMs: checked.medianStepMs,
    largestGapMs: checked.largestGapMs,
  };
  if (rowsKept === 0) return unread({ ...report, problem: noQuotes(report) });
  return {
    report,
    quotes: checked.quotes,
    calendar: table.calendar,
    ...(table.decided && { decided: table.decided }),
  };
}

/** Ticks whose stamps were cut to minutes or seconds: of each the last quote is left. */
function coarseStamps(quotes: readonly CleanQuotes[], findings: readonly Finding[], rows: number): string[] {
  const same = findings.find(({ kind }) => kind === 'duplicateStamp')?.count ?? 0;
  const unit = [60_000, 1000].find((ms) => quotes.every(({ timeMs }) => timeMs.every((time) => time % ms === 0)));
  if (unit === undefined || same * 5 < rows || rows < 10) return [];
  const name = unit === 1000 ? 'second' : 'minute';
  return [
    `Suspicion: the stamps are whole ${name}s, though many ${name}s have several rows. They were cut short; of each ${name} the last quote is used.`,
  ];
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

/** How messages call a content. */
export function labelOf(report: Pick<FileReport, 'file' | 'member'>): string {
  return report.member === undefined ? report.file : `${report.file} › ${report.member}`;
}
