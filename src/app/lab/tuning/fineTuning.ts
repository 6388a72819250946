/** Fine-tuning on the page: its form, what it would be, how fast this device is, the training that runs, and what came of the last one. */

import { type Accessor, createEffect, createMemo, on, onCleanup } from 'solid-js';
import { createStore, unwrap } from 'solid-js/store';
import type { CheckpointSource } from '../../../../workers/model/client.ts';
import type {
  FineTuneAnswer,
  FineTuneOutline,
  FineTuneProgress,
  FineTuneRequest,
  TrainingEngine,
} from '../../../../workers/training/client.ts';
import { isAbort, toProblem, UserError, type UserProblem } from '../../../core/errors.ts';
import type { Grid } from '../../../core/types.ts';
import type { ProviderPreference } from '../../../models/runtime/browser.ts';
import { fasterEngine, type Measured } from '../../../training/engineChoice.ts';
import {
  baselineOf,
  defaultFineTuneSettings,
  type FineTuneSettingId,
  type FineTuneSettings,
  fineTuneSpecs,
  parseFineTuneSettings,
  suitedTo,
} from '../../../training/fineTuning/settings.ts';
import type { EngineId } from '../../../training/trainer.ts';
import { keepText, keptText } from '../../state/storedText.ts';
import { createForm } from '../settings/settings.ts';

export interface FineTuningState {
  readonly open: boolean;
  readonly status: 'idle' | 'measuring' | 'running' | 'stopping' | 'finished' | 'cancelled' | 'failed';
  readonly outline: FineTuneOutline | undefined;
  /** Why it cannot be started as things are. */
  readonly obstacle: UserProblem | undefined;
  readonly measured: Measured | undefined;
  readonly engine: 'auto' | EngineId;
  readonly progress: FineTuneProgress | undefined;
  readonly secondsLeft: number | undefined;
  readonly answer: FineTuneAnswer | undefined;
  readonly problem: UserProblem | undefined;
  /** Which of several trainings runs, counted from 1. */
  readonly turn: { readonly at: number; readonly of: number } | undefined;
}

export interface FineTuningInputs {
  readonly engine: TrainingEngine;
  readonly grids: Accessor<readonly Grid[]>;
  /** The checkpoint in use, once it is loaded; undefined for an ONNX file. */
  readonly source: Accessor<CheckpointSource | undefined>;
  readonly answers: () => Readonly<Record<string, string>>;
  readonly preference: Accessor<ProviderPreference>;
}

/** An engine, and where it executes. */
interface UsableEngine {
  readonly engine: EngineId;
  readonly preference: ProviderPreference;
}

/** A pause in typing before the training is outlined anew. */
const settleMs = 400;
/** Key in the browser's local storage: settings of the training started last, so that it can be gone on with in a new tab. */
const KEY = 'pml.fineTuning';

export function createFineTuning({ engine, grids, source, answers, preference }: FineTuningInputs) {
  const table = { specs: fineTuneSpecs, defaults: defaultFineTuneSettings, parse: parseFineTuneSettings };
  const form = createForm<FineTuneSettingId, FineTuneSettings>(table, keptText(KEY, parseFineTuneSettings));
  const [state, setState] = createStore<FineTuningState>({
    open: false,
    status: 'idle',
    outline: undefined,
    obstacle: undefined,
    measured: undefined,
    engine: 'auto',
    progress: undefined,
    secondsLeft: undefined,
    answer: undefined,
    problem: undefined,
    turn: undefined,
  });
  let current: AbortController | undefined;

  const busy = (): boolean => ['measuring', 'running', 'stopping'].includes(state.status);
  const request = createMemo((): FineTuneRequest | undefined => {
    const settings = form.values();
    const from = baselineOf(settings) ? undefined : source();
    if (grids().length === 0 || !(from || baselineOf(settings))) return undefined;
    return { ...(from && { source: from }), answers: answers(), grids: grids(), settings, preference: preference() };
  });
  /** What a step's time depends on. */
  const speedKey = createMemo(() => {
    const { batchSize, trainable, lastBlocks, loraRank, loss, dropoutRate } = form.values();
    const { start, contextTicks, targetTicks, hiddenWidth, layers } = form.values();
    const what = [start, contextTicks, targetTicks, hiddenWidth, layers, trainable, lastBlocks, loraRank];
    return JSON.stringify([...what, batchSize, loss, dropoutRate, preference()]);
  });

  const outline = async (signal?: AbortSignal): Promise<void> => {
    const asked = request();
    if (!asked) return setState({ outline: undefined, obstacle: undefined });
    try {
      const found = await engine.outline(asked, signal);
      if (!signal?.aborted) setState({ outline: found, obstacle: undefined });
    } catch (caught) {
      if (!signal?.aborted && !isAbort(caught)) setState({ outline: undefined, obstacle: toProblem(caught) });
    }
  };
  createEffect(
    on([request, () => state.open], ([, open]) => {
      if (!open || busy()) return;
      const controller = new AbortController();
      const timer = setTimeout(() => void outline(controller.signal), settleMs);
      onCleanup(() => {
        clearTimeout(timer);
        controller.abort();
      });
    }),
  );
  createEffect(on([speedKey, source], () => setState({ measured: undefined }), { defer: true }));
  // Another start has other usual values; what was set by hand stays.
  createEffect(
    on(
      () => form.values().start,
      (start, before) => {
        const [usual, next] = [before ?? 'checkpoint', start].map((one) => ({
          ...defaultFineTuneSettings,
          ...suitedTo(one),
        }));
        for (const [id] of fineTuneSpecs) {
          if (id !== 'start' && next![id] !== usual![id] && form.values()[id] === usual![id]) form.edit(id, next![id]);
        }
      },
      { defer: true },
    ),
  );

  const measured = async (asked: FineTuneRequest, signal: AbortSignal): Promise<Measured> => {
    const known = unwrap(state.measured);
    if (known) return known;
    setState({ status: 'measuring' });
    const found = await engine.measure(asked, signal);
    setState({ measured: found });
    return found;
  };

  /** The training graph needs no measuring; TensorFlow.js is compared with it first. */
  const usable = async (asked: FineTuneRequest, signal: AbortSignal): Promise<UsableEngine> => {
    const graph = { engine: 'graph', preference: asked.preference } as const;
    if (state.engine === 'graph') return graph;
    const found = await measured(asked, signal);
    if (state.engine === 'auto' && fasterEngine(found) === 'graph') return graph;
    if ('problem' in found.tensorflow) throw new UserError(found.tensorflow.problem);
    return { engine: 'tensorflow', preference: found.tensorflow.preference ?? asked.preference };
  };

  /** Does one thing at a time, which `cancel` stops. */
  const exclusively = async (work: (asked: FineTuneRequest, signal: AbortSignal) => Promise<void>): Promise<void> => {
    const asked = request();
    if (!asked || busy()) return;
    current = new AbortController();
    const { signal } = current;
    setState({ problem: undefined, progress: undefined, secondsLeft: undefined });
    try {
      await work(asked, signal);
    } catch (caught) {
      if (isAbort(caught)) setState({ status: 'cancelled' });
      else setState({ status: 'failed', problem: toProblem(caught) });
    } finally {
      current = undefined;
      setState({ turn: undefined });
      await outline();
    }
  };

  const train = async (used: UsableEngine, asked: FineTuneRequest, signal: AbortSignal): Promise<FineTuneAnswer> => {
    setState({ status: 'running', answer: undefined });
    let started: { readonly ms: number; readonly done: number; readonly total: number } | undefined;
    const onProgress = (progress: FineTuneProgress): void => {
      const { done, total } = progress.posterior ?? { done: progress.step, total: progress.steps };
      const ms = performance.now();
      // A posterior takes a time of its own.
      if (started?.total !== total || done < started.done) started = { ms, done, total };
      const taken = done - started.done;
      const secondsLeft = taken > 0 ? ((ms - started.ms) / 1000 / taken) * (total - done) : undefined;
      setState({ progress, secondsLeft });
    };
    return engine.run(used.engine, { ...asked, preference: used.preference }, onProgress, signal);
  };

  return {
    state,
    form,
    busy,
    setOpen: (open: boolean): void => setState({ open }),
    chooseEngine: (chosen: 'auto' | EngineId): void => setState({ engine: chosen }),
    /** The engine that a training would use; undefined while it is not measured. */
    engineInUse: (): EngineId | undefined => {
      if (state.engine !== 'auto') return state.engine;
      return state.measured && fasterEngine(state.measured);
    },
    canStart: (): boolean => !busy() && state.outline !== undefined && Object.keys(form.problems()).length === 0,
    measure: (): Promise<void> =>
      exclusively(async (asked, signal) => {
        await measured(asked, signal);
        setState({ status: 'idle' });
      }),
    /** Trains, or goes on with an interrupted training. */
    start: (): Promise<void> =>
      exclusively(async (asked, signal) => {
        keepText(KEY, asked.settings);
        const answer = await train(await usable(asked, signal), asked, signal);
        setState({ status: 'finished', answer });
      }),
    /** What would be trained; undefined where nothing can be. */
    request,
    /**
     * Trains one after the other, as one task that `cancel` stops: `each` is given what came of each.
     *
     * @param others settings in place of those of the form
     */
    trainAll: (
      others: readonly FineTuneSettings[],
      each: (came: FineTuneAnswer | UserProblem, index: number) => Promise<void>,
    ): Promise<void> =>
      exclusively(async (asked, signal) => {
        keepText(KEY, asked.settings);
        const used = await usable(asked, signal);
        for (const [index, settings] of others.entries()) {
          setState({ turn: { at: index + 1, of: others.length }, progress: undefined, secondsLeft: undefined });
          const came = await train(used, { ...asked, settings }, signal).catch((caught: unknown) => {
            const problem = toProblem(caught);
            // What is wrong with one training need not be wrong with the next.
            if (isAbort(caught) || !problem.code.startsWith('training/')) throw caught;
            return problem;
          });
          await each(came, index);
        }
        setState({ status: 'idle', progress: undefined });
      }),
    cancel: (): void => {
      if (!current) return;
      setState({ status: 'stopping' });
      current.abort();
    },
    /** Deletes what an interrupted training left, so that the next one begins anew. */
    forget: (): Promise<void> =>
      exclusively(async (asked) => {
        await engine.forget(asked);
        setState({ status: 'idle', progress: undefined });
      }),
  };
}
