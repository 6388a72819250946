/**
 * Fine-tunes: steps on seeded batches, looks at the validation range now and then, keeps the best weights, saves checkpoints, stops
 * when told. A training that goes on from a checkpoint gives the same losses, bit for bit, as one that was never interrupted.
 */

import { fail, isAbort, toProblem, type UserProblem } from '../../core/errors.ts';
import { nextTask } from '../../core/yielding.ts';
import { scheduledRate } from '../learningRate.ts';
import type { Trainer } from '../trainer.ts';
import { Batches } from './batches.ts';
import type { ForecastComparison } from './comparison.ts';
import type { FineTuningState, FineTuningStore, Validation } from './fineTuningState.ts';
import type { PreparedFineTuning } from './prepare.ts';
import { trainsAfresh } from './settings.ts';

/** Steps of SWAG, or windows of Laplace. */
export interface PosteriorProgress {
  readonly done: number;
  readonly total: number;
  readonly unit: 'steps' | 'windows';
}

export interface FineTuneProgress {
  readonly step: number;
  readonly steps: number;
  /** Loss of every step so far. */
  readonly losses: readonly number[];
  readonly validations: readonly Validation[];
  readonly learningRate: number;
  readonly savedStep: number | undefined;
  /** Why checkpoints cannot be kept, where they cannot. */
  readonly storageProblem: UserProblem | undefined;
  /** While a posterior is found, after all steps: how far that is. */
  readonly posterior?: PosteriorProgress;
}

export interface FineTuned {
  /** [P] the weights kept: the best on the validation range, with what batch norms are to read. */
  readonly parameters: Float32Array;
  readonly losses: readonly number[];
  readonly validations: readonly Validation[];
  readonly best: Validation;
  readonly ended: 'all steps' | 'early' | 'not finite';
  /** What went wrong, where the weights are those of before. */
  readonly problem: UserProblem | undefined;
  readonly storageProblem: UserProblem | undefined;
  /** Of the steps that were taken now, batches included; NaN where none was. */
  readonly secondsPerStep: number;
  /** Forecasts of the backtest range; undefined where it holds no window. */
  readonly comparison:
    | {
        /** Of the checkpoint; absent for a model trained afresh, which was nothing before. */
        readonly before?: ForecastComparison;
        readonly after: ForecastComparison;
      }
    | undefined;
}

export interface FineTuneTools {
  readonly store?: FineTuningStore;
  readonly onProgress?: (progress: FineTuneProgress) => void;
  readonly signal?: AbortSignal;
}

/** Least time between two reports of progress. */
const REPORT_MS = 100;

/**
 * Runs a prepared fine-tuning on a trainer that is made for its task and start, from the checkpoint kept under its key where there is one.
 * @throws AbortError within a step of the signal, after a checkpoint was saved; UserError `training/not-finite` when there is nothing to keep.
 */
export async function fineTune(
  prepared: PreparedFineTuning,
  trainer: Trainer,
  { store, onProgress, signal }: FineTuneTools = {},
): Promise<FineTuned> {
  const { settings, training, validation, backtest, key } = prepared;
  const batches = new Batches(prepared);
  const rate = { peak: settings.learningRate, warmUpSteps: settings.warmUpSteps, totalSteps: settings.steps };
  const before = trainsAfresh(settings) ? undefined : await batches.compare(trainer, backtest);
  const saved = await store?.load(key);
  if (saved) await trainer.restore(saved.training);

  const losses = [...(saved?.losses ?? [])];
  const validations = [...(saved?.validations ?? [])];
  let best = saved?.best;
  let savedStep = saved?.training.steps;
  let storageProblem: UserProblem | undefined;
  let [stepMs, taken] = [0, 0];
  let reportedMs = Number.NEGATIVE_INFINITY;
  let ended: FineTuned['ended'] = 'all steps';
  let problem: UserProblem | undefined;

  const save = async (): Promise<void> => {
    if (!store) return;
    try {
      const state: FineTuningState = {
        training: await trainer.readState(),
        losses,
        validations,
        best,
        engine: trainer.engine,
      };
      await store.save(key, state);
      savedStep = losses.length;
      storageProblem = undefined;
    } catch (caught) {
      if (isAbort(caught)) throw caught;
      storageProblem = storageFailure(caught);
    }
  };
  const report = (now = false): void => {
    const timeMs = performance.now();
    if (!onProgress || (!now && timeMs - reportedMs < REPORT_MS)) return;
    reportedMs = timeMs;
    const learningRate = scheduledRate(settings.schedule, Math.max(0, losses.length - 1), rate);
    const { steps } = settings;
    onProgress({
      step: losses.length,
      steps,
      losses: [...losses],
      validations: [...validations],
      learningRate,
      savedStep,
      storageProblem,
    });
  };
  /** Looks at the validation range; false: training has lost its way. */
  const validate = async (): Promise<boolean> => {
    const loss = await batches.meanLoss(trainer, validation);
    if (!Number.isFinite(loss)) return false;
    const step = losses.length;
    validations.push({ step, loss });
    if (!best || loss < best.loss) best = { step, loss, parameters: (await trainer.readState()).parameters };
    return true;
  };
  const stopped = (): boolean => {
    if (settings.patience === null || !best) return false;
    return validations.filter(({ step }) => step > best!.step).length >= settings.patience;
  };
  const notFinite = (step: number): UserProblem => ({
    code: 'training/not-finite',
    message: `The loss was no longer a number at step ${step}.`,
    hint: best
      ? `The weights of step ${best.step} are kept. Lower the learning rate or clip gradients for more.`
      : 'Lower the learning rate, clip gradients, or look for damaged quotes.',
  });

  if (validations.length === 0 && !(await validate())) {
    const { message, hint } = notFinite(0);
    fail('training/not-finite', message, hint === undefined ? {} : { hint });
  }
  report(true);
  while (losses.length < settings.steps && !stopped()) {
    if (signal?.aborted) {
      await save();
      report(true);
      signal.throwIfAborted();
    }
    const step = losses.length;
    const startMs = performance.now();
    const feeds = batches.at(step, training);
    const { loss, gradientNorm } = await trainer.step(feeds, scheduledRate(settings.schedule, step, rate));
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      problem = notFinite(step + 1);
      ended = 'not finite';
      break;
    }
    // The first step compiles.
    if (step > (saved?.training.steps ?? 0)) {
      stepMs += performance.now() - startMs;
      taken++;
    }
    losses.push(loss);
    const last = losses.length === settings.steps;
    if ((losses.length % settings.validateEvery === 0 || last) && !(await validate())) {
      problem = notFinite(step + 1);
      ended = 'not finite';
      break;
    }
    if (losses.length % settings.checkpointEvery === 0 && !last) await save();
    report();
    await nextTask();
  }
  if (ended === 'all steps' && losses.length < settings.steps) ended = 'early';
  if (settings.posterior !== 'none' && savedStep !== losses.length) await save();
  report(true);
  const { parameters: found, ...kept } = best!;
  const parameters = await batches.settled(found);
  await trainer.restore({ ...prepared.start, parameters });
  const after = await batches.compare(trainer, backtest);
  // Kept until its posterior is found, too.
  if (settings.posterior === 'none') await store?.remove(key).catch(() => undefined);
  return {
    parameters,
    losses,
    validations,
    best: kept,
    ended,
    problem,
    storageProblem,
    secondsPerStep: stepMs / 1000 / taken,
    comparison: after && { ...(before && { before }), after },
  };
}

function storageFailure(caught: unknown): UserProblem {
  const { message } = toProblem(caught);
  return {
    code: 'training/storage',
    message: `A training checkpoint could not be saved. ${message}`,
    hint: 'Training goes on, but could not be resumed if this tab were closed. Delete kept checkpoints to make room.',
  };
}
