/** Stamps that are plain numbers: which unit they count in, told by their magnitude, and the step to milliseconds. */

import { fail } from '../../core/errors.ts';
import type { TimeUnit } from '../types.ts';

const UNIT_NAMES: Readonly<Record<TimeUnit, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
};

/**
 * The unit of a stamp by its size, for times between 1973 and 5138: the ranges of neighbouring units do not meet within it.
 * @throws UserError `quotes/time-unit` for numbers too small to hold a date, such as milliseconds since midnight.
 */
export function inferTimeUnit(stamp: number): TimeUnit {
  const size = Math.abs(stamp);
  if (size < 1e8) {
    fail('quotes/time-unit', `The time column holds numbers such as ${stamp}, which are too small to be dates.`, {
      hint: 'Times counted from midnight need the date in the file name, as LEAN writes it (20131007_spy_second_quote.csv).',
    });
  }
  if (size < 1e11) return 's';
  if (size < 1e14) return 'ms';
  return size < 1e17 ? 'us' : 'ns';
}

export function timeUnitName(unit: TimeUnit, since: '1970' | 'midnight' = '1970'): string {
  return `${UNIT_NAMES[unit]} since ${since}`;
}

/** Turns a column of stamps into milliseconds in place. Whole factors only, so that every stamp is rounded once. */
export function scaleStamps(stamps: Float64Array, unit: TimeUnit): void {
  if (unit === 'ms') return;
  if (unit === 's') {
    for (let i = 0; i < stamps.length; i++) stamps[i]! *= 1000;
    return;
  }
  const unitsPerMs = unit === 'us' ? 1e3 : 1e6;
  for (let i = 0; i < stamps.length; i++) stamps[i]! /= unitsPerMs;
}
