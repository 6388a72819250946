/** The weeks of a study, and what the market line and a strategy that was followed earn over windows of them. */

import { RandomStream } from '../../../core/random.ts';
import { mondayOf } from '../../../forecasts/sessionParts.ts';
import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import { mean, populationVariance } from '../../../risk/moments/statistics.ts';
import { bootstrapPeriods, defaultPeriodBootstrap } from '../../../risk/resampling/bootstrap.ts';
import { bootstrapInterval } from '../../../risk/resampling/bootstrapInterval.ts';
import { drawPeriods, emptyDraw } from '../../../risk/resampling/dayResampling.ts';
import { variantMeans } from '../context.ts';
import { type Estimate, orNull } from '../estimate.ts';
import type { DecayCourse } from './result.ts';

const REPLICATES = 499;
const WEEK_MS = 7 * 86_400_000;

export interface Week {
  readonly monday: string;
  /** Indices of its days. */
  readonly days: readonly number[];
}

/** Every calendar week from the first to the last, those without quotes too. */
export function calendarWeeks(days: readonly string[]): Week[] {
  const byMonday = new Map<string, number[]>();
  days.forEach((day, d) => {
    const monday = mondayOf(day);
    byMonday.set(monday, [...(byMonday.get(monday) ?? []), d]);
  });
  const [first, last] = [mondayOf(days[0]!), mondayOf(days.at(-1)!)].map((day) => Date.parse(day)) as [number, number];
  return Array.from({ length: Math.round((last - first) / WEEK_MS) + 1 }, (_, w) => {
    const monday = new Date(first + w * WEEK_MS).toISOString().slice(0, 10);
    return { monday, days: byMonday.get(monday) ?? [] };
  });
}

/** [D] returns of the configuration that was best over the weeks before; NaN until there are enough of them. */
export function followedReturns(result: MarketLineResult, weeks: readonly Week[], windowWeeks: number): Float64Array {
  const panel = variantMeans(result);
  const followed = new Float64Array(result.periods.length).fill(Number.NaN);
  for (let w = windowWeeks; w < weeks.length; w++) {
    const before = weeks.slice(w - windowWeeks, w).flatMap((week) => week.days);
    const ratios = panel.map((own) =>
      sharpeOf(
        before.map((day) => own[day]!),
        result.riskFreePerPeriod,
      ),
    );
    const best = ratios.reduce((top, ratio, c) => (ratio > (ratios[top] ?? Number.NEGATIVE_INFINITY) ? c : top), -1);
    if (best >= 0) for (const day of weeks[w]!.days) followed[day] = panel[best]![day]!;
  }
  return followed;
}

/** A day; −∞ without risk. */
function sharpeOf(returns: ArrayLike<number>, riskFree: number): number {
  const variance = populationVariance(returns);
  return variance > 0 ? (mean(returns) - riskFree) / Math.sqrt(variance) : Number.NEGATIVE_INFINITY;
}

export async function boundOf(result: MarketLineResult, days: readonly number[], seed: number) {
  const { periodReturns, variants, riskFreePerPeriod, periodsPerYear } = result;
  const [rows, all] = [variants + 1, result.periods.length];
  const returns = new Float64Array(result.configurations.length * rows * days.length);
  for (let row = 0; row < result.configurations.length * rows; row++) {
    days.forEach((day, d) => {
      returns[row * days.length + d] = periodReturns[row * all + day]!;
    });
  }
  const include = result.configurations
    .map(({ index }) => index)
    .filter((c) => {
      const own = returns.subarray(c * rows * days.length, (c + 1) * rows * days.length);
      return own.some((value) => value !== 0);
    });
  const none = { value: null, low: null, high: null } as const;
  if (include.length < 3) return { ...none, replicates: undefined, blockPeriods: 1 };
  const panel = { returns, rows, periods: days.length, firstVariant: 1, include };
  const options = { ...defaultPeriodBootstrap, replicates: REPLICATES, riskFreePerPeriod, seed };
  const { clouds, blockPeriods } = await bootstrapPeriods([panel], options);
  const { estimate, interval, replicates, leaveOneOut } = clouds[0]!.slopes.aleatory.throughRiskFree;
  const annual = Math.sqrt(periodsPerYear);
  const bounds =
    interval.kind === 'none' ? { low: null, high: null } : { low: annual * interval.low, high: annual * interval.high };
  return { value: orNull(annual * estimate), ...bounds, estimate, replicates, leaveOneOut, blockPeriods };
}

export async function windowFigures(
  result: MarketLineResult,
  days: readonly number[],
  followed: Float64Array,
  seed: number,
): Promise<Pick<DecayCourse['windows'][number], 'bound' | 'observed' | 'gap'>> {
  const found = await boundOf(result, days, seed);
  const bound: Estimate = { value: found.value, low: found.low, high: found.high };
  const own = Float64Array.from(days, (day) => followed[day]!);
  const none: Estimate = { value: null, low: null, high: null };
  const { riskFreePerPeriod } = result;
  const observed = sharpeOf(own, riskFreePerPeriod);
  if (!Number.isFinite(observed) || found.replicates === undefined) return { bound, observed: none, gap: none };
  // The same draws as those behind the bound, so that their difference has an interval too.
  const replicates = new Float64Array(REPLICATES);
  const draw = emptyDraw(days.length);
  for (let b = 0; b < REPLICATES; b++) {
    drawPeriods(new RandomStream(seed, 'bootstrap/days', b), 'circular', days.length, found.blockPeriods, draw);
    const drawn: number[] = [];
    for (let j = 0; j < draw.count; j++) for (let n = 0; n < draw.weights[j]!; n++) drawn.push(own[draw.days[j]!]!);
    const ratio = sharpeOf(drawn, riskFreePerPeriod);
    replicates[b] = Number.isFinite(ratio) ? ratio : Number.NaN;
  }
  const leave = Float64Array.from(days, (_, left) =>
    sharpeOf(
      own.filter((_value, d) => d !== left),
      riskFreePerPeriod,
    ),
  );
  const annual = Math.sqrt(result.periodsPerYear);
  const estimateOf = (value: number, draws: Float64Array, jack: Float64Array): Estimate => {
    const units = Math.max(2, days.length / found.blockPeriods);
    const interval = bootstrapInterval(value, draws, jack, units, defaultPeriodBootstrap.confidence, 'studentT');
    const bounds =
      interval.kind === 'none'
        ? { low: null, high: null }
        : { low: annual * interval.low, high: annual * interval.high };
    return { value: orNull(annual * value), ...bounds };
  };
  const minus = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value - b[i]!);
  return {
    bound,
    observed: estimateOf(observed, replicates, leave),
    gap: estimateOf(found.estimate - observed, minus(found.replicates, replicates), minus(found.leaveOneOut, leave)),
  };
}
