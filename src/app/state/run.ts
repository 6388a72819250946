/** Runs of the study: start, progress, cancel, and the outcome of the last run that finished. */

import { createSignal } from 'solid-js';
import { createStore } from 'solid-js/store';
import type { SeriesSummary } from '../../../workers/quotes.worker.ts';
import { isAbort, toProblem, type UserProblem } from '../../core/errors.ts';
import type { Forecasts, Grid, Progress } from '../../core/types.ts';
import type { BackendInfo, Forecaster, ModelCard } from '../../models/types.ts';
import type { Backtester } from '../../studies/backtester.ts';
import type { MarketLineResult } from '../../studies/marketLineResult.ts';
import { runMarketLineStudy } from '../../studies/marketLineStudy.ts';
import type { StudySettings } from '../../studies/settings.ts';
import type { intervalsOf } from '../../studies/slopeIntervals.ts';
import { Pace } from './pace.ts';

/** A finished run with everything it was made of. */
export interface RunOutcome {
  readonly result: MarketLineResult;
  readonly grids: readonly Grid[];
  readonly forecasts: readonly Forecasts[];
  readonly settings: StudySettings;
  readonly card: ModelCard;
  readonly backend: BackendInfo;
  /** Where the quotes came from. */
  readonly series: readonly SeriesSummary[];
  readonly seconds: number;
}

export type RunInputs = Pick<RunOutcome, 'grids' | 'settings' | 'series'> & { readonly forecaster: Forecaster };

export interface RunState {
  readonly status: 'idle' | 'running' | 'finished' | 'cancelled' | 'failed';
  readonly progress: Progress | undefined;
  readonly perSecond: number | undefined;
  readonly secondsLeft: number | undefined;
  readonly problem: UserProblem | undefined;
}

const nothingYet = { progress: undefined, perSecond: undefined, secondsLeft: undefined, problem: undefined } as const;

/** @param resample in a worker; absent: on the page's own thread */
export function createRun(backtester: Backtester, resample?: typeof intervalsOf) {
  const [state, setState] = createStore<RunState>({ status: 'idle', ...nothingYet });
  const [outcome, setOutcome] = createSignal<RunOutcome>();
  let current: AbortController | undefined;

  const start = async (inputs: RunInputs): Promise<void> => {
    if (current) return;
    const own = new AbortController();
    current = own;
    const { signal } = own;
    const { forecaster, settings, grids, series } = inputs;
    const pace = new Pace();
    setState({
      status: 'running',
      ...nothingYet,
      progress: { stage: 'Preparing the model', done: 0, total: 1, unit: 'steps' },
    });
    const startMs = performance.now();
    try {
      // Progress comes on a port of its own: the last of it can arrive after the result.
      const onProgress = (progress: Progress): void => {
        if (current === own && !signal.aborted) setState({ progress, ...pace.note(progress, performance.now()) });
      };
      const study = await runMarketLineStudy({
        grids,
        forecaster,
        backtester,
        settings,
        onProgress,
        signal,
        ...(resample && { resample }),
      });
      const { card, backend } = forecaster;
      setOutcome({ ...study, grids, settings, card, backend, series, seconds: (performance.now() - startMs) / 1000 });
      setState({ status: 'finished', ...nothingYet });
    } catch (caught) {
      if (isAbort(caught)) setState({ status: 'cancelled', ...nothingYet });
      else setState({ status: 'failed', ...nothingYet, problem: toProblem(caught) });
    } finally {
      current = undefined;
    }
  };

  return {
    state,
    /** Of the last run that finished: a cancelled or failed one leaves it as it was. */
    outcome,
    running: (): boolean => state.status === 'running',
    start,
    cancel: (): void => current?.abort(),
  };
}
