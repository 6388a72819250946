/** A look at the start of a text: its first lines, its delimiter, whether it is text at all. Formats are told by this. */

import { fail } from '../../core/errors.ts';
import { nameOfBinary } from '../table/signatures.ts';
import type { ByteSource } from './byteSource.ts';

const SAMPLE_BYTES = 65_536;
const SAMPLE_LINES = 200;
const DELIMITERS = [',', ';', '\t', '|'] as const;

/** What a file is called. */
export interface FileNames {
  /** File and archive-member name, both without folders. */
  readonly fileName: string;
  readonly memberName: string;
  /** Folders above the file, lower case. */
  readonly folders: readonly string[];
}

/** A text with what its names and first lines tell. */
export interface TextSample extends FileNames {
  /** The whole text. */
  readonly source: ByteSource;
  /** Its beginning. */
  readonly bytes: Uint8Array;
  /** First byte behind a byte-order mark. */
  readonly start: number;
  /** Up to 200 first lines that are complete and not blank; the beginning of a longer text that has no line ends. */
  readonly lines: readonly string[];
  readonly delimiter: string;
  /** `lines` cut at the delimiter, white space and quotes trimmed. */
  readonly cells: readonly (readonly string[])[];
}

/** Cuts the folders off; a file that is no archive is its own member. */
export function fileNames(file: string, member: string | undefined): FileNames {
  const path = file.split(/[\\/]/);
  const memberPath = (member ?? file).split(/[\\/]/);
  return {
    fileName: path.at(-1) ?? file,
    memberName: memberPath.at(-1) ?? file,
    folders: path.slice(0, -1).map((folder) => folder.toLowerCase()),
  };
}

/** How much of a source tells its format. */
export const HEAD_BYTES = SAMPLE_BYTES + 4;

/** `bytes` are the first `HEAD_BYTES` of the source. @throws UserError `quotes/empty`, `quotes/binary`. */
export function sampleText(names: FileNames, source: ByteSource, bytes: Uint8Array): TextSample {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const head = bytes.subarray(start, start + SAMPLE_BYTES);
  if (isBinary(head)) {
    fail('quotes/binary', `This is a ${nameOfBinary(bytes) ?? 'binary'} file that cannot be read.`, {
      hint: 'Drop quotes as text in UTF-8, JSON, Parquet, Arrow or Databento DBN; plain or in a zip, gz or zst.',
    });
  }
  let text = new TextDecoder().decode(head);
  const cutShort = bytes.length > start + SAMPLE_BYTES;
  // A text without line ends, as JSON may be, keeps its first piece.
  if (cutShort && text.includes('\n')) text = text.slice(0, text.lastIndexOf('\n') + 1);
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, SAMPLE_LINES);
  if (lines.length === 0) fail('quotes/empty', 'The file is empty.', { hint: 'Drop a file with quotes in it.' });
  const delimiter = findDelimiter(lines);
  return {
    ...names,
    source,
    bytes,
    start,
    lines,
    delimiter,
    cells: lines.map((line) => splitLine(line, delimiter)),
  };
}

/** The same text cut at another delimiter. */
export function splitBy(sample: TextSample, delimiter: string): TextSample {
  return { ...sample, delimiter, cells: sample.lines.map((line) => splitLine(line, delimiter)) };
}

/** Cells of a line, without white space and quotes around them; a quoted cell may hold delimiters. */
function splitLine(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let open = '';
  for (const part of line.split(delimiter)) {
    const cell = open + part;
    // With an odd number of quotes so far, the delimiter stood inside of them.
    if ((cell.split('"').length & 1) === 0) {
      open = cell + delimiter;
      continue;
    }
    open = '';
    cells.push(cell.trim().replace(/^"(.*)"$/, '$1'));
  }
  if (open !== '') cells.push(open.slice(0, -1).trim());
  return cells;
}

/** Whether a cell reads as a plain decimal number. */
export function isNumber(cell: string | undefined): boolean {
  return cell !== undefined && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell);
}

/** Whether more than half of the sampled rows fit: a broken line or two does not make another format. */
export function mostRows(sample: TextSample, fits: (cells: readonly string[]) => boolean): boolean {
  return sample.cells.filter(fits).length * 2 > sample.cells.length;
}

/** A line shortened for a message or a table. */
export function shorten(line: string, length = 120): string {
  const clean = line.replace(/\s+/g, ' ').trim();
  return clean.length > length ? `${clean.slice(0, length)}…` : clean;
}

/** The delimiter that cuts the first line into most columns and the other lines into as many; comma if none does. */
function findDelimiter(lines: readonly string[]): string {
  let best = ',';
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const columns = lines[0]!.split(delimiter).length;
    const alike = lines.filter((line) => line.split(delimiter).length === columns).length;
    const score = columns > 1 ? columns * alike : 0;
    if (score > bestScore) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}

function isBinary(head: Uint8Array): boolean {
  let control = 0;
  for (const byte of head) {
    if (byte === 0) return true;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) control++;
  }
  return control * 50 > head.length;
}
