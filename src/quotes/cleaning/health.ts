/** What is known of every series over all its files: dirt added up, what shows over time in the joined quotes, and coverage by day. */

import type { QuoteSeries } from '../../core/types.ts';
import { coverageOf, findGaps, findOutliers, findScaled, findSplits, findStale } from '../table/shape.ts';
import { daysPerYear, sessionBounds, tradingDays, wallClock } from '../time/calendar.ts';
import { publishedEarlyClose } from '../time/halfDays.ts';
import { earlyClose } from '../time/sessions.ts';
import type { DayCoverage, Finding, FindingKind, SymbolHealth } from '../types.ts';
import { FindingLog, mergeFindings } from './findingLog.ts';
import type { Segment } from './join.ts';
import { describeRow } from './validate.ts';

/** Kinds that show over time: looked for anew where several files were joined. */
const SHAPES: readonly FindingKind[] = ['scale', 'outlier', 'gap', 'stale', 'split'];

/** `segments` are the parts the series was joined from, without those that were left out as duplicates. */
export function symbolHealth(
  series: QuoteSeries,
  segments: readonly Segment[],
): Omit<SymbolHealth, 'calendarInferred'> {
  const { symbol, timeMs, calendar } = series;
  const days = tradingDays(calendar);
  const coverage = coverageOf(series, days);
  const dirt = mergeFindings(
    segments.map(({ quotes }) => quotes.findings),
    false,
  );
  const joined = segments.length > 1;
  return {
    symbol,
    files: segments.map(({ label }) => label),
    rows: timeMs.length,
    firstMs: timeMs[0] ?? Number.NaN,
    lastMs: timeMs.at(-1) ?? Number.NaN,
    findings: joined
      ? mergeFindings(
          [dirt.filter(({ kind, action }) => !isShape(kind) || action === 'dropped'), shapesOf(series)],
          false,
        )
      : dirt,
    coverage,
    halfDays: halfDaysOf(series, coverage),
    calendar,
    daysPerYear: daysPerYear(calendar),
  };

  function shapesOf(columns: QuoteSeries): Finding[] {
    const log = new FindingLog((index) => describeRow(columns, index));
    const note = (kind: FindingKind) => (index: number) => log.add(kind, index);
    findScaled(columns, note('scale'));
    findOutliers(columns, note('outlier'));
    findGaps(columns, note('gap'));
    findStale(columns, days, note('stale'));
    findSplits(columns, coverage, note('split'));
    return log.findings(undefined, new Map());
  }
}

/** The days whose sessions end early, with the times at which they do. */
function halfDaysOf({ calendar, timeMs }: QuoteSeries, coverage: readonly DayCoverage[]): SymbolHealth['halfDays'] {
  if (calendar.kind !== 'exchange') return [];
  const clock = wallClock(calendar.timeZone);
  return coverage.flatMap(({ day }) => {
    const usual = sessionBounds(calendar, day);
    const closeMs = usual && earlyClose(timeMs, usual, publishedEarlyClose(calendar, day));
    return closeMs ? [{ day, close: new Date(clock.toWall(closeMs)).toISOString().slice(11, 16) }] : [];
  });
}

function isShape(kind: FindingKind): boolean {
  return SHAPES.includes(kind);
}
