/** What a quote format is to the importer, and what it hands over. */

import type { Calendar } from '../../core/types.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import type { FileNames, TextSample } from '../bytes/text.ts';
import type { Rows } from '../table/rows.ts';
import type { FileOverrides, Question } from '../types.ts';

export interface QuoteFormat {
  /** For people. */
  readonly title: string;
  /** How surely this is the format, from 0 to 1, by content first; names only add to it. Below 0.5 the format is not tried. */
  detect(sample: TextSample): number;
  /** Reads the whole text. Rejects with a UserError where the text cannot be understood without more knowledge. */
  read(sample: TextSample, overrides: FileOverrides): Promise<RawTable>;
}

/** A file that is no text. */
export interface BinaryFile extends FileNames {
  readonly source: ByteSource;
  /** The rows at its beginning that are wanted, about; `undefined` for all. */
  readonly firstRows?: number;
}

/** A format that is no text, told by its first bytes; its reader is loaded when one is met. */
export interface BinaryFormat {
  /** For people. */
  readonly title: string;
  /** Whether its first rows can be had without the others. */
  readonly previews: boolean;
  /** `head` is its beginning. */
  detect(head: Uint8Array): boolean;
  /** Names of the columns and the first rows below them, where the format has such. */
  look?(file: BinaryFile): Promise<readonly (readonly string[])[]>;
  /** @throws UserError where the file is damaged or holds no quotes. */
  read(file: BinaryFile, overrides: FileOverrides): Promise<RawTable>;
}

/** A file's rows before validation: stamps are UTC milliseconds at which the quote was known, prices are in the quote currency. */
export interface RawTable {
  readonly symbols: readonly string[];
  readonly rows: Rows;
  readonly calendar: Calendar;
  /** What bars were shifted by, 0 for quotes and ticks. */
  readonly barMs: number;
  readonly timeUnit: string;
  readonly timeZone: string;
  readonly notes: readonly string[];
  /** What was taken for granted and may be otherwise. */
  readonly questions?: readonly Question[];
  /** What was decided by content alone, and holds for the other members of its archive. */
  readonly decided?: Pick<FileOverrides, 'assetClass' | 'dayOrder'>;
  /** Rows of one stamp are parts of one update: only their last state is judged as a quote. */
  readonly oneUpdatePerStamp: boolean;
  /** Set where the rows are quotes only together with those of another file (pairs.ts). */
  readonly half?: Half;
}

/** What a file has of a pair of files. */
export interface Half {
  readonly part: 'bid' | 'ask' | 'book' | 'messages';
  /** Equal for the two files that belong together. */
  readonly key: string;
  /** Stamps are the starts of bars, still to be moved to their ends: a half alone may not tell the bars' length rightly. */
  readonly bars: boolean;
}

export const ALWAYS_OPEN: Calendar = { kind: '24/7' };
export const FOREX: Calendar = { kind: 'forex' };
export const US_EQUITIES: Calendar = { kind: 'exchange', timeZone: 'America/New_York', open: '09:30', close: '16:00' };
