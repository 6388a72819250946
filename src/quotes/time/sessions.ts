/** Half days: what exchanges publish (halfDays.ts), else what the quotes of a day say about when its session ended. */

import { firstAbove } from '../../core/sorted.ts';
import type { Bounds } from './calendar.ts';

const HALF_HOUR_MS = 1_800_000;
/** Quotes trickle in for a while after the close. */
const GRACE_MS = 300_000;
/** A session lasts at least this long, and a half day ends at least so much earlier. */
const SHORTEST_MS = 4 * HALF_HOUR_MS;
const EARLIER_MS = 2 * HALF_HOUR_MS;
/** With fewer quotes nothing can be told. */
const FEWEST_QUOTES = 100;
/** Bars come at a fixed step, and so few of them tell as much. */
const FEWEST_BARS = 10;
const SHORTEST_BAR_MS = 60_000;
/** After the close quotes come at less than this part of the session's rate, in its last half hour at more than that. */
const QUIET = 0.05;
const BUSY = 0.2;

/**
 * When a session ended that ended early: the first half hour of the clock, at least one hour before the usual close, behind which quotes
 * come at less than a twentieth of the rate before it, though in the half hour before it they still came at a fifth of that rate or more.
 * `undefined` for a day of the usual length. What is published counts whatever comes behind it: quotes after hours may be many.
 * `timeMs` ascends.
 */
export function earlyClose(timeMs: Float64Array, { startMs, endMs }: Bounds, publishedMs?: number): number | undefined {
  if (publishedMs !== undefined) return publishedMs > startMs && publishedMs < endMs ? publishedMs : undefined;
  const fewest = areBars(timeMs, startMs, endMs) ? FEWEST_BARS : FEWEST_QUOTES;
  const within = (fromMs: number, toMs: number) => firstAbove(timeMs, toMs) - firstAbove(timeMs, fromMs);
  for (let closeMs = startMs + SHORTEST_MS; closeMs <= endMs - EARLIER_MS; closeMs += HALF_HOUR_MS) {
    const quotes = within(startMs, closeMs);
    if (quotes < fewest) continue;
    const perMs = quotes / (closeMs - startMs);
    const after = within(closeMs + GRACE_MS, endMs) / (endMs - closeMs - GRACE_MS);
    const atTheEnd = within(closeMs - HALF_HOUR_MS, closeMs) / HALF_HOUR_MS;
    if (after < QUIET * perMs) return atTheEnd >= BUSY * perMs ? closeMs : undefined;
  }
  return undefined;
}

/** Whether all stamps of a span are a whole number of steps of a minute or more apart, most of them one. */
function areBars(timeMs: Float64Array, startMs: number, endMs: number): boolean {
  const from = firstAbove(timeMs, startMs);
  const to = firstAbove(timeMs, endMs);
  if (to - from < FEWEST_BARS || to - from >= FEWEST_QUOTES * 4) return false;
  const steps = Array.from({ length: to - from - 1 }, (_, i) => timeMs[from + i + 1]! - timeMs[from + i]!);
  const step = steps.toSorted((a, b) => a - b)[steps.length >> 1]!;
  return (
    step >= SHORTEST_BAR_MS &&
    steps.every((each) => each % step === 0) &&
    steps.filter((each) => each === step).length * 10 >= steps.length * 9
  );
}
