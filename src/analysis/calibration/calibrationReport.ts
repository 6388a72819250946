/** What the calibration study found, as the page and `docs/calibration.md` tell it. Made by `npm run calibrate`. */

/** Coverage of nominal 95 % intervals that counts as right. */
export const COVERAGE_GOAL = { low: 0.93, high: 0.97 } as const;

/** From this many days on the goal is to hold. */
export const GOAL_DAYS = 60;

export interface CalibrationReport {
  /** Planted studies in each cell of `shapes` and `varied`, and in each of `power`. */
  readonly studies: number;
  readonly powerStudies: number;
  readonly replicates: number;
  readonly seed: number;
  /** [D] days of the columns of `coverage` */
  readonly days: readonly number[];
  /** The default interval's name. */
  readonly defaultInterval: string;
  readonly shapes: readonly {
    readonly title: string;
    /** `coverage` is [D] */
    readonly intervals: readonly { readonly name: string; readonly coverage: readonly number[] }[];
  }[];
  readonly varied: readonly {
    readonly title: string;
    readonly coverage: number;
    readonly toldFromZero: number;
    readonly toldApart: number;
  }[];
  readonly power: readonly {
    readonly sharpePerDay: number;
    readonly days: number;
    readonly toldFromZero: number;
    readonly toldApart: number;
  }[];
}

/** How an interval's coverage ranges over all shapes and all days within [from, toExclusive). */
export function coverageRange(
  report: Pick<CalibrationReport, 'days' | 'shapes'>,
  name: string,
  from = GOAL_DAYS,
  toExclusive = Number.POSITIVE_INFINITY,
): { readonly low: number; readonly high: number } {
  const values = report.shapes.flatMap(({ intervals }) =>
    intervals
      .filter((interval) => interval.name === name)
      .flatMap(({ coverage }) => coverage.filter((_, i) => report.days[i]! >= from && report.days[i]! < toExclusive)),
  );
  return { low: Math.min(...values), high: Math.max(...values) };
}

/** Intervals that cover too seldom somewhere from `GOAL_DAYS` days on, worst first. */
export function undercovering(
  report: Pick<CalibrationReport, 'days' | 'shapes'>,
): readonly { readonly name: string; readonly low: number }[] {
  const names = report.shapes[0]?.intervals.map(({ name }) => name) ?? [];
  return names
    .map((name) => ({ name, low: coverageRange(report, name).low }))
    .filter(({ low }) => low < COVERAGE_GOAL.low)
    .sort((a, b) => a.low - b.low);
}
