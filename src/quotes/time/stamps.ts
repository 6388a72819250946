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

/** The units of a column's stamps for people: `milliseconds, then microseconds since 1970`. */
export function timeUnitNames(units: readonly TimeUnit[]): string {
  return `${units.map((unit) => UNIT_NAMES[unit]).join(', then ')} since 1970`;
}

/**
 * Turns a column of stamps into milliseconds in place and returns its units in the order in which they occur: that which is told, else each
 * row's own by its size, as a file may change it on the way. Whole factors only, so that every stamp is rounded once.
 * @throws UserError `quotes/time-unit` where the first stamp is too small to be a date
 */
export function scaleStamps(stamps: Float64Array, told: TimeUnit | undefined): TimeUnit[] {
  const first = stamps.find(Number.isFinite);
  const usual = told ?? (first === undefined ? 'ms' : inferTimeUnit(first));
  const [least, beyond] = told ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] : RANGES[usual];
  const units = new Set([usual]);
  for (let i = 0; i < stamps.length; i++) {
    const stamp = stamps[i]!;
    if (stamp >= least && stamp < beyond) {
      if (usual !== 'ms') stamps[i] = toMs(stamp, usual);
    } else if (stamp >= RANGES.s[0]) {
      const unit = inferTimeUnit(stamp);
      units.add(unit);
      stamps[i] = toMs(stamp, unit);
    } else stamps[i] = told ? toMs(stamp, usual) : Number.NaN;
  }
  return [...units];
}

/** Sizes of the stamps of a unit: from, below. */
const RANGES: Readonly<Record<TimeUnit, readonly [number, number]>> = {
  s: [1e8, 1e11],
  ms: [1e11, 1e14],
  us: [1e14, 1e17],
  ns: [1e17, Number.POSITIVE_INFINITY],
};

function toMs(stamp: number, unit: TimeUnit): number {
  if (unit === 'ms') return stamp;
  if (unit === 's') return stamp * 1000;
  return unit === 'us' ? stamp / 1e3 : stamp / 1e6;
}

/**
 * Mends stamps that were read as nanoseconds though they are not all: an earlier part of a file may count in a larger unit.
 */
export function mendNanoseconds(timesMs: Float64Array): TimeUnit[] {
  const units = new Set<TimeUnit>();
  for (let i = 0; i < timesMs.length; i++) {
    const stamp = timesMs[i]! * 1e6;
    if (stamp >= RANGES.ns[0]) units.add('ns');
    else if (stamp >= RANGES.s[0]) {
      const unit = inferTimeUnit(stamp);
      units.add(unit);
      timesMs[i] = toMs(Math.round(stamp), unit);
    }
  }
  return [...units];
}
