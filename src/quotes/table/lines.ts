/** A text in blocks of whole lines, however its bytes are cut; and lines looked up again by the number of their row. */

import { fail } from '../../core/errors.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { shorten } from '../bytes/text.ts';
import type { RowExample } from '../types.ts';
import { asciiText, LF } from './scan.ts';

/** A longer line is no line of quotes, and would have to be held in memory. */
const LONGEST_LINE = 1 << 26;
const LOOK_UP_BYTES = 1 << 16;
const EXAMPLE_BYTES = 400;

/** Whole lines: all of `bytes[start, endExclusive)`, good until the next block is asked for. */
export interface LineBlock {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly endExclusive: number;
  /** Where `start` lies in the source. */
  readonly offset: number;
  /** Part of the source that is behind, this block included. */
  readonly share: number;
}

/** The lines from byte `start` on. The last one may lack its line end. @throws UserError `quotes/long-line`. */
export async function* lineBlocks(source: ByteSource, start: number, pieceBytes?: number): AsyncGenerator<LineBlock> {
  let rest = new Uint8Array();
  let offset = start;
  let share = 0;
  for await (const piece of source.pieces(start, pieceBytes)) {
    const { bytes } = piece;
    share = piece.share;
    let from = 0;
    if (rest.length > 0) {
      from = bytes.indexOf(LF) + 1;
      rest = concatenate(rest, from > 0 ? bytes.subarray(0, from) : bytes);
      if (from === 0) continue;
      yield { bytes: rest, start: 0, endExclusive: rest.length, offset, share };
      offset += rest.length;
    }
    const endExclusive = bytes.lastIndexOf(LF) + 1;
    if (endExclusive > from) {
      yield { bytes, start: from, endExclusive, offset, share };
      offset += endExclusive - from;
      from = endExclusive;
    }
    rest = bytes.slice(from);
  }
  if (rest.length > 0) yield { bytes: rest, start: 0, endExclusive: rest.length, offset, share };
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  if (a.length + b.length > LONGEST_LINE) {
    fail('quotes/long-line', `The file has a line of more than ${LONGEST_LINE / 2 ** 20} MB, which no quotes have.`, {
      hint: 'Drop quotes with one quote a line.',
    });
  }
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Whether the line `bytes[start, endExclusive)` is a row. */
export type IsRow = (bytes: Uint8Array, start: number, endExclusive: number) => boolean;

/** Anything but white space. */
const isNotBlank: IsRow = (bytes, start, endExclusive) => {
  for (let at = start; at < endExclusive; at++) if (bytes[at]! > 32) return true;
  return false;
};

/** Where the rows of a text are: a mark every thousand rows, from which lines are counted on. */
export class LineIndex {
  private readonly offsets: number[] = [];
  private readonly lines: number[] = [];
  /** Rows between two marks. */
  static readonly STEP = 1024;

  constructor(private readonly isRow: IsRow = isNotBlank) {}

  /** Notes a row whose number is a multiple of `STEP`: the byte its line begins at, and that line's number, counted from 1. */
  mark(offset: number, line: number): void {
    this.offsets.push(offset);
    this.lines.push(line);
  }

  /** The lines of rows, which are given in ascending order. */
  async find(source: ByteSource, rows: readonly number[]): Promise<Map<number, RowExample>> {
    const found = new Map<number, RowExample>();
    let next = 0;
    while (next < rows.length) {
      const before = next;
      const mark = Math.floor(rows[next]! / LineIndex.STEP);
      let row = mark * LineIndex.STEP;
      let line = this.lines[mark] ?? 1;
      search: for await (const block of lineBlocks(source, this.offsets[mark] ?? 0, LOOK_UP_BYTES)) {
        const { bytes, start, endExclusive } = block;
        for (let at = start; at < endExclusive; line++) {
          const lineFeed = bytes.indexOf(LF, at);
          const end = lineFeed < 0 || lineFeed >= endExclusive ? endExclusive : lineFeed;
          if (this.isRow(bytes, at, end)) {
            if (row === rows[next]) {
              const text = shorten(asciiText(bytes, at, Math.min(end, at + EXAMPLE_BYTES)));
              found.set(row, { row: line, text });
              next++;
              const far = source.slice !== undefined && (rows[next] ?? 0) - row > LineIndex.STEP;
              if (next === rows.length || far) break search;
            }
            row++;
          }
          at = end + 1;
        }
      }
      // A file that shrank has no such line any more.
      if (next === before) next++;
    }
    return found;
  }
}
