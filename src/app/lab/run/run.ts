/** Runs of the study: start, progress with interim results, pause, cancel, and the outcome of the last run that finished. */

import { createSignal } from 'solid-js';
import { createStore } from 'solid-js/store';
import { forgiving } from '../../../../workers/kept/client.ts';
import { isAbort, toProblem, type UserProblem } from '../../../core/errors.ts';
import type { Forecasts, Grid, Progress } from '../../../core/types.ts';
import type { JobStore } from '../../../forecasts/jobStore.ts';
import type { Backtester } from '../../../marketLine/backtester.ts';
import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import type { ReturnPeriod } from '../../../marketLine/periods.ts';
import type { intervalsOf } from '../../../marketLine/slopeIntervals.ts';
import type { BackendInfo, Forecaster, ModelCard } from '../../../models/types.ts';
import type { SeriesSummary } from '../../../quotes/service.ts';
import { annualiseSlope } from '../../../risk/lines/marketLine.ts';
import type { MarketLineOutcome } from '../../../runs/run.ts';
import type { RunSettings } from '../../../runs/settings.ts';
import { StageRate } from './stageRate.ts';

/** A finished run with everything it was made of. */
export interface RunOutcome {
  readonly result: MarketLineResult;
  readonly grids: readonly Grid[];
  readonly forecasts: readonly Forecasts[];
  readonly settings: RunSettings;
  readonly card: ModelCard;
  readonly backend: BackendInfo;
  /** Where the quotes came from. */
  readonly series: readonly SeriesSummary[];
  /** Whether quotes and model came with the page. */
  readonly embedded: { readonly quotes: boolean; readonly model: boolean };
  /** Computing, pauses left out. */
  readonly seconds: number;
  /** Forward passes that were there from before, of all. */
  readonly kept: MarketLineOutcome['kept'];
}

export type RunInputs = Pick<RunOutcome, 'grids' | 'settings' | 'series' | 'embedded'> & {
  readonly forecaster: Forecaster;
  /** What backtests are expected to take when the forecasts are there. */
  readonly backtestSeconds?: number;
};

/** The foundation Sharpe ratio over a run's first days, on the paper's priced risk. */
export interface InterimSlope {
  readonly period: ReturnPeriod;
  readonly periods: number;
  /** Annual, with the bounds of its 95 % interval; NaN where there is none. */
  readonly slope: number;
  readonly low: number;
  readonly high: number;
}

export interface RunState {
  readonly status: 'idle' | 'running' | 'paused' | 'finished' | 'cancelled' | 'failed';
  readonly progress: Progress | undefined;
  readonly perSecond: number | undefined;
  readonly secondsLeft: number | undefined;
  readonly problem: UserProblem | undefined;
  /** What finished days could not be kept for; the run goes on. */
  readonly notKept: UserProblem | undefined;
}

const nothingYet = {
  progress: undefined,
  perSecond: undefined,
  secondsLeft: undefined,
  problem: undefined,
  notKept: undefined,
} as const;

export interface RunMachinery {
  readonly backtester: Backtester;
  /** In a worker; absent: on the page's own thread. */
  readonly resample?: typeof intervalsOf;
  /** Gives a run the store where finished days of forecasts are kept, for as long as it goes on. */
  readonly withForecasts: <T>(work: (store: JobStore) => Promise<T>) => Promise<T>;
}

export function createRun({ backtester, resample, withForecasts }: RunMachinery) {
  const [state, setState] = createStore<RunState>({ status: 'idle', ...nothingYet });
  const [outcome, setOutcome] = createSignal<RunOutcome>();
  const [interim, setInterim] = createSignal<MarketLineResult>();
  const [slopes, setSlopes] = createSignal<readonly InterimSlope[]>([]);
  let current: AbortController | undefined;
  let paused: { readonly inputs: RunInputs; readonly seconds: number } | undefined;
  let pausing = false;

  const look = (result: MarketLineResult): void => {
    setInterim(result);
    const now = slopeOf(result);
    setSlopes((before) =>
      [...before.filter(({ periods }) => periods !== now.periods), now].sort((a, b) => a.periods - b.periods),
    );
  };

  /** @param secondsBefore of the same run before it was paused */
  const start = async (inputs: RunInputs, secondsBefore = 0): Promise<void> => {
    if (current) return;
    const controller = new AbortController();
    current = controller;
    paused = undefined;
    pausing = false;
    const { signal } = controller;
    const { forecaster, settings, grids, series, embedded, backtestSeconds = 0 } = inputs;
    const pace = new StageRate();
    if (secondsBefore === 0) {
      setInterim(undefined);
      setSlopes([]);
    }
    setState({
      status: 'running',
      ...nothingYet,
      progress: { stage: 'Preparing the model', done: 0, total: 1, unit: 'steps' },
    });
    const startMs = performance.now();
    const seconds = (): number => secondsBefore + (performance.now() - startMs) / 1000;
    try {
      // Progress comes on a port of its own: the last of it can arrive after the result.
      const onProgress = (progress: Progress): void => {
        if (current !== controller || signal.aborted) return;
        const { perSecond, secondsLeft } = pace.note(progress, performance.now());
        const later = progress.unit === 'forward passes' ? backtestSeconds : 0;
        setState({ progress, perSecond, secondsLeft: secondsLeft === undefined ? undefined : secondsLeft + later });
      };
      // Not needed before a run, but then all of it, so that what comes of it can be kept whatever happens to the network.
      const [{ runMarketLine }] = await Promise.all([
        import('../../../runs/run.ts'),
        import('../../../studies/figures/runResults.ts'),
      ]);
      signal.throwIfAborted();
      const study = await withForecasts((store) =>
        runMarketLine({
          grids,
          forecaster,
          backtester,
          settings,
          onProgress,
          signal,
          store: forgiving(store, (caught) => setState({ notKept: notKept(caught) })),
          onInterim: (result) => {
            if (current === controller && !signal.aborted) look(result);
          },
          ...(resample && { resample }),
        }),
      );
      const { card } = forecaster;
      const backend = backendOf(study.passesOn, forecaster.backend);
      look(study.result);
      setInterim(undefined);
      setOutcome({ ...study, grids, settings, card, backend, series, embedded, seconds: seconds() });
      setState({ status: 'finished', ...nothingYet, notKept: state.notKept });
    } catch (caught) {
      if (!isAbort(caught)) setState({ status: 'failed', ...nothingYet, problem: toProblem(caught) });
      else if (pausing) {
        paused = { inputs, seconds: seconds() };
        setState({ status: 'paused', perSecond: undefined, secondsLeft: undefined });
      } else setState({ status: 'cancelled', ...nothingYet });
    } finally {
      current = undefined;
    }
  };

  return {
    state,
    /** Of the last run that finished: a cancelled or failed one leaves it as it was. */
    outcome,
    /** The result on the days so far, while a run is not finished. */
    interim,
    /** Ascending in periods. */
    slopes,
    /** Paused or not: what a run is made of must not change under it. */
    running: (): boolean => state.status === 'running' || state.status === 'paused',
    start: (inputs: RunInputs): Promise<void> => start(inputs),
    /** Stops at once; what was being computed (seconds) is lost, and everything before it kept. */
    pause: (): void => {
      pausing = true;
      current?.abort();
    },
    resume: async (): Promise<void> => {
      if (paused) await start(paused.inputs, paused.seconds);
    },
    cancel: (): void => {
      pausing = false;
      current?.abort();
      if (!paused) return;
      paused = undefined;
      setState({ status: 'cancelled', ...nothingYet });
    },
  };
}

/** What the forecasts were made on, where that was one back end; the result says of several what was made on which. */
function backendOf(passesOn: MarketLineOutcome['passesOn'], promised: BackendInfo): BackendInfo {
  const [only, ...others] = (['webgpu', 'wasm'] as const).filter((provider) => passesOn[provider] !== undefined);
  return only && others.length === 0 && only !== promised.provider ? { provider: only, threads: 1 } : promised;
}

function notKept(caught: unknown): UserProblem {
  return {
    code: 'run/not-kept',
    message: `Forecasts could not be kept on this device: ${caught instanceof Error ? caught.message : String(caught)}`,
    hint: 'The run goes on without; once stopped it would begin anew. Forget kept forecasts (earlier runs) or remembered quotes to make room.',
  };
}

function slopeOf({ fits, intervals, period, periods, periodsPerYear }: MarketLineResult): InterimSlope {
  const [fit, interval] = [fits.aleatory, intervals.aleatory.leastSquares];
  const annual = (slope: number): number => annualiseSlope(slope, periodsPerYear);
  const bounds = interval.kind === 'none' ? { low: Number.NaN, high: Number.NaN } : interval;
  return {
    period,
    periods: periods.length,
    slope: fit.kind === 'none' ? Number.NaN : fit.annualisedSlope,
    low: annual(bounds.low),
    high: annual(bounds.high),
  };
}
