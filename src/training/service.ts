/**
 * A training worker's service: plans, measures and runs fine-tunings with one engine. `workers/training/graph.worker.ts` and
 * `workers/training/tensorflow.worker.ts` expose it, each with its own trainers.
 */

import { fail } from '../core/errors.ts';
import type { Grid } from '../core/types.ts';
import { type LoadedModel, openCheckpoint } from '../models/checkpoint.ts';
import { drawMasks } from '../models/dropout.ts';
import { Graph } from '../models/graph/builder.ts';
import type { ProviderPreference } from '../models/runtime/browser.ts';
import type { CheckpointFiles, CheckpointFolder } from '../models/types.ts';
import type { FileStore } from '../storage/files.ts';
import { type FineTuned, type FineTuneProgress, fineTune } from './fineTuning/fineTune.ts';
import { FineTuningStore } from './fineTuning/fineTuningState.ts';
import { fitPosterior } from './fineTuning/posterior.ts';
import { type FineTunePlan, type PreparedFineTuning, prepareFineTuning, trainingKey } from './fineTuning/prepare.ts';
import { columnsOf } from './fineTuning/quoteWindows.ts';
import { baselineOf, type FineTuneSettings } from './fineTuning/settings.ts';
import { tunedFiles, tunedName } from './fineTuning/tunedFiles.ts';
import { freshBaseline } from './freshBaseline.ts';
import type { TrainingTask } from './step.ts';
import type { Trainer, TrainingState } from './trainer.ts';

/** What is to be trained on what. */
export interface FineTuneRequest {
  /** Absent where none is in use, which a new baseline does not need. */
  readonly source?: CheckpointFiles | CheckpointFolder;
  /** What a checkpoint without config leaves open, by field. */
  readonly answers: Readonly<Record<string, string>>;
  readonly grids: readonly Grid[];
  readonly settings: FineTuneSettings;
  readonly preference: ProviderPreference;
}

export interface FineTuneOutline {
  readonly plan: FineTunePlan;
  /** Steps taken by a training of the same model, data and settings that was interrupted. */
  readonly savedStep: number | undefined;
}

/** How fast an engine is here. */
export interface EngineSpeed {
  readonly secondsPerStep: number;
  readonly device: string;
  /** Of the first batch, by the weights at the start: every engine's must be the same. */
  readonly firstLoss: number;
}

export interface FineTuneAnswer extends Omit<FineTuned, 'parameters'> {
  readonly files: CheckpointFiles;
  readonly plan: FineTunePlan;
  readonly device: string;
}

export interface TrainingService {
  /** Everything that can be said before anything is computed. @throws UserError `training/…`, `checkpoint/…` */
  outline(request: FineTuneRequest): Promise<FineTuneOutline>;
  /** What the results of other settings would be called, before anything is computed. */
  names(request: FineTuneRequest, settings: readonly FineTuneSettings[]): Promise<string[]>;
  /** Takes a few steps that are thrown away; on another back end than the request's, where that is given. */
  measure(request: FineTuneRequest, preference?: ProviderPreference): Promise<EngineSpeed>;
  /** Trains, going on where an interrupted training of the same request stopped. Rejects with an AbortError within a step of the signal. */
  run(
    request: FineTuneRequest,
    onProgress: (progress: FineTuneProgress) => void,
    signal: AbortSignal,
  ): Promise<FineTuneAnswer>;
  /** Deletes what an interrupted training left. */
  forget(request: FineTuneRequest): Promise<void>;
}

export type OpenTrainer = (
  task: TrainingTask,
  start: TrainingState,
  preference: ProviderPreference,
) => Promise<Trainer>;

const chooseBaseline = { hint: 'Open a checkpoint of a known family, or start from a new baseline.', where: 'start' };

/** Steps that are timed, after one that compiles. */
const TIMED_STEPS = 3;
const REPORT_MS = 100;

export function createTrainingService(openTrainer: OpenTrainer, files: FileStore): TrainingService {
  const store = new FineTuningStore(files);
  /** The checkpoint opened last: outlines are asked for at every change of a setting. */
  let opened: { readonly name: string; readonly model: Promise<LoadedModel> } | undefined;

  const modelOf = async ({ source, answers, settings, grids }: FineTuneRequest): Promise<LoadedModel> => {
    const baseline = baselineOf(settings);
    if (baseline) return openCheckpoint(freshBaseline(baseline, settings, grids));
    if (!source) return fail('training/no-model', 'There is no model in use that could be trained.', chooseBaseline);
    const name = `${source.name} ${sizeOf(source)} ${source.configJson} ${JSON.stringify(answers)}`;
    if (opened?.name === name) return opened.model;
    const model = openCheckpoint(source, answers);
    opened = { name, model };
    model.catch(() => {
      opened = undefined;
    });
    return model;
  };
  const prepare = async (request: FineTuneRequest): Promise<PreparedFineTuning> =>
    prepareFineTuning(await modelOf(request), request.grids, request.settings);

  return {
    async outline(request) {
      const { plan, key } = await prepare(request);
      // A browser without storage has nothing saved.
      const saved = await store.load(key).catch(() => undefined);
      return { plan, savedStep: saved?.training.steps };
    },
    async names(request, all) {
      const hashes = new Map<string, Promise<string>>();
      const names: string[] = [];
      for (const settings of all) {
        const model = await modelOf({ ...request, settings });
        names.push(tunedName(model.card.name, settings, await trainingKey(model, request.grids, settings, hashes)));
      }
      return names;
    },
    async measure(request, preference = request.preference) {
      const prepared = await prepare(request);
      const trainer = await openTrainer(prepared.task, prepared.start, preference);
      try {
        return { ...(await timeSteps(prepared, trainer)), device: trainer.device };
      } finally {
        await trainer.release();
      }
    },
    async run(request, onProgress, signal) {
      const prepared = await prepare(request);
      const trainer = await openTrainer(prepared.task, prepared.start, request.preference);
      try {
        let latest: FineTuneProgress | undefined;
        const report = (progress: FineTuneProgress): void => {
          latest = progress;
          onProgress(progress);
        };
        const tuned = await fineTune(prepared, trainer, { store, signal, onProgress: report });
        const { parameters, ...outcome } = tuned;
        const { device } = trainer;
        const open = (task: TrainingTask, start: TrainingState) => openTrainer(task, start, request.preference);
        const fitted =
          request.settings.posterior === 'none'
            ? undefined
            : await fitPosterior(
                prepared,
                parameters,
                trainer,
                open,
                signal,
                paced((posterior) => onProgress({ ...latest!, posterior })),
              );
        const found = fitted && 'posterior' in fitted ? fitted : undefined;
        if (fitted) await store.remove(prepared.key).catch(() => undefined);
        return {
          ...outcome,
          problem: outcome.problem ?? (fitted && 'code' in fitted ? fitted : undefined),
          files: tunedFiles(prepared, tuned, device, found),
          plan: prepared.plan,
          device,
        };
      } finally {
        await trainer.release();
      }
    },
    async forget(request) {
      await store.remove((await prepare(request)).key);
    },
  };
}

/** At most ten reports a second. */
function paced<Report>(report: (what: Report) => void): (what: Report) => void {
  let reportedMs = Number.NEGATIVE_INFINITY;
  return (what) => {
    const timeMs = performance.now();
    if (timeMs - reportedMs < REPORT_MS) return;
    reportedMs = timeMs;
    report(what);
  };
}

async function timeSteps({ training, objective, grids, read, settings, task }: PreparedFineTuning, trainer: Trainer) {
  const columns = grids.map(columnsOf);
  const { places, shape } = training;
  const windows = Array.from({ length: settings.batchSize }, (_, i) => {
    const { asset, tick } = places[i % places.length]!;
    return read(columns[asset]!, tick, shape.ahead, shape.model);
  });
  const graph = new Graph();
  task.architecture.addTo(graph, task.shape);
  const masks = { dropoutRate: settings.dropoutRate, seed: 1, dropoutSites: 'all' } as const;
  const feeds = {
    ...objective.feeds(windows),
    ...(settings.dropoutRate > 0 ? drawMasks(graph.sites, 1, 1, masks) : {}),
  };
  const { loss: firstLoss } = await trainer.step(feeds, 0);
  const startMs = performance.now();
  for (let i = 0; i < TIMED_STEPS; i++) await trainer.step(feeds, 0);
  return { secondsPerStep: (performance.now() - startMs) / 1000 / TIMED_STEPS, firstLoss };
}

function sizeOf(source: CheckpointFiles | CheckpointFolder): number {
  if (!('files' in source)) return source.weights.length;
  return source.files.reduce((sum, { data }) => sum + (data instanceof Blob ? data.size : data.length), 0);
}
