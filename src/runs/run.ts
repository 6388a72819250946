/** The study behind the risk-return plane (paper §4.2, Fig. 3a, Table 2): forecasts → backtests → variance split → market line. */

import { isAbort, UserError } from '../core/errors.ts';
import type { Forecasts, Grid, OnProgress } from '../core/types.ts';
import { type Pause, pauses } from '../core/yielding.ts';
import { type DailyForecasts, type ForecastSoFar, forecastDays } from '../forecasts/dailyForecasts.ts';
import type { JobStore } from '../forecasts/jobStore.ts';
import { neededContext } from '../forecasts/neededContext.ts';
import type { BacktestDetail, Backtester, MarketColumns } from '../marketLine/backtester.ts';
import {
  type AssetOutcome,
  checkFinite,
  type MarketLineResult,
  summariseMarketLine,
} from '../marketLine/marketLineResult.ts';
import { periodsOf, unionOf, yearOf } from '../marketLine/periods.ts';
import { intervalsOf } from '../marketLine/slopeIntervals.ts';
import type { NotFinite } from '../models/finite.ts';
import type { Forecaster } from '../models/types.ts';
import type { StrategyConfig } from '../strategy/config.ts';
import { naiveForecast, naiveIds, onSchedule } from '../strategy/naive.ts';
import { planRun, shapeOf } from './runPlan.ts';
import { configurationsOf, forecastSettingsOf, type RunSettings } from './settings.ts';

interface Running {
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface MarketLineRun extends Running {
  readonly grids: readonly Grid[];
  readonly forecaster: Forecaster;
  readonly backtester: Backtester;
  readonly settings: RunSettings;
  /** Resamples the days in the page's worker; absent: here. */
  readonly resample?: typeof intervalsOf;
  /** Where finished days of forecasts are kept; absent: nowhere. */
  readonly store?: JobStore;
  /** The result on the days that are forecast so far, each time there are twice as many; computed while the forecasts go on. */
  readonly onInterim?: (interim: MarketLineResult) => void;
}

export interface MarketLineOutcome {
  readonly result: MarketLineResult;
  /** [A] in the order of the grids: kept by the caller for point details, and for other strategies on the same forecasts. */
  readonly forecasts: readonly Forecasts[];
  /** Forward passes that were not made, because their results were kept from before; of all. */
  readonly kept: Pick<DailyForecasts, 'keptPasses' | 'forwardPasses'>;
  /** Forward passes by what executed them. */
  readonly passesOn: DailyForecasts['passesOn'];
}

/**
 * Runs a whole study. Progress comes in three stages: forward passes and backtests, each counted over all assets, then resampled days.
 *
 * @throws UserError where the data cannot carry a study (no session as long as the context, a single day)
 * @throws AbortError soon after the signal
 */
export async function runMarketLine(study: MarketLineRun): Promise<MarketLineOutcome> {
  const { grids, forecaster, settings } = study;
  const plan = planRun(grids.map(shapeOf), neededContext(forecaster.card, settings), settings);
  const problem = plan.problems[0];
  if (problem) throw new UserError(problem);
  const { onInterim, ...whole } = study;
  const interim = onInterim && interimResults(whole, onInterim);
  try {
    const { forecasts, notFinite, passesOn, notes, ...kept } = await forecastDays({
      ...study,
      settings: forecastSettingsOf(settings),
      onDays: interim?.onDays,
    });
    const horizonTicks = settings.horizonTicks ?? forecaster.card.horizon;
    // What is known in part is of no use to anyone who gets it whole.
    interim?.stop();
    const warnings = [...plan.warnings, ...new Set(notes), ...mixedBackends(passesOn)];
    const result = await marketLineOf({ ...study, forecasts, notFinite, horizonTicks, warnings });
    return { result, forecasts, kept, passesOn };
  } finally {
    interim?.stop();
  }
}

/** A line of forecasts that were made by two back ends says so. */
function mixedBackends(passesOn: DailyForecasts['passesOn']): string[] {
  const parts = Object.entries(passesOn);
  if (parts.length < 2) return [];
  const total = parts.reduce((sum, [, passes]) => sum + passes, 0);
  const shares = parts.map(([provider, passes]) => `${((100 * passes) / total).toFixed(1)} % on ${provider}`);
  return [`The forecasts were made on two back ends, which agree to rounding: ${shares.join(', ')}.`];
}

/** Fewer days than this are no sample. */
const LEAST_INTERIM_DAYS = 2;

/** Results of a run's first days, one after the other; days that come while one is being computed wait for the next. */
function interimResults(
  study: Omit<MarketLineRun, 'onProgress' | 'onInterim'>,
  onInterim: (interim: MarketLineResult) => void,
) {
  const { grids, settings, forecaster } = study;
  const controller = new AbortController();
  const all = unionOf(grids.map(({ sessionDays }) => sessionDays)).length;
  // Returns are of the same period from the first plot to the last.
  const { period } = yearOf(settings, grids);
  const horizonTicks = settings.horizonTicks ?? forecaster.card.horizon;
  let wanted = LEAST_INTERIM_DAYS;
  let busy = false;
  const compute = async ({ take }: ForecastSoFar): Promise<void> => {
    const signal = controller.signal;
    const running = { signal, onProgress: undefined };
    try {
      const interim = await marketLineOf({
        ...study,
        ...running,
        ...take(),
        horizonTicks,
        settings: { ...settings, returnPeriod: period },
      });
      if (!signal.aborted) onInterim(interim);
    } catch (caught) {
      // Whatever is wrong will be said of the whole.
      if (!isAbort(caught) && !(caught instanceof UserError)) throw caught;
    } finally {
      busy = false;
    }
  };
  return {
    onDays: (soFar: ForecastSoFar): void => {
      const { length } = soFar.days;
      if (busy || length < wanted || length === all) return;
      [busy, wanted] = [true, 2 * length];
      void compute(soFar);
    },
    stop: (): void => controller.abort(),
  };
}

export interface MarketLineFromForecasts extends Running {
  readonly grids: readonly Grid[];
  /** [A] as the grids */
  readonly forecasts: readonly Forecasts[];
  readonly backtester: Backtester;
  readonly settings: RunSettings;
  /** Resamples the days in the page's worker; absent: here. */
  readonly resample?: typeof intervalsOf;
  /** Instead of those drawn from the settings. */
  readonly configs?: readonly StrategyConfig[];
  /** Mids that the model's prediction is the mean of, for naive forecasts of the same; default: the setting, or the stride. */
  readonly horizonTicks?: number;
  /** Warnings of the plan, to be carried into the result. */
  readonly warnings?: readonly string[];
  /** Forecasts that are no finite numbers, to be counted in the result. */
  readonly notFinite?: NotFinite;
}

const PATIENCE_MS = 12;

/** The part of a study after the forecasts: what has to be redone when only costs, rules or ranges change. */
export async function marketLineOf(study: MarketLineFromForecasts): Promise<MarketLineResult> {
  const { grids, forecasts, backtester, settings, onProgress, signal, warnings } = study;
  const configs = study.configs ?? configurationsOf(settings);
  const modelBacktests = configs.length * ((forecasts[0]?.variants ?? 0) + 1);
  const perAsset = modelBacktests + configs.length * naiveIds.length;
  const year = yearOf(settings, grids);
  const cut = grids.map((grid) => periodsOf(grid, year.period));
  const horizonTicks = study.horizonTicks ?? settings.horizonTicks ?? settings.strideTicks;
  // Called on the page's own thread, which must not stop for longer than a frame or two.
  const pause = pauses(signal, PATIENCE_MS);
  const assets: AssetOutcome[] = [];
  for (const [a, grid] of grids.entries()) {
    signal?.throwIfAborted();
    const reportAfter =
      (before: number): OnProgress =>
      ({ done }) =>
        onProgress?.({
          stage: `Backtesting ${grid.symbol}`,
          done: a * perAsset + before + done,
          total: grids.length * perAsset,
          unit: 'backtests',
        });
    const { names: periods, starts: periodStarts } = cut[a]!;
    // Where every session is a period of its own nothing needs saying, and backtests take their fastest way.
    const asSessions = String(periodStarts) === String(grid.sessionStarts);
    const market = { ...columnsOf(grid), ...(!asSessions && { periodStarts }) };
    const predictedMid = predictionsOf(grid, forecasts[a]);
    const batch = await backtester.run({ market, predictedMid, configs }, reportAfter(0), signal);
    const model = predictedMid.subarray(0, grid.timeMs.length);
    const naiveMid = await naivePredictions(market, model, settings, horizonTicks, pause);
    const naive = await backtester.run(
      { market, predictedMid: naiveMid, configs },
      reportAfter(modelBacktests),
      signal,
    );
    assets.push({ symbol: grid.symbol, periods, tickCount: grid.timeMs.length, batch, naive });
  }
  await pause();
  const summary = summariseMarketLine(assets, configs, year, warnings, study.notFinite);
  checkFinite(summary);
  return { ...summary, intervals: await (study.resample ?? intervalsOf)(summary, settings.seed, onProgress, signal) };
}

/** [N, T] of `naiveIds`, made and held when the model's forecasts are. */
async function naivePredictions(
  market: MarketColumns,
  model: Float64Array,
  { strideTicks, seed }: RunSettings,
  horizonTicks: number,
  pause: Pause,
): Promise<Float64Array> {
  const all = new Float64Array(naiveIds.length * model.length);
  for (const [i, id] of naiveIds.entries()) {
    const forecast = naiveForecast(id, market, horizonTicks, seed);
    all.set(onSchedule(forecast, model, market.sessionStarts, strideTicks), i * model.length);
    await pause();
  }
  return all;
}

/** One point of the plane to be opened: one configuration on one variant of one asset. */
export interface PointDetailRequest {
  readonly grid: Grid;
  readonly forecasts: Forecasts;
  readonly config: StrategyConfig;
  /** 0 is the deterministic model, 1..K the dropout variants. */
  readonly variant: number;
  readonly backtester: Backtester;
}

/** Trades and equity curve of one point, recomputed: they are not kept for every point. */
export function pointDetail(request: PointDetailRequest): Promise<BacktestDetail> {
  const { grid, forecasts, config, variant, backtester } = request;
  if (!Number.isInteger(variant) || variant < 0 || variant > forecasts.variants) {
    throw new RangeError(`variant ${variant} of ${forecasts.variants}`);
  }
  const ticks = grid.timeMs.length;
  const prediction = predictionsOf(grid, forecasts).subarray(variant * ticks, (variant + 1) * ticks);
  return backtester.detail({ market: columnsOf(grid), prediction, config });
}

/** [K+1, T] after checking that forecasts and grid belong together. */
function predictionsOf(grid: Grid, forecasts: Forecasts | undefined): Float64Array {
  const expected = ((forecasts?.variants ?? 0) + 1) * grid.timeMs.length;
  if (!forecasts || forecasts.symbol !== grid.symbol || forecasts.predictedMid.length !== expected) {
    throw new RangeError(`the forecasts do not belong to the grid of ${grid.symbol}`);
  }
  return forecasts.predictedMid;
}

function columnsOf({ symbol, bid, ask, bidSize, askSize, sessionStarts }: Grid): MarketColumns {
  return { symbol, bid, ask, ...(bidSize && { bidSize }), ...(askSize && { askSize }), sessionStarts };
}
