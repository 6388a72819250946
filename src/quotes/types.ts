/** What reading quote files takes and gives: the settings a user may override, and the report on every file. Plain data. */

import type { UserProblem } from '../core/errors.ts';
import type { Calendar, QuoteSeries } from '../core/types.ts';

/** A file as it was dropped, or bytes in memory. `name` may hold a relative path, whose folders serve as hints. */
export interface QuoteFile {
  readonly name: string;
  /** A `File` is read in pieces, so that its size does not matter. */
  readonly bytes: Uint8Array | Blob;
}

export type TimeUnit = 's' | 'ms' | 'us' | 'ns';

export type AssetClass = 'equity' | 'option' | 'future' | 'forex' | 'cfd' | 'crypto';

/** Which column (counted from 0) of a delimited text is what. */
export interface ColumnRoles {
  readonly time: number;
  readonly bid: number;
  readonly ask: number;
  readonly bidSize?: number;
  readonly askSize?: number;
  readonly symbol?: number;
  /** Day of a time of day. */
  readonly date?: number;
  /** What is added to the time: its milliseconds, microseconds or nanoseconds. */
  readonly subsecond?: number;
  /** Hours by which the time is ahead of UTC. */
  readonly offset?: number;
  /** Which side `price` and `size` are of, where a row tells one side. */
  readonly side?: number;
  readonly price?: number;
  readonly size?: number;
  /** What happens to an order: added, changed, deleted. */
  readonly action?: number;
  readonly order?: number;
  /** Grows from row to row: of two rows of one stamp, the higher is the later. */
  readonly sequence?: number;
}

/** How dates such as 04/11/2024 are read. */
export type DayOrder = 'dayFirst' | 'monthFirst';

/** What a column looks like; `epoch` is a number since 1970 in some unit. */
export type ColumnKind = 'blank' | 'epoch' | 'dateTime' | 'date' | 'timeOfDay' | 'number' | 'word';

/** What a person is shown of a table. */
export interface TableLook {
  /** Equal for tables of one layout, so that columns named once are known the next time. */
  readonly shape: string;
  /** The first rows as they stand, header included where there is one. */
  readonly rows: readonly (readonly string[])[];
  readonly header: boolean;
  readonly kinds: readonly ColumnKind[];
  /** What the columns may be, by their names first and by what stands in them second. */
  readonly guess: Partial<ColumnRoles>;
  /** Columns that tell instruments apart besides the symbol. */
  readonly split?: readonly number[];
}

/** How a person says that a table is to be read. */
export interface ColumnMapping {
  /** The time, and a bid or an ask at the least: a file with one of them is half of a pair. */
  readonly columns: Partial<ColumnRoles>;
  /** What stands between the columns of a text; absent: told by content. */
  readonly delimiter?: string;
  /** Whether the first line names the columns; absent: told by content. */
  readonly header?: boolean;
  /** `YYYY-MM-DD`: the day of times that count from midnight. */
  readonly day?: string;
  /** Prices are divided by it; absent: 1. */
  readonly priceDivisor?: number;
  /** A row tells of one side only: a blank or a zero leaves the other side as it was. */
  readonly oneSided?: boolean;
  /** Columns that tell instruments apart besides the symbol: expiry, strike, id …; absent: told by their names. */
  readonly split?: readonly number[];
}

/** What is kept of a mapping for the next file of the same layout. */
export type SavedMapping = Pick<
  FileOverrides,
  'mapping' | 'timeUnit' | 'timeZone' | 'dayOrder' | 'decimalMark' | 'encoding'
>;

/** Something that a file leaves open, with the ways in which it may be read. Plain data, for the page and for scripts. */
export interface Question {
  /** Stable, machine-readable: what is asked. */
  readonly kind:
    | 'dayOrder'
    | 'decimalMark'
    | 'timeZone'
    | 'timeOfDay'
    | 'assetClass'
    | 'priceScale'
    | 'sides'
    | 'sameSymbol';
  /** One or two sentences. */
  readonly text: string;
  readonly readings: readonly Reading[];
  /** Position of the reading that was used meanwhile; absent where nothing is read before there is an answer. */
  readonly assumed?: number;
}

/** One way to read what is asked about. */
export interface Reading {
  /** What it means for the file's values, with an example of them. */
  readonly label: string;
  /** What to set, for the files named or else the file that asks, so that it is read so. */
  readonly overrides: FileOverrides;
  readonly files?: Readonly<Record<string, FileOverrides>>;
}

/** What the user knows better than the detection. */
export interface FileOverrides {
  readonly symbol?: string;
  /** IANA name of the zone of stamps that do not name one. */
  readonly timeZone?: string;
  /** Unit of stamps that are numbers since 1970. */
  readonly timeUnit?: TimeUnit;
  /** Decides zone, price scale and calendar of LEAN files. */
  readonly assetClass?: AssetClass;
  /** Order of day and month in dates that do not tell it themselves. */
  readonly dayOrder?: DayOrder;
  /** What stands before the decimals of numbers in a text. */
  readonly decimalMark?: '.' | ',';
  /** Of a text, as the Encoding Standard names it: `utf-16le`, `gb18030`, `windows-1252` … */
  readonly encoding?: string;
  /** Whether times of day that are plain numbers are written digit by digit (93000500) or count from midnight. */
  readonly timeOfDay?: 'digits' | TimeUnit;
  /** Prices are divided by it, where the content does not tell; 1 for prices as they are. */
  readonly priceDivisor?: number;
  /** Rows of buys and sells: quotes of the two sides, not trades. */
  readonly sidesAreQuotes?: boolean;
  /** Files of one symbol whose prices do not agree are joined all the same. */
  readonly joinAnyway?: boolean;
  /** What the columns of a table are, where its header does not tell. */
  readonly mapping?: ColumnMapping;
  /** By layout (`TableLook.shape`): used for tables of which nothing else is said. */
  readonly savedMappings?: Readonly<Record<string, SavedMapping>>;
  readonly calendar?: Calendar;
  /** What to do about dirt, where it is not the default (findings.ts, `policyOptions`). */
  readonly policies?: Policies;
}

/** Overrides for all files, and for single ones by file name. */
export interface ImportOverrides extends FileOverrides {
  readonly byFile?: Readonly<Record<string, FileOverrides>>;
}

export type FindingKind =
  | 'unparsable'
  | 'suspicious'
  | 'other'
  | 'sentinel'
  | 'missing'
  | 'nonPositive'
  | 'crossed'
  | 'locked'
  | 'duplicateStamp'
  | 'outOfOrder'
  | 'scale'
  | 'outlier'
  | 'gap'
  | 'stale'
  | 'split';

/** What can be done about each kind of dirt, the default first. findings.ts says each as a sentence. */
export interface PolicyActions {
  unparsable: 'drop';
  suspicious: 'drop' | 'keep';
  /** Rows that tell of no quote, such as trades among quotes. */
  other: 'drop';
  /** Values that stand for “no price”. */
  sentinel: 'missing';
  /** Carry: the last known price of the missing side stands in; without one the row is dropped. */
  missing: 'drop' | 'carry';
  nonPositive: 'drop' | 'carry';
  crossed: 'drop' | 'keep' | 'swap';
  locked: 'keep' | 'drop';
  duplicateStamp: 'last' | 'first';
  outOfOrder: 'sort' | 'drop';
  scale: 'keep' | 'drop';
  outlier: 'keep' | 'drop';
  gap: 'keep';
  stale: 'keep';
  split: 'keep';
}

export type PolicyAction = PolicyActions[FindingKind];

/** The switches that are not at their default. */
export type Policies = { readonly [kind in FindingKind]?: PolicyActions[kind] };

/** A row shown as an example. */
export interface RowExample {
  /** Number of the line in the file, or of the row where rows are no lines; counted from 1. */
  readonly row: number;
  /** The line, shortened if long, or the row's values. */
  readonly text: string;
}

/** One kind of dirt: how often it occurs, where first, and what was done about it. */
export interface Finding {
  readonly kind: FindingKind;
  readonly count: number;
  /** Rows that are not in the series for this reason; every dropped row counts for one reason only. */
  readonly dropped: number;
  /** Rows that are in the series but were changed or moved for this reason. */
  readonly repaired: number;
  /** The first ones. */
  readonly examples: readonly RowExample[];
  readonly action: 'dropped' | 'repaired' | 'kept';
  /** The policy as a sentence. */
  readonly policy: string;
}

/** What was understood of one file (or one member of an archive), or why nothing was. */
export interface FileReport {
  readonly file: string;
  /** Name inside the archive, where the file is one. */
  readonly member?: string;
  /** Set where the file could not be read; the other fields then hold what is known. */
  readonly problem?: UserProblem;
  /** What is left open; those without an assumed reading are the problem. */
  readonly questions?: readonly Question[];
  /** Title of the format, empty where none was recognised. */
  readonly format: string;
  /** How surely this is the format, from 0 to 1. */
  readonly confidence: number;
  /** Set for tables: enough to ask a person what their columns are. */
  readonly look?: TableLook;
  readonly symbols: readonly string[];
  /** Data rows in the file: `rowsKept + rowsDropped + rowsElsewhere` where there is no problem. */
  readonly rowsRead: number;
  /** Quotes taken into the series. */
  readonly rowsKept: number;
  /** Of the kept ones, how many were changed or moved. */
  readonly rowsRepaired: number;
  /** Rows left out for what was found: the sum of the findings' `dropped`. */
  readonly rowsDropped: number;
  /** Rows that are counted with another file: its pair, or one with the very same quotes. */
  readonly rowsElsewhere: number;
  /** Earliest and latest readable stamp, milliseconds since the Unix epoch, after the shift by `barMs`; NaN without any. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Length of a bar, whose close is known only at its end: stamps were moved by it. 0 for quotes and ticks. */
  readonly barMs: number;
  /** How stamps were read, for people. */
  readonly timeUnit: string;
  readonly timeZone: string;
  /** Further decisions taken, as sentences. */
  readonly notes: readonly string[];
  /** Every kind that occurred. */
  readonly findings: readonly Finding[];
  /** Median time between kept quotes and the longest, in milliseconds; NaN with fewer than two. */
  readonly medianStepMs: number;
  readonly largestGapMs: number;
  /** Kept quotes whose stamp another file of the same symbol has too; the later file's quote is used. */
  readonly overlapping: number;
  /** The file with the very same quotes, which was used instead of this one. */
  readonly duplicateOf?: string;
  /** The file with the other half of the quotes; they are reported with one of the two only. */
  readonly pairedWith?: string;
}

export interface QuoteImport {
  /** One per symbol, in the order of the symbols' names. */
  readonly series: readonly QuoteSeries[];
  /** One per series, in the same order. */
  readonly health: readonly SymbolHealth[];
  /** One per file, or per member of an archive, in the order given. */
  readonly reports: readonly FileReport[];
}

/** Quotes on one day of the calendar's zone. */
export interface DayCoverage {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly quotes: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Longest time between two quotes of the day; 0 with fewer than two. */
  readonly longestGapMs: number;
}

/** What is known of one series over all its files. */
export interface SymbolHealth {
  readonly symbol: string;
  /** Labels of the files the quotes come from. */
  readonly files: readonly string[];
  /** Quotes in the series. */
  readonly rows: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /**
   * Dirt of rows: the files' counts added up. What shows over time (gaps, stale stretches, spikes, splits, scale) is looked for in the
   * joined series, so that what happens between two files is seen; rows of such examples count the quotes of the series.
   */
  readonly findings: readonly Finding[];
  /** Days with quotes, in order. */
  readonly coverage: readonly DayCoverage[];
  /** Those taken for half days, with the time at which they end on the market's clock. */
  readonly halfDays: readonly { readonly day: string; readonly close: string }[];
  readonly calendar: Calendar;
  /** Whether the stamps told it, because no file did. */
  readonly calendarInferred: boolean;
  /** Days a market of this calendar trades in a year, for annualised figures: 252, 260 or 365. */
  readonly daysPerYear: number;
}

/** A first look at a content, long before it is read whole: from the rows at its start. */
export interface QuotePreview {
  readonly file: string;
  readonly member?: string;
  readonly format: string;
  /** Those at the start; a file may hold more further down. */
  readonly symbols: readonly string[];
  readonly timeUnit: string;
  readonly timeZone: string;
  /** The first usable quotes of the first symbol. */
  readonly quotes: readonly PreviewQuote[];
  /** Mids of that symbol over the rows looked at, at most 120, evenly picked: a small line of what is to come. */
  readonly mids: readonly number[];
  readonly notes: readonly string[];
}

export interface PreviewQuote {
  readonly timeMs: number;
  readonly bid: number;
  readonly ask: number;
}

/** How far the reading of dropped files is, over all of them. */
export interface ReadProgress {
  /** The file in work that was begun last. */
  readonly file: string;
  readonly filesDone: number;
  readonly filesTotal: number;
  /** Bytes as they lie on the disk. */
  readonly bytesDone: number;
  readonly bytesTotal: number;
  /** Quotes in the files that are done. */
  readonly rows: number;
}

/** A file whose quotes are remembered in the browser and can be opened without it. */
export interface StoredQuotes {
  /** Names the entry; a hash of content, name, overrides and parser. */
  readonly key: string;
  /** Name of the file it came from. */
  readonly file: string;
  readonly symbols: readonly string[];
  readonly rows: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Size in the browser's storage. */
  readonly storedBytes: number;
  /** When it was used last, milliseconds since the Unix epoch. */
  readonly usedMs: number;
}
