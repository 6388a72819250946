/** What a study will cost and whether it can work, known before anything runs. */

import type { UserProblem } from '../core/errors.ts';
import type { Grid } from '../core/types.ts';
import { countMissing } from '../marketLine/equalBets.ts';
import { periodsOf, periodWords, type ReturnPeriod, unionOf, yearOf } from '../marketLine/periods.ts';
import { countForecastTicks } from '../models/schedule.ts';
import type { ForecastPlan } from '../models/types.ts';
import { naiveIds } from '../strategy/naive.ts';
import {
  countConfigurations,
  fillLatencyTicks,
  type RunSettings,
  stalePricesWarning,
  tradesOnStalePrices,
} from './settings.ts';

/** What a plan needs to know about a grid; no quotes. */
export type GridShape = Pick<Grid, 'symbol' | 'timeMs' | 'sessionStarts' | 'sessionDays'>;

/** Speed of this device. */
export interface MeasuredCosts {
  /** From `Forecaster.measure`. */
  readonly secondsPerForwardPass: number;
  /** Default: `TYPICAL_SECONDS_PER_MILLION_TICK_STEPS`. */
  readonly secondsPerMillionTickSteps?: number;
  /** Default: `TYPICAL_SECONDS_PER_ASSET_DAY`. */
  readonly secondsPerAssetDay?: number;
  /** Default: `TYPICAL_SECONDS_PER_ASSET`. */
  readonly secondsPerAsset?: number;
}

/** One tick-step is one strategy seeing one tick. Rough: an ordinary laptop core does several hundred million a second. */
const TYPICAL_SECONDS_PER_MILLION_TICK_STEPS = 0.004;

/** What a day of an asset takes beside its forward passes: to ask for it, hash it and keep it. Of many assets and few forecasts this is most. */
const TYPICAL_SECONDS_PER_ASSET_DAY = 0.03;
/** What an asset takes beside the steps of its backtests: naive forecasts, and two batches sent to workers and back. */
const TYPICAL_SECONDS_PER_ASSET = 0.1;

export interface RunPlan extends ForecastPlan {
  readonly assets: number;
  /** Distinct calendar days over all assets. */
  readonly days: number;
  /** Returns that a mean is taken over, and what each is of. */
  readonly periods: number;
  readonly period: ReturnPeriod;
  /** Configurations × (K + 1 + naive forecasts) × assets. */
  readonly backtests: number;
  /** Ticks all backtests see together. */
  readonly tickSteps: number;
  /** Bytes of predictions held in memory. */
  readonly predictionBytes: number;
  /** Of the whole, those that backtests take included. Null before the device was measured. */
  readonly estimatedSeconds: number | null;
  readonly backtestSeconds: number;
  /** Null before the device was measured. */
  readonly secondsPerForwardPass: number | null;
  /** A change of settings that makes a run of hours shorter; null where there is no need. */
  readonly smaller: SmallerRun | null;
  /** Reasons why the study cannot run; empty where it can. */
  readonly problems: readonly UserProblem[];
  /** What a reader of the results should know. */
  readonly warnings: readonly string[];
}

/** An offer in place of a run that takes hours. */
export interface SmallerRun {
  readonly settings: Partial<RunSettings>;
  /** What changes, for people. */
  readonly change: string;
  readonly estimatedSeconds: number;
}

/** A run longer than this is pointed out, with a smaller one. */
const LONG_SECONDS = 3600;
/** What the smaller one is to take. */
const OFFERED_SECONDS = 600;

/** Most predictions that one symbol can have: what browsers allow a single array, with room to send it to a worker. */
const MOST_PREDICTION_BYTES = 2 ** 31;

/** Below this number of returns a standard deviation over them says little. */
const FEW_RETURNS = 20;

export function shapeOf({ symbol, timeMs, sessionStarts, sessionDays }: Grid): GridShape {
  return { symbol, timeMs, sessionStarts, sessionDays };
}

/**
 * Counts everything a study will do; takes microseconds.
 *
 * @param budgetBytes of predictions, all symbols together: more is a problem
 */
export function planRun(
  grids: readonly GridShape[],
  contextLength: number,
  settings: RunSettings,
  costs?: MeasuredCosts,
  budgetBytes = Number.POSITIVE_INFINITY,
): RunPlan {
  const rows = settings.variants + 1;
  const ticks = grids.reduce((sum, grid) => sum + grid.timeMs.length, 0);
  const contexts = grids.reduce(
    (sum, { sessionStarts, timeMs }) =>
      sum + countForecastTicks(sessionStarts, timeMs.length, contextLength, settings.strideTicks),
    0,
  );
  const forwardPasses = contexts * rows;
  const configurations = countConfigurations(settings);
  const backtestRows = (rows + naiveIds.length) * configurations;
  const tickSteps = ticks * backtestRows;
  const secondsPerMillion = costs?.secondsPerMillionTickSteps ?? TYPICAL_SECONDS_PER_MILLION_TICK_STEPS;
  const days = unionOf(grids.map(({ sessionDays }) => sessionDays)).length;
  const { period } = yearOf(settings, grids);
  const cut = grids.map((grid) => ({ periods: periodsOf(grid, period).names }));
  const periods = unionOf(cut.map(({ periods: own }) => own)).length;
  const assetDays = grids.reduce((sum, { sessionDays }) => sum + sessionDays.length, 0);
  const passSeconds = forwardPasses * (costs?.secondsPerForwardPass ?? 0);
  const keepSeconds = assetDays * (costs?.secondsPerAssetDay ?? TYPICAL_SECONDS_PER_ASSET_DAY);
  const stepSeconds = (tickSteps / 1e6) * secondsPerMillion;
  const assetSeconds = grids.length * (costs?.secondsPerAsset ?? TYPICAL_SECONDS_PER_ASSET);
  const backtestSeconds = stepSeconds + assetSeconds;
  const estimatedSeconds = costs ? passSeconds + keepSeconds + backtestSeconds : null;
  return {
    assets: grids.length,
    days,
    periods,
    period,
    contexts,
    forwardPasses,
    backtests: grids.length * backtestRows,
    tickSteps,
    predictionBytes: ticks * rows * Float64Array.BYTES_PER_ELEMENT,
    estimatedSeconds,
    backtestSeconds,
    secondsPerForwardPass: costs?.secondsPerForwardPass ?? null,
    smaller:
      estimatedSeconds !== null && estimatedSeconds > LONG_SECONDS
        ? smallerRun({ passSeconds, stepSeconds, otherSeconds: keepSeconds + assetSeconds }, settings)
        : null,
    problems: findProblems(grids, contextLength, contexts, { period, periods, budgetBytes }, settings),
    warnings: [
      ...(tradesOnStalePrices(settings) ? [stalePricesWarning(settings)] : []),
      ...findWarnings(grids, contextLength, { period, periods, missing: countMissing(cut) }),
    ],
  };
}

/** Forecasts less often and, where backtests alone would take too long, tries fewer configurations. */
function smallerRun(
  { passSeconds, stepSeconds, otherSeconds }: Readonly<Record<'passSeconds' | 'stepSeconds' | 'otherSeconds', number>>,
  settings: RunSettings,
): SmallerRun {
  const half = OFFERED_SECONDS / 2;
  const strideTicks = settings.strideTicks * Math.max(1, Math.ceil(passSeconds / half));
  const share = Math.min(1, half / stepSeconds);
  // With a forecast at every tick nothing is held: a longer stride must not make stale prices of that.
  const heldForecast = settings.strideTicks === 1 && settings.heldForecast === 'price' ? 'none' : settings.heldForecast;
  const configurations = Math.max(3, Math.floor(settings.configurations * share));
  const changes = [
    strideTicks > settings.strideTicks && `a forecast every ${strideTicks} ticks`,
    configurations < settings.configurations && `${configurations} configurations`,
  ].filter((change) => change !== false);
  return {
    settings: { strideTicks: Math.min(100_000, strideTicks), configurations, heldForecast },
    change: changes.join(' and '),
    estimatedSeconds:
      otherSeconds +
      passSeconds / (strideTicks / settings.strideTicks) +
      stepSeconds * (configurations / settings.configurations),
  };
}

function findProblems(
  grids: readonly GridShape[],
  contextLength: number,
  contexts: number,
  { period, periods, budgetBytes }: Pick<RunPlan, 'period' | 'periods'> & { readonly budgetBytes: number },
  settings: RunSettings,
): UserProblem[] {
  if (grids.length === 0) {
    return [{ code: 'study/no-data', message: 'There are no quotes.', hint: 'Add quote files, or use the simulator.' }];
  }
  const problems: UserProblem[] = [];
  if (contexts === 0) {
    problems.push({
      code: 'study/no-context',
      message: `No session is as long as the model’s context of ${contextLength} ticks, so nothing can be forecast.`,
      hint: 'Choose a finer resolution, a longer session window, or a model with a shorter context.',
    });
  }
  if (periods < 2) {
    const { many } = periodWords[period];
    problems.push({
      code: 'study/one-period',
      message: `The quotes are of only one ${period}, and risk is the standard deviation of returns over ${many}.`,
      hint: period === 'hour' ? 'Add quotes of more hours.' : 'Add quotes of more days, or count returns by the hour.',
      where: 'returnPeriod',
    });
  }
  const longest = Math.max(...grids.flatMap(sessionLengths));
  const latency = fillLatencyTicks(settings);
  if (settings.flattenAtSessionEnd && latency >= longest) {
    problems.push({
      code: 'study/latency',
      message: `Fills come ${latency} ticks after a decision, but the longest session has ${longest}: nothing could be traded.`,
      hint: 'Choose a shorter latency or a finer resolution.',
      where: settings.latencyTicks === latency ? 'latencyTicks' : 'inferenceMs',
    });
  }
  const mostTicks = Math.max(...grids.map((grid) => grid.timeMs.length));
  const fitting = Math.floor(MOST_PREDICTION_BYTES / Float64Array.BYTES_PER_ELEMENT / mostTicks) - 1;
  if (settings.variants > fitting) {
    problems.push({
      code: 'study/memory',
      message: `Predictions of ${settings.variants} variants at ${mostTicks.toLocaleString('en')} ticks do not fit into memory; ${Math.max(0, fitting)} would.`,
      hint: 'Choose fewer variants, a coarser resolution, or fewer days.',
      where: 'variants',
    });
  }
  const ticks = grids.reduce((sum, grid) => sum + grid.timeMs.length, 0);
  const fittingAll = Math.floor(budgetBytes / Float64Array.BYTES_PER_ELEMENT / ticks) - 1;
  if (settings.variants <= fitting && settings.variants > fittingAll) {
    const bytes = ticks * (settings.variants + 1) * Float64Array.BYTES_PER_ELEMENT;
    problems.push({
      code: 'study/memory',
      message: `Predictions for ${grids.length} symbols take ${(bytes / 1e9).toFixed(1)} GB, and this device is given ${(budgetBytes / 1e9).toFixed(1)} GB at the most.`,
      hint:
        fittingAll >= 2
          ? `${fittingAll} variants would fit; or choose a coarser resolution, fewer days or fewer symbols.`
          : 'Choose a coarser resolution, fewer days or fewer symbols.',
      where: 'variants',
    });
  }
  return problems;
}

function sessionLengths({ sessionStarts, timeMs }: GridShape): number[] {
  return Array.from(sessionStarts, (start, s) => (sessionStarts[s + 1] ?? timeMs.length) - start);
}

function findWarnings(
  grids: readonly GridShape[],
  contextLength: number,
  { period, periods, missing }: Pick<RunPlan, 'period' | 'periods'> & { readonly missing: number },
): string[] {
  const warnings: string[] = [];
  const { many } = periodWords[period];
  if (periods > 1 && periods < FEW_RETURNS) {
    warnings.push(`${periods} ${many}: means and standard deviations over so few ${many} are rough.`);
  }
  if (period === 'hour') {
    warnings.push(
      'Returns are counted by the hour, because there are few days or it was asked for: hours of one day are less independent than days.',
    );
  }
  const lengths = grids.flatMap(sessionLengths);
  const short = lengths.filter((length) => length < contextLength).length;
  if (short > 0) {
    warnings.push(
      `${short} of ${lengths.length} sessions are shorter than the model’s context of ${contextLength} ticks: ` +
        'nothing is forecast in them, and they count as time without trades.',
    );
  }
  if (missing > 0) {
    warnings.push(`Quotes are missing in ${missing} symbol-${many}: the bet on that symbol earns nothing then.`);
  }
  return warnings;
}
