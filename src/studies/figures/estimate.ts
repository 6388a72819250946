/** A statistic with what is known of it, as figures hold it. */

/** A statistic with a 95 % interval; bounds are null where there is none. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** NaN says that there is none; an infinity is a value too large, and stays to be found (`checkFigure`). */
export function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
