/** What a quote format is to the importer, and what it hands over. */

import type { Calendar } from '../../core/types.ts';
import type { Rows } from '../rows.ts';
import type { TextSample } from '../text.ts';
import type { FileOverrides } from '../types.ts';

export interface QuoteFormat {
  /** For people. */
  readonly title: string;
  /** How surely this is the format, from 0 to 1, by content first; names only add to it. Below 0.5 the format is not tried. */
  detect(sample: TextSample): number;
  /** Reads the whole text. @throws UserError where the text cannot be understood without more knowledge. */
  read(sample: TextSample, overrides: FileOverrides): RawTable;
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
  /** Rows of one stamp are parts of one update: only their last state is judged as a quote. */
  readonly oneUpdatePerStamp: boolean;
}

export const ALWAYS_OPEN: Calendar = { kind: '24/7' };
export const US_EQUITIES: Calendar = { kind: 'exchange', timeZone: 'America/New_York', open: '09:30', close: '16:00' };

/** A symbol out of a file name: `BTCUSDT-bookTicker-2023-05-16.csv` → `BTCUSDT`. */
export function symbolFromName(name: string): string {
  const base = name.replace(/(\.(csv|txt|tsv|zip|gz))+$/i, '');
  return (/^[A-Za-z0-9]+/.exec(base)?.[0] ?? base).toUpperCase();
}
