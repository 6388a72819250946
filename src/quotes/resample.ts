/**
 * Quotes onto a regular grid: at every grid instant the quote prevailing there (previous tick), session by session.
 *
 * Grid instants are the multiples of the step since the Unix epoch. Which of them a day has:
 * - With a window, those from its start to its end on that day's clock, both included. A quote from before the start prevails at it
 *   if it is of the same day (where trading never stops: of the day before, too); instants before the first such quote are left
 *   out. To the end of the window the last quote prevails, for as long as the staleness limit allows. An exchange's half day, told by
 *   its quotes (sessions.ts), ends the window early.
 * - Without, those of the whole day between its first and its last quote. Where trading never stops and the days before or after have
 *   quotes too, midnight is no end: the last quote prevails across it, and only the session index is cut there.
 *
 * A day is one on the clock of the window, else of the calendar, and has a session only if it has a quote after 00:00 (one stamped
 * 00:00 itself closes the day before). Exchanges have no session on Saturday and Sunday; holidays have no quotes.
 *
 * A step of one day gives one tick a day at the window's end, else at the midnight that ends the day; since a single tick is no
 * session to trade in, all days form one session, named by its first day.
 */

import { fail } from '../core/errors.ts';
import { firstAbove } from '../core/sorted.ts';
import type { Calendar, Grid, QuoteSeries } from '../core/types.ts';
import {
  type Bounds,
  DAY_MS,
  isWeekend,
  parseTimeOfDay,
  sessionBounds,
  tradingDays,
  wallClock,
  windowBounds,
} from './time/calendar.ts';
import { publishedEarlyClose } from './time/halfDays.ts';
import { earlyClose } from './time/sessions.ts';

/** A part of the day on a zone's clock, both instants included; `HH:MM`, `end` not before `start`. */
export interface SessionWindow {
  readonly timeZone: string;
  readonly start: string;
  readonly end: string;
}

export interface ResampleSettings {
  /** Grid step in milliseconds, at most one day. */
  readonly stepMs: number;
  readonly window: SessionWindow | null;
  /** A quote older than this at a grid instant gives NaN there; `null` for no limit. */
  readonly staleAfterMs: number | null;
}

/** Most ticks of one symbol: about 1.5 GB of grid. */
const MAX_TICKS = 60e6;

/** One day's grid: `count` instants from `firstMs` on. */
interface Session {
  readonly day: string;
  readonly firstMs: number;
  readonly count: number;
}

/** How many ticks the grid of a series would have. @throws what `resample` throws, but for `quotes/grid-size` */
export function countTicks(series: QuoteSeries, settings: ResampleSettings): number {
  checkSettings(settings);
  return planSessions(series, settings).reduce((sum, session) => sum + session.count, 0);
}

/**
 * Samples a series. The grid is empty where no day has a quote in reach of its window.
 * @throws UserError `quotes/step`, `quotes/window`, `quotes/stale`, `quotes/time-zone`, `quotes/time-of-day`, `quotes/grid-size`.
 */
export function resample(series: QuoteSeries, settings: ResampleSettings): Grid {
  checkSettings(settings);
  const sessions = planSessions(series, settings);
  const ticks = sessions.reduce((sum, session) => sum + session.count, 0);
  if (ticks > MAX_TICKS) {
    fail('quotes/grid-size', `The grid would have ${ticks.toLocaleString('en')} ticks.`, {
      hint: 'Take a longer step, a shorter window, or fewer days.',
      where: series.symbol,
    });
  }
  const daily = settings.stepMs === DAY_MS;
  const timeMs = new Float64Array(ticks);
  const sessionStarts = new Int32Array(sessions.length);
  let tick = 0;
  sessions.forEach((session, index) => {
    sessionStarts[index] = tick;
    for (let i = 0; i < session.count; i++) timeMs[tick++] = session.firstMs + i * settings.stepMs;
  });
  const columns = prevailing(series, timeMs, settings.staleAfterMs ?? Number.POSITIVE_INFINITY);
  return {
    symbol: series.symbol,
    stepMs: settings.stepMs,
    timeMs,
    ...columns,
    sessionStarts: daily ? sessionStarts.slice(0, 1) : sessionStarts,
    sessionDays: sessions.slice(0, daily ? 1 : sessions.length).map((session) => session.day),
  };
}

/** The quotes in force at ascending instants, none of which lies before the first quote; sizes where the series has both. */
function prevailing(series: QuoteSeries, timeMs: Float64Array, staleAfterMs: number) {
  const rows = new Int32Array(timeMs.length);
  let row = 0;
  for (let tick = 0; tick < timeMs.length; tick++) {
    const now = timeMs[tick]!;
    while (row + 1 < series.timeMs.length && series.timeMs[row + 1]! <= now) row++;
    rows[tick] = now - series.timeMs[row]! <= staleAfterMs ? row : -1;
  }
  const at = (column: Float64Array): Float64Array =>
    Float64Array.from(rows, (quote) => (quote < 0 ? Number.NaN : column[quote]!));
  const { bidSize, askSize } = series;
  return {
    bid: at(series.bid),
    ask: at(series.ask),
    ...(bidSize && askSize && { bidSize: at(bidSize), askSize: at(askSize) }),
  };
}

/** Whoever asks for hours behind the close wants the thin quotes there, which must not be taken for those of a half day. */
function withinRegularHours(calendar: Calendar, day: string, window: Bounds): boolean {
  const regular = calendar.kind === 'exchange' && sessionBounds(calendar, day);
  return regular ? window.endMs <= regular.endMs : false;
}

/** The grid instants of every day that has some. */
function planSessions(series: QuoteSeries, settings: ResampleSettings): Session[] {
  const { window, stepMs } = settings;
  const alwaysOpen = series.calendar.kind === '24/7';
  const days = daysWithQuotes(series, window);
  return days.flatMap((today, i) => {
    const before = days[i - 1];
    const after = days[i + 1];
    const continued = alwaysOpen && before?.endMs === today.startMs;
    const goesOn = alwaysOpen && after?.startMs === today.endMs;
    const knownFromMs = continued ? before.firstQuoteMs : today.firstQuoteMs;

    let span: Bounds;
    if (window) {
      const usual = windowBounds(window.timeZone, today.day, window.start, window.end);
      const endMs =
        (withinRegularHours(series.calendar, today.day, usual) &&
          earlyClose(series.timeMs, usual, publishedEarlyClose(series.calendar, today.day))) ||
        usual.endMs;
      span = { startMs: Math.max(usual.startMs, knownFromMs), endMs };
    } else {
      const startMs = continued ? today.startMs : today.firstQuoteMs;
      // Midnight itself is the next day's first instant.
      span = { startMs, endMs: Math.min(goesOn ? today.endMs : today.lastQuoteMs, today.endMs - 1) };
    }
    if (stepMs === DAY_MS) {
      const endMs = window ? span.endMs : today.endMs;
      return knownFromMs <= endMs ? [{ day: today.day, firstMs: endMs, count: 1 }] : [];
    }
    const first = Math.ceil(span.startMs / stepMs);
    const last = Math.floor(span.endMs / stepMs);
    return last >= first ? [{ day: today.day, firstMs: first * stepMs, count: last - first + 1 }] : [];
  });
}

interface DayWithQuotes extends Bounds {
  readonly day: string;
  readonly firstQuoteMs: number;
  readonly lastQuoteMs: number;
}

/** Days `(00:00, 24:00]` of the window's zone, else of the calendar, that have a quote, without weekends where those are closed. */
function daysWithQuotes(series: QuoteSeries, window: SessionWindow | null): DayWithQuotes[] {
  const { timeMs, calendar } = series;
  const clock = window ? wallClock(window.timeZone) : tradingDays(calendar);
  // Sunday evening in New York is Monday to the forex market, but not to a window.
  const withWeekends = calendar.kind === '24/7' || (calendar.kind === 'forex' && window !== null);
  const days: DayWithQuotes[] = [];
  for (let row = 0; row < timeMs.length; ) {
    let day = clock.dayAt(timeMs[row]!);
    if (clock.dayBounds(day).startMs === timeMs[row]) day = clock.dayAt(timeMs[row]! - 1);
    const bounds = clock.dayBounds(day);
    const next = firstAbove(timeMs, bounds.endMs, row);
    if (withWeekends || !isWeekend(day)) {
      days.push({ day, ...bounds, firstQuoteMs: timeMs[row]!, lastQuoteMs: timeMs[next - 1]! });
    }
    row = next;
  }
  return days;
}

function checkSettings({ stepMs, window, staleAfterMs }: ResampleSettings): void {
  if (!(stepMs > 0 && stepMs <= DAY_MS)) {
    fail('quotes/step', `A grid step of ${stepMs} ms is not possible.`, { hint: 'Choose a step from 1 ms to 1 day.' });
  }
  if (window && parseTimeOfDay(window.end) < parseTimeOfDay(window.start)) {
    fail('quotes/window', `The session window ends (${window.end}) before it starts (${window.start}).`, {
      hint: 'Choose a start and an end within one day.',
    });
  }
  if (staleAfterMs !== null && !(staleAfterMs >= 0)) {
    fail('quotes/stale', `A staleness limit of ${staleAfterMs} ms is not possible.`, {
      hint: 'Choose 0 or more, or none.',
    });
  }
}
