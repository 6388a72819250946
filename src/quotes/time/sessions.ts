/** Half days: no list of holidays, but what the quotes of a day say about when its session ended. */

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
/** After the close quotes come at less than this part of the session's rate, in its last half hour at more than that. */
const QUIET = 0.05;
const BUSY = 0.2;

/**
 * When a session ended that ended early: the first half hour of the clock, at least one hour before the usual close, behind which quotes
 * come at less than a twentieth of the rate before it, though in the half hour before it they still came at a fifth of that rate or more.
 * `undefined` for a day of the usual length. `timeMs` ascends.
 */
export function earlyClose(timeMs: Float64Array, { startMs, endMs }: Bounds): number | undefined {
  const within = (fromMs: number, toMs: number) => firstAbove(timeMs, toMs) - firstAbove(timeMs, fromMs);
  for (let closeMs = startMs + SHORTEST_MS; closeMs <= endMs - EARLIER_MS; closeMs += HALF_HOUR_MS) {
    const quotes = within(startMs, closeMs);
    if (quotes < FEWEST_QUOTES) continue;
    const perMs = quotes / (closeMs - startMs);
    const after = within(closeMs + GRACE_MS, endMs) / (endMs - closeMs - GRACE_MS);
    const atTheEnd = within(closeMs - HALF_HOUR_MS, closeMs) / HALF_HOUR_MS;
    if (after < QUIET * perMs) return atTheEnd >= BUSY * perMs ? closeMs : undefined;
  }
  return undefined;
}
