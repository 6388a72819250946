/**
 * Walk-forward: a span of time is cut into a training, a validation and a backtest range, in this order, with an embargo between them.
 * Ranges are made here and nowhere else, and what builds windows takes nothing but a range of the right role: training on what a
 * backtest will trade on is a type error.
 */

import { cutGrid } from '../../core/cutGrid.ts';
import { fail } from '../../core/errors.ts';
import type { Grid } from '../../core/types.ts';

export type Role = 'training' | 'validation' | 'backtest';

/** Metadata keys that say from when on, and before when, a tuned model may be backtested, in milliseconds since the epoch. */
export const BACKTEST_START = 'fineTuning.backtestStartMs';
/** Absent: to the end of the quotes. */
export const BACKTEST_END = 'fineTuning.backtestEndMs';

const made: unique symbol = Symbol('made by walkForward');

/** A span of time with a role. Only `walkForward` makes them. */
export interface TimeRange<R extends Role> {
  readonly role: R;
  /** Milliseconds since the epoch; the first instant that may be read. */
  readonly startMs: number;
  readonly endExclusiveMs: number;
  readonly [made]: true;
}

export interface WalkForward {
  readonly training: TimeRange<'training'>;
  readonly validation: TimeRange<'validation'>;
  /** To the end of the last day chosen; without one open towards the future: whatever comes later may be traded. */
  readonly backtest: TimeRange<'backtest'>;
  readonly embargoMs: number;
}

export interface WalkForwardSettings {
  /** Calendar days `YYYY-MM-DD`, both included; empty: from the first, to the last. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** Shares of the sessions (of the time, where there are fewer than three): what is left is the backtest's. */
  readonly trainingShare: number;
  readonly validationShare: number;
  /** Time between two ranges that belongs to neither. */
  readonly embargoTicks: number;
}

/**
 * Cuts the time that the grids cover. With three sessions or more the cuts are where sessions begin.
 * @throws UserError `training/too-little-data` when a range is empty.
 */
export function walkForward(grids: readonly Grid[], settings: WalkForwardSettings): WalkForward {
  const sessions = sessionSpans(grids, settings);
  const first = sessions[0];
  const last = sessions.at(-1);
  if (!first || !last) {
    return fail('training/too-little-data', 'There are no quotes between the days chosen.', {
      hint: 'Choose other days, or load more quotes.',
    });
  }
  const { trainingShare, validationShare } = settings;
  const embargoMs = settings.embargoTicks * Math.max(...grids.map((grid) => grid.stepMs));
  const count = sessions.length;
  const inTime = (share: number): number => first.startMs + share * (last.endMs - first.startMs);
  /** Sessions before a share of them, at least and at most so many. */
  const before = (share: number, least: number, most: number): number =>
    Math.min(most, Math.max(least, Math.round(share * count)));
  const trained = before(trainingShare, 1, count - 2);
  const [validationMs, backtestMs] =
    count < 3
      ? [inTime(trainingShare), inTime(trainingShare + validationShare)]
      : [
          sessions[trained]!.startMs,
          sessions[before(trainingShare + validationShare, trained + 1, count - 1)]!.startMs,
        ];
  const training = range('training', first.startMs, validationMs - embargoMs);
  const validation = range('validation', validationMs, backtestMs - embargoMs);
  const backtest = range('backtest', backtestMs, settings.lastDay ? last.endMs + 1 : Number.POSITIVE_INFINITY);
  if (training.endExclusiveMs <= training.startMs) {
    fail('training/too-little-data', 'The embargo is longer than the training range.', {
      hint: 'Shorten the embargo, or train on more days.',
    });
  }
  return { training, validation, backtest, embargoMs };
}

function range<R extends Role>(role: R, startMs: number, endExclusiveMs: number): TimeRange<R> {
  return { role, startMs, endExclusiveMs: Math.max(startMs, endExclusiveMs), [made]: true };
}

/** The time in which a model may be backtested; `TimeRange<'backtest'>` is one. */
export interface TradedTime {
  readonly startMs: number;
  readonly endExclusiveMs: number;
}

/** What may be traded: the ticks of the backtest range. Undefined where there are none. */
export function backtestGrid(grid: Grid, { startMs, endExclusiveMs }: TradedTime): Grid | undefined {
  const { timeMs, sessionStarts } = grid;
  const start = timeMs.findIndex((time) => time >= startMs);
  if (start < 0) return undefined;
  const after = timeMs.findIndex((time) => time >= endExclusiveMs);
  const endExclusive = after < 0 ? timeMs.length : after;
  if (start >= endExclusive) return undefined;
  if (start === 0 && endExclusive === timeMs.length) return grid;
  const starts = [...sessionStarts];
  return cutGrid(grid, {
    start,
    endExclusive,
    firstSession: starts.findLastIndex((tick) => tick <= start),
    endSessionExclusive: starts.filter((tick) => tick < endExclusive).length,
  });
}

/** Sessions of all grids within the days, each day once, in order. */
function sessionSpans(
  grids: readonly Grid[],
  { firstDay, lastDay }: WalkForwardSettings,
): readonly { readonly startMs: number; readonly endMs: number }[] {
  const spans = new Map<string, { startMs: number; endMs: number }>();
  for (const { timeMs, sessionStarts, sessionDays } of grids) {
    sessionDays.forEach((day, s) => {
      const start = sessionStarts[s]!;
      const end = sessionStarts[s + 1] ?? timeMs.length;
      if (end <= start || (firstDay && day < firstDay) || (lastDay && day > lastDay)) return;
      const span = { startMs: timeMs[start]!, endMs: timeMs[end - 1]! };
      const known = spans.get(day) ?? span;
      spans.set(day, {
        startMs: Math.min(known.startMs, span.startMs),
        endMs: Math.max(known.endMs, span.endMs),
      });
    });
  }
  return [...spans.values()].sort((a, b) => a.startMs - b.startMs);
}

/** What a tuned checkpoint says of itself; undefined for any other. */
export function tradedTimeOf(metadata: Readonly<Record<string, string>> | undefined): TradedTime | undefined {
  const { [BACKTEST_START]: start, [BACKTEST_END]: end } = metadata ?? {};
  if (start === undefined) return undefined;
  return { startMs: Number(start), endExclusiveMs: end === undefined ? Number.POSITIVE_INFINITY : Number(end) };
}

/** What lies in both, where both are limited. */
export function bothTimes(one: TradedTime | undefined, other: TradedTime | undefined): TradedTime | undefined {
  if (!one || !other) return one ?? other;
  return {
    startMs: Math.max(one.startMs, other.startMs),
    endExclusiveMs: Math.min(one.endExclusiveMs, other.endExclusiveMs),
  };
}
