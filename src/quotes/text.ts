/** A look at the start of a text: its first lines, its delimiter, whether it is text at all. Formats are told by this. */

import { fail } from '../core/errors.ts';

const SAMPLE_BYTES = 65_536;
const SAMPLE_LINES = 200;
const DELIMITERS = [',', ';', '\t', '|'] as const;

/** Binary files people have quotes in, by their first bytes: named, though not read. */
const SIGNATURES = [
  ['PAR1', 'Parquet'],
  ['ARROW1', 'Arrow'],
  ['DBN', 'Databento DBN'],
  ['\x28\xb5\x2f\xfd', 'Zstandard'],
  ['7z', '7-Zip'],
  ['BZh', 'bzip2'],
  ['\xff\xfe', 'UTF-16 text'],
  ['\xfe\xff', 'UTF-16 text'],
] as const;

/** A text with what its names and first lines tell. */
export interface TextSample {
  /** File and archive-member name, both without folders. */
  readonly fileName: string;
  readonly memberName: string;
  /** Folders above the file, lower case. */
  readonly folders: readonly string[];
  readonly bytes: Uint8Array;
  /** First byte behind a byte-order mark. */
  readonly start: number;
  /** Up to 200 first lines that are complete and not blank. */
  readonly lines: readonly string[];
  readonly delimiter: string;
  /** `lines` cut at the delimiter, white space and quotes trimmed. */
  readonly cells: readonly (readonly string[])[];
}

/** @throws UserError `quotes/empty`, `quotes/binary`. */
export function sampleText(file: string, member: string | undefined, bytes: Uint8Array): TextSample {
  const path = file.split(/[\\/]/);
  const memberPath = (member ?? file).split(/[\\/]/);
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const head = bytes.subarray(start, start + SAMPLE_BYTES);
  if (isBinary(head)) {
    const kind = SIGNATURES.find(([signature]) => latin1(head.subarray(0, signature.length)) === signature)?.[1];
    fail('quotes/binary', `This is a ${kind ?? 'binary'} file, not text with quotes.`, {
      hint: 'Drop quotes as CSV, or a zip or gz of CSV; text has to be UTF-8.',
    });
  }
  let text = new TextDecoder().decode(head);
  const cutShort = bytes.length > start + SAMPLE_BYTES;
  if (cutShort) text = text.slice(0, text.lastIndexOf('\n') + 1);
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, SAMPLE_LINES);
  if (lines.length === 0) fail('quotes/empty', 'The file is empty.', { hint: 'Drop a file with quotes in it.' });
  const delimiter = findDelimiter(lines);
  return {
    fileName: path.at(-1) ?? file,
    memberName: memberPath.at(-1) ?? file,
    folders: path.slice(0, -1).map((folder) => folder.toLowerCase()),
    bytes,
    start,
    lines,
    delimiter,
    cells: lines.map((line) => line.split(delimiter).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))),
  };
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

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function isBinary(head: Uint8Array): boolean {
  let control = 0;
  for (const byte of head) {
    if (byte === 0) return true;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) control++;
  }
  return control * 50 > head.length;
}
