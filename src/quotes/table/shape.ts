/**
 * What shows only over time in clean quotes: gaps, spikes, stale stretches, splits, stretches of another scale. Thresholds are those of
 * findings.ts. Every function calls `note` with the index of each quote concerned, ascending.
 */

import {
  GAP_STEPS,
  OUTLIER_CHANGES,
  OUTLIER_FRACTION,
  SCALE_TOLERANCE,
  SPLIT_QUOTES,
  SPLIT_RATIOS,
  SPLIT_TOLERANCE,
  STALE_MS,
  STALE_QUOTES,
  STALE_STRETCHES,
  WIDE_SPREAD,
} from '../cleaning/findings.ts';
import type { DayClock } from '../time/calendar.ts';
import type { DayCoverage } from '../types.ts';

/** Ascending stamps, positive prices, equal lengths. */
export interface CleanColumns {
  readonly timeMs: Float64Array;
  readonly bid: Float64Array;
  readonly ask: Float64Array;
}

type Note = (index: number) => void;

const SMALLEST_SCALE = 2;

/** Notes the quotes behind long steps; the median and the longest step, NaN with fewer than two quotes. */
export function findGaps({ timeMs }: CleanColumns, note: Note): { medianMs: number; largestMs: number } {
  const medianMs = sampledMedian(timeMs.length - 1, (i) => timeMs[i + 1]! - timeMs[i]!);
  let largestMs = Number.NaN;
  for (let i = 1; i < timeMs.length; i++) {
    const step = timeMs[i]! - timeMs[i - 1]!;
    if (!(step <= largestMs)) largestMs = step;
    if (step > GAP_STEPS * medianMs) note(i);
  }
  return { medianMs, largestMs };
}

/**
 * Bad prints stand apart from both neighbours on the same side; a move of the market stands apart from one only. Quotes of another scale
 * are noted as such and passed over here.
 */
export function findOutliers(columns: CleanColumns, note: Note): void {
  const { bid, ask } = columns;
  const isScaled = scaleTest(columns, findScales(columns));
  const mid = (i: number) => (bid[i]! + ask[i]!) / 2;
  const usual = sampledMedian(bid.length - 1, (i) => Math.abs(mid(i + 1) / mid(i) - 1) || Number.NaN);
  const bound = Math.max(OUTLIER_FRACTION, OUTLIER_CHANGES * (Number.isNaN(usual) ? 0 : usual));
  let before = bid.length > 0 ? mid(0) : Number.NaN;
  let here = before;
  for (let i = 0; i < bid.length; i++) {
    const after = i + 1 < bid.length ? mid(i + 1) : here;
    const above = here > before * (1 + bound) && here > after * (1 + bound);
    const below = here < before * (1 - bound) && here < after * (1 - bound);
    if ((above || below || ask[i]! - bid[i]! > WIDE_SPREAD * here) && !isScaled(i)) note(i);
    before = here;
    here = after;
  }
}

/** Notes the quotes that are not on the scale of most of the series, or whose sides are of two scales. */
export function findScaled(columns: CleanColumns, note: Note): void {
  const scales = findScales(columns);
  if (scales.stretches.length === 0 && !scales.anySides) return;
  const isScaled = scaleTest(columns, scales);
  for (let i = 0; i < columns.timeMs.length; i++) if (isScaled(i)) note(i);
}

/** Where a series is on another scale than most of it, and which single quotes have sides of two scales. */
interface ScaleMap {
  /** Stretches `[start, endExclusive)` off the scale of most quotes, ascending. */
  readonly stretches: readonly { readonly start: number; readonly endExclusive: number }[];
  readonly anySides: boolean;
}

/**
 * A jump from one quote to the next by 10^k with |k| ≥ 2 changes the scale of what follows; the scale that most quotes have is taken for
 * the right one.
 */
function findScales({ bid, ask }: CleanColumns): ScaleMap {
  const starts = [0];
  const exponents = [0];
  let anySides = false;
  let exponent = 0;
  // Sides of two scales say nothing about the level: the last level both sides agree on is compared with.
  let before = Number.NaN;
  for (let i = 0; i < bid.length; i++) {
    if (sidesApart(bid[i]!, ask[i]!)) {
      anySides = true;
      continue;
    }
    const mid = bid[i]! + ask[i]!;
    const power = scalePower(mid / before);
    if (power !== 0) {
      exponent += power;
      starts.push(i);
      exponents.push(exponent);
    }
    before = mid;
  }
  if (starts.length === 1) return { stretches: [], anySides };
  const ends = [...starts.slice(1), bid.length];
  const weights = new Map<number, number>();
  for (const [i, each] of exponents.entries()) weights.set(each, (weights.get(each) ?? 0) + ends[i]! - starts[i]!);
  // Of two equally frequent scales the first counts.
  const [usual] = [...weights].reduce((best, each) => (each[1] > best[1] ? each : best));
  const stretches = starts.flatMap((start, i) => (exponents[i] === usual ? [] : [{ start, endExclusive: ends[i]! }]));
  return { stretches, anySides };
}

/** Whether a quote is off the scale; to be asked in ascending order of indexes. */
function scaleTest({ bid, ask }: CleanColumns, { stretches, anySides }: ScaleMap): (index: number) => boolean {
  let at = 0;
  return (index) => {
    while (at < stretches.length && stretches[at]!.endExclusive <= index) at++;
    const within = at < stretches.length && stretches[at]!.start <= index;
    return within || (anySides && sidesApart(bid[index]!, ask[index]!));
  };
}

function sidesApart(bid: number, ask: number): boolean {
  return scalePower(ask / bid) !== 0;
}

/** k where a ratio is about 10^k and |k| ≥ 2, else 0. */
function scalePower(ratio: number): number {
  if (!(ratio > 50 || ratio < 0.02)) return 0;
  const power = Math.round(Math.log10(ratio));
  const rest = ratio / 10 ** power;
  return Math.abs(power) >= SMALLEST_SCALE && Math.abs(Math.log(rest)) < SCALE_TOLERANCE ? power : 0;
}

/** Notes the first quote of every long stretch with unchanged bid and ask. */
export function findStale(columns: CleanColumns, days: DayClock, note: Note): void {
  const { timeMs } = columns;
  let runs = 0;
  let longest = 0;
  forEachRun(columns, days, (start, endExclusive) => {
    runs++;
    longest = Math.max(longest, endExclusive - start);
  });
  const mean = runs > 1 ? (timeMs.length - longest) / (runs - 1) : 0;
  const least = Math.max(STALE_QUOTES, STALE_STRETCHES * mean);
  if (longest < least) return;
  forEachRun(columns, days, (start, endExclusive) => {
    if (endExclusive - start >= least && timeMs[endExclusive - 1]! - timeMs[start]! >= STALE_MS) note(start);
  });
}

/** Runs of one bid and ask, cut where a day ends. */
function forEachRun(
  { timeMs, bid, ask }: CleanColumns,
  days: DayClock,
  take: (start: number, endExclusive: number) => void,
): void {
  let start = 0;
  let dayEndMs = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < timeMs.length; i++) {
    const newDay = timeMs[i]! >= dayEndMs;
    if (newDay) dayEndMs = days.dayBounds(days.dayAt(timeMs[i]!)).endMs;
    if (i > start && (newDay || bid[i] !== bid[start] || ask[i] !== ask[start])) {
      take(start, i);
      start = i;
    }
  }
  if (timeMs.length > 0) take(start, timeMs.length);
}

/** Notes the first quote of every day whose level is apart from the day before by a factor of a split, and stays there. */
export function findSplits({ timeMs, bid, ask }: CleanColumns, coverage: readonly DayCoverage[], note: Note): void {
  const mid = (i: number) => (bid[i]! + ask[i]!) / 2;
  let start = 0;
  let before: number | undefined;
  for (const { quotes } of coverage) {
    const end = start + quotes;
    const count = Math.min(SPLIT_QUOTES, quotes);
    const opening = median(count, (i) => mid(start + i));
    const whole = sampledMedian(quotes, (i) => mid(start + i));
    if (before !== undefined && isSplit(opening / before) && isSplit(whole / before)) note(start);
    before = median(count, (i) => mid(end - count + i));
    start = end;
  }
  if (start !== timeMs.length) throw new TypeError('findSplits needs the coverage of the same quotes');
}

function isSplit(ratio: number): boolean {
  return SPLIT_RATIOS.some((factor) =>
    [factor, 1 / factor].some((expected) => Math.abs(ratio / expected - 1) <= SPLIT_TOLERANCE),
  );
}

/** Quotes, first and last stamp, and the longest gap of each day. */
export function coverageOf({ timeMs }: CleanColumns, days: DayClock): DayCoverage[] {
  const coverage: DayCoverage[] = [];
  for (let start = 0; start < timeMs.length; ) {
    const day = days.dayAt(timeMs[start]!);
    const { endMs } = days.dayBounds(day);
    let longestGapMs = 0;
    let end = start + 1;
    for (; end < timeMs.length && timeMs[end]! < endMs; end++) {
      const step = timeMs[end]! - timeMs[end - 1]!;
      if (step > longestGapMs) longestGapMs = step;
    }
    coverage.push({ day, quotes: end - start, firstMs: timeMs[start]!, lastMs: timeMs[end - 1]!, longestGapMs });
    start = end;
  }
  return coverage;
}

/** Median of `value(0 … count−1)` without NaN, over at most a hundred thousand evenly spaced ones; NaN of none. */
function sampledMedian(count: number, value: (index: number) => number): number {
  const stride = Math.max(1, Math.ceil(count / 100_000));
  return median(Math.max(0, Math.ceil(count / stride)), (i) => value(i * stride));
}

function median(count: number, value: (index: number) => number): number {
  const values = new Float64Array(count);
  let used = 0;
  for (let i = 0; i < count; i++) {
    const each = value(i);
    if (!Number.isNaN(each)) values[used++] = each;
  }
  return used === 0 ? Number.NaN : values.subarray(0, used).sort()[used >> 1]!;
}
