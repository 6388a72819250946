/** What reading quote files takes and gives: the settings a user may override, and the report on every file. Plain data. */

import type { UserProblem } from '../core/errors.ts';
import type { Calendar, QuoteSeries } from '../core/types.ts';

/** A file as it was dropped. `name` may hold a relative path, whose folders serve as hints. */
export interface QuoteFile {
  readonly name: string;
  readonly bytes: Uint8Array;
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
  /** Columns of a delimited text, where its header does not tell. */
  readonly columns?: ColumnRoles;
  readonly calendar?: Calendar;
  /** Keep quotes whose bid is above their ask, which are dropped otherwise. */
  readonly keepCrossed?: boolean;
}

/** Overrides for all files, and for single ones by file name. */
export interface ImportOverrides extends FileOverrides {
  readonly byFile?: Readonly<Record<string, FileOverrides>>;
}

export type FindingKind =
  | 'unparsable'
  | 'suspicious'
  | 'missing'
  | 'nonPositive'
  | 'crossed'
  | 'locked'
  | 'duplicateStamp'
  | 'outOfOrder'
  | 'gap'
  | 'outlier';

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
  /** Title of the format, empty where none was recognised. */
  readonly format: string;
  readonly symbols: readonly string[];
  /** Data rows in the file. */
  readonly rowsRead: number;
  /** Quotes taken into the series. */
  readonly rowsKept: number;
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
  /** One per file, or per member of an archive, in the order given. */
  readonly reports: readonly FileReport[];
}
