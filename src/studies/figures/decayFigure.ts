/**
 * Decay (Fig. 4): the market line over a rolling window of weeks. The bound SR_θ is the slope through the risk-free rate; the observed SR_θs is
 * that of a strategy anyone could have followed: each week the configuration that was best over the window before.
 */

import { RandomStream } from '../../core/random.ts';
import type { Forecasts, Grid } from '../../core/types.ts';
import { expectedReturns } from '../../quotes/marketTruth.ts';
import { simulateMarket } from '../../quotes/simulator.ts';
import { bootstrapDays, defaultDayBootstrap, FEWEST_DAYS } from '../../risk/bootstrap.ts';
import { bootstrapInterval } from '../../risk/bootstrapInterval.ts';
import { drawDays, emptyDraw } from '../../risk/dayResampling.ts';
import { mean, populationVariance } from '../../risk/statistics.ts';
import { mondayOf } from '../machine/weeks.ts';
import type { MarketLineResult } from '../marketLineResult.ts';
import { neededContext } from '../modelDemands.ts';
import { type FigureContext, lineOfForecasts, variantMeans } from './context.ts';
import { halfLife } from './halfLife.ts';
import { orNull, seriesOf } from './leadLagFigure.ts';
import type { DecayFigure, Estimate } from './results.ts';
import { correlationOf } from './sharedRisk.ts';

const REPLICATES = 499;
const WEEK_MS = 7 * 86_400_000;
/** Weeks are made of days, however few. */
const daily = { returnPeriod: 'day' } as const;

export interface DecaySpec {
  readonly data: string;
  readonly model: string;
  readonly windowWeeks: number;
  readonly releases: DecayFigure['releases'];
  readonly pretrainedUntil: string | null;
}

/** Forecasts of the model as it was in each week, in place of the one checkpoint's: weekly fine-tuning fills this. */
export type WeeklyForecasts = (grids: readonly Grid[], model: string) => Promise<readonly Forecasts[]>;

/** @param weekly absent: the checkpoint as it is forecasts every week (zero-shot) */
export async function decayFigure(
  context: FigureContext,
  spec: DecaySpec,
  weekly?: WeeklyForecasts,
): Promise<DecayFigure> {
  const { study, gather } = context;
  const { stepMs, seed } = study.manifest.settings;
  const grids = study.gridsOf(spec.data, stepMs);
  const forecasts = await (weekly ? weekly(grids, spec.model) : gather({ data: spec.data, stepMs, model: spec.model }));
  const result = await lineOfForecasts(context, spec.data, stepMs, forecasts, daily);
  const planted = await plantedResult(context, spec);
  const weeks = calendarWeeks(result.periods);
  const chosen = followedReturns(result, weeks, spec.windowWeeks);
  const windows: DecayFigure['windows'][number][] = [];
  const skipped: string[] = [];
  for (let last = spec.windowWeeks - 1; last < weeks.length; last++) {
    const inside = weeks.slice(last - spec.windowWeeks + 1, last + 1);
    const days = inside.flatMap((week) => week.days);
    const empty = inside.filter((week) => week.days.length === 0).map(({ monday }) => monday);
    if (days.length < FEWEST_DAYS || empty.length > 0) {
      const why = empty.length > 0 ? `no quotes in the week of ${empty.join(', ')}` : `only ${days.length} days`;
      skipped.push(`Window ending in the week of ${weeks[last]!.monday}: ${why}.`);
      continue;
    }
    windows.push({
      week: weeks[last]!.monday,
      ...(await windowFigures(result, days, chosen, seed)),
      planted: planted && (await boundOf(planted, days, seed)).value,
    });
  }
  const correlations = weeklyCorrelations(context, spec, grids, forecasts, weeks);
  const { releases, pretrainedUntil } = spec;
  return {
    kind: 'decay',
    model: spec.model,
    renewal: weekly ? 'fine-tuned weekly' : 'zero-shot',
    windowWeeks: spec.windowWeeks,
    windows,
    weekly: weeks.map(({ monday }, w) => ({ week: monday, correlation: orNull(correlations[w]!) })),
    halfLifeWeeks: halfLife(correlations, seed),
    plantedHalfLifeWeeks: plantedHalfLife(context, spec.data),
    ...{ releases, pretrainedUntil, skipped },
  };
}

interface Week {
  readonly monday: string;
  /** Indices of its days. */
  readonly days: readonly number[];
}

/** Every calendar week from the first to the last, those without quotes too. */
function calendarWeeks(days: readonly string[]): Week[] {
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
function followedReturns(result: MarketLineResult, weeks: readonly Week[], windowWeeks: number): Float64Array {
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

async function boundOf(result: MarketLineResult, days: readonly number[], seed: number) {
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
  if (include.length < 3) return { ...none, replicates: undefined, blockDays: 1 };
  const panel = { returns, rows, periods: days.length, firstVariant: 1, include };
  const options = { ...defaultDayBootstrap, replicates: REPLICATES, riskFreePerPeriod, seed };
  const { clouds, blockDays } = await bootstrapDays([panel], options);
  const { estimate, interval, replicates, leaveOneOut } = clouds[0]!.slopes.aleatory.throughRiskFree;
  const annual = Math.sqrt(periodsPerYear);
  const bounds =
    interval.kind === 'none' ? { low: null, high: null } : { low: annual * interval.low, high: annual * interval.high };
  return { value: orNull(annual * estimate), ...bounds, estimate, replicates, leaveOneOut, blockDays };
}

async function windowFigures(
  result: MarketLineResult,
  days: readonly number[],
  followed: Float64Array,
  seed: number,
): Promise<Pick<DecayFigure['windows'][number], 'bound' | 'observed' | 'gap'>> {
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
    drawDays(new RandomStream(seed, 'bootstrap/days', b), 'circular', days.length, found.blockDays, draw);
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
    const units = Math.max(2, days.length / found.blockDays);
    const interval = bootstrapInterval(value, draws, jack, units, defaultDayBootstrap.confidence, 'studentT');
    const bounds =
      interval.kind === 'none'
        ? { low: null, high: null }
        : { low: annual * interval.low, high: annual * interval.high };
    return { value: annual * value, ...bounds };
  };
  const minus = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value - b[i]!);
  return {
    bound,
    observed: estimateOf(observed, replicates, leave),
    gap: estimateOf(found.estimate - observed, minus(found.replicates, replicates), minus(found.leaveOneOut, leave)),
  };
}

/** [weeks] correlation of the surprise with the log return over the horizon, mean over assets; NaN where there is none. */
function weeklyCorrelations(
  { study }: FigureContext,
  { model }: DecaySpec,
  grids: readonly Grid[],
  forecasts: readonly Forecasts[],
  weeks: readonly Week[],
): Float64Array {
  const { settings } = study.manifest;
  const card = study.cardOf(model);
  const horizon = settings.horizonTicks ?? card.horizon;
  const sums = new Float64Array(weeks.length);
  const counts = new Float64Array(weeks.length);
  const place = new Map(weeks.map(({ monday }, w) => [monday, w]));
  grids.forEach((grid, a) => {
    const { mid, predictedMid } = seriesOf(grid, forecasts[a]!, neededContext(card, settings), settings.strideTicks);
    const pairs = weeks.map(() => ({ x: [] as number[], y: [] as number[] }));
    grid.sessionDays.forEach((day, s) => {
      const end = grid.sessionStarts[s + 1] ?? mid.length;
      const own = pairs[place.get(mondayOf(day))!]!;
      for (let t = grid.sessionStarts[s]!; t + horizon < end; t++) {
        if (!Number.isFinite(predictedMid[t]!)) continue;
        own.x.push(predictedMid[t]! / mid[t]! - 1);
        own.y.push(Math.log(mid[t + horizon]! / mid[t]!));
      }
    });
    pairs.forEach(({ x, y }, w) => {
      const correlation = correlationOf(x, y);
      if (correlation === null) return;
      sums[w] = sums[w]! + correlation;
      counts[w] = counts[w]! + 1;
    });
  });
  return sums.map((sum, w) => (counts[w]! > 0 ? sum / counts[w]! : Number.NaN));
}

function sourceOf({ study }: FigureContext, data: string) {
  return study.manifest.data.find(({ id }) => id === data)!.source;
}

function plantedHalfLife(context: FigureContext, data: string): number | null {
  const source = sourceOf(context, data);
  if (source.kind !== 'simulator') return null;
  const { decayPerWeek } = source.settings.signal;
  return decayPerWeek > 0 && decayPerWeek < 1 ? Math.LN2 / -Math.log(decayPerWeek) : null;
}

/** The same strategies on forecasts that know the planted signal and its regime; undefined where the data are no simulation of these ticks. */
async function plantedResult(context: FigureContext, { data, model }: DecaySpec): Promise<MarketLineResult | null> {
  const source = sourceOf(context, data);
  if (source.kind !== 'simulator') return null;
  const { settings } = context.study.manifest;
  const { truth, series } = simulateMarket(source.settings);
  const grids = context.study.gridsOf(data, settings.stepMs);
  const horizon = settings.horizonTicks ?? context.study.cardOf(model).horizon;
  const forecasts: Forecasts[] = [];
  for (const grid of grids) {
    const asset = series.findIndex(({ symbol }) => symbol === grid.symbol);
    if (series[asset]?.timeMs.length !== grid.timeMs.length) return null;
    const average = new Float64Array(grid.timeMs.length);
    for (let ahead = 1; ahead <= horizon; ahead++) {
      expectedReturns(truth, asset, ahead).forEach((value, t) => {
        average[t] = average[t]! + value / horizon;
      });
    }
    const row = average.map((value, t) => ((grid.bid[t]! + grid.ask[t]!) / 2) * Math.exp(value));
    const predictedMid = new Float64Array(2 * row.length);
    predictedMid.set(row);
    predictedMid.set(row, row.length);
    forecasts.push({ symbol: grid.symbol, variants: 1, predictedMid });
  }
  return lineOfForecasts(context, data, settings.stepMs, forecasts, daily);
}
