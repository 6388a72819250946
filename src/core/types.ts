/**
 * The data that flows between the parts (docs/architecture.md). Plain read-only values and typed arrays:
 * every one of them can be structured-cloned or transferred to a worker. No behaviour lives here.
 */

/** How the trading day of an instrument is cut out of continuous time. */
export type Calendar =
  /** Every UTC day is one session, 00:00 to 24:00. */
  | { readonly kind: '24/7' }
  /** Monday to Friday on the wall clock of an IANA time zone; `open`/`close` are `HH:MM`, both instants included. */
  | { readonly kind: 'exchange'; readonly timeZone: string; readonly open: string; readonly close: string }
  /** From Sunday 17:00 to Friday 17:00 in New York; a trading day ends at 17:00 there and is named by the day it ends on. */
  | { readonly kind: 'forex' };

/** Best bid and offer of one instrument; a row holds from its stamp until the next row's. Columns have equal length. */
export interface QuoteSeries {
  readonly symbol: string;
  /** Where the quotes come from, for people: file names, or the simulator and its seed. */
  readonly source: string;
  /** [rows] milliseconds since the Unix epoch, UTC; fractions allowed; ascending. */
  readonly timeMs: Float64Array;
  /** [rows] best bid, in the quote currency. */
  readonly bid: Float64Array;
  /** [rows] best ask, in the quote currency. */
  readonly ask: Float64Array;
  /** [rows] quantity at the best bid, where the source has it. */
  readonly bidSize?: Float64Array;
  /** [rows] quantity at the best ask, where the source has it. */
  readonly askSize?: Float64Array;
  readonly calendar: Calendar;
}

/** Quotes of one instrument sampled on a regular grid, session by session. */
export interface Grid {
  readonly symbol: string;
  readonly stepMs: number;
  /** [T] milliseconds since the Unix epoch, UTC; ascending. */
  readonly timeMs: Float64Array;
  /** [T] */
  readonly bid: Float64Array;
  /** [T] */
  readonly ask: Float64Array;
  /** [T] quantity at the best bid, where the source has it; NaN where the quote is too old. */
  readonly bidSize?: Float64Array;
  /** [T] quantity at the best ask, where the source has it. */
  readonly askSize?: Float64Array;
  /** [S] index of each session's first tick; session s is [sessionStarts[s], sessionStarts[s+1] or T) (exclusive). */
  readonly sessionStarts: Int32Array;
  /** [S] calendar day of each session in the calendar's zone, `YYYY-MM-DD`. */
  readonly sessionDays: readonly string[];
}

/** Predictions of all parameter variants for one grid. */
export interface Forecasts {
  readonly symbol: string;
  /** Dropout variants, not counting the deterministic one: `predictedMid` has `variants + 1` rows. */
  readonly variants: number;
  /** [variants + 1, T] row-major; row 0 is the deterministic model; NaN where there is no prediction. */
  readonly predictedMid: Float64Array;
  /** [T] ticks of context behind each prediction, where they differ (anchored contexts); 0 where there is none. */
  readonly contextTicks?: Int32Array;
  /** What executed the model, where it is not what the forecaster said: a back end that failed was given up. */
  readonly ranOn?: { readonly provider: 'webgpu' | 'wasm'; readonly adapter?: string };
  /** What went wrong meanwhile and what was done about it: whole sentences, for people. */
  readonly notes?: readonly string[];
}

/** How far a long task is. `done` and `total` count the same thing (`unit`, plural). */
export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
}

export type OnProgress = (progress: Progress) => void;
