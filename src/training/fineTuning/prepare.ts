/** Everything about a fine-tuning that is known before it starts: ranges, windows, what is trained, what it needs. All checks are here. */

import { fail } from '../../core/errors.ts';
import { RandomStream } from '../../core/random.ts';
import { sha256 } from '../../core/sha256.ts';
import type { Grid } from '../../core/types.ts';
import type { LoadedModel } from '../../models/checkpoint.ts';
import { featureNames } from '../../models/features.ts';
import { sizeOf } from '../../models/graph/ir.ts';
import { initialParameters } from '../initialise.ts';
import { buildTrainingStep, defaultOptimiser, type TrainingTask } from '../step.ts';
import { initialState, type TrainingState } from '../trainer.ts';
import { refuseLookAhead, refuseOverlap } from './leakGuard.ts';
import { type Objective, objectiveOf } from './objectives.ts';
import { readWindow, type WindowReader, type WindowSet, windowsIn } from './quoteWindows.ts';
import { chosenAssets, type FineTuneSettings, trainsAfresh } from './settings.ts';
import { startingParameters, trainableLayout, wholeLayout } from './trainable.ts';
import { type WalkForward, walkForward } from './walkForward.ts';

export interface FineTunePlan {
  readonly trainingWindows: number;
  readonly validationWindows: number;
  /** Windows of the backtest range, which are only ever measured. */
  readonly backtestWindows: number;
  readonly trainingStartMs: number;
  readonly trainingEndMs: number;
  readonly validationStartMs: number;
  readonly validationEndMs: number;
  readonly backtestStartMs: number;
  /** Infinite where what comes later may be traded, too. */
  readonly backtestEndMs: number;
  readonly trainedParameters: number;
  readonly parameters: number;
  /** Of parameters, moments, gradients and what a step keeps between forward and backward pass: an upper bound. */
  readonly memoryBytes: number;
}

export interface PreparedFineTuning {
  readonly model: LoadedModel;
  readonly grids: readonly Grid[];
  readonly settings: FineTuneSettings;
  readonly split: WalkForward;
  readonly training: WindowSet<'training'>;
  readonly validation: WindowSet<'validation'>;
  readonly backtest: WindowSet<'backtest'>;
  readonly objective: Objective;
  readonly task: TrainingTask;
  readonly start: TrainingState;
  readonly plan: FineTunePlan;
  /** How windows are read. */
  readonly read: WindowReader;
  /** SHA-256 of the quotes trained, validated and measured on. */
  readonly dataSha256: string;
  /** Same model, data and settings: the same training. */
  readonly key: string;
}

/** @throws UserError before anything is computed: `training/…`, `model/…` */
export async function prepareFineTuning(
  model: LoadedModel,
  allGrids: readonly Grid[],
  settings: FineTuneSettings,
  read: WindowReader = readWindow,
): Promise<PreparedFineTuning> {
  const { architecture } = model;
  refuseUnreadable(model);
  const grids = chosenGrids(allGrids, settings);
  const afresh = trainsAfresh(settings);
  const objective = objectiveOf(architecture, model.configJson, settings);
  const split = walkForward(grids, settings);
  const shape = { model: architecture.shape, ahead: objective.ahead, strideTicks: settings.strideTicks };
  const whole = windowsIn(grids, split.training, shape);
  const training = { ...whole, places: subset(whole.places, settings) };
  const validation = windowsIn(grids, split.validation, shape);
  const backtest = windowsIn(grids, split.backtest, shape);
  if (afresh && settings.batchSize < 2) {
    fail('training/settings', 'A model that is trained afresh needs batches of two windows at least.', {
      where: 'batchSize',
    });
  }
  refuseTooFew(training, settings.batchSize);
  refuseTooFew(validation, 1);
  refuseOverlap(split, training, validation);
  refuseLookAhead(grids, training, read);
  refuseLookAhead(grids, validation, read);

  const layout = afresh ? wholeLayout(architecture) : trainableLayout(architecture, settings);
  const { channels } = architecture.shape;
  const task: TrainingTask = {
    architecture,
    layout,
    shape: {
      contexts: settings.batchSize,
      channels,
      variants: settings.dropoutRate > 0 ? 1 : 0,
      // Running statistics of what was there before say nothing of new weights.
      batchStatistics: afresh,
      ...objective.shape,
    },
    optimiser: { ...defaultOptimiser, weightDecay: settings.weightDecay, clipNorm: settings.clipNorm },
    loss: objective.loss,
    weights: model.weights,
  };
  const parameters = afresh
    ? initialParameters(layout, settings.trainingSeed)
    : startingParameters(layout, model.weights.values, settings.trainingSeed);
  const dataSha256 = await hashOf(grids);
  const key = await keyOf(model, dataSha256, settings);
  const plan: FineTunePlan = {
    trainingWindows: training.places.length,
    validationWindows: validation.places.length,
    backtestWindows: backtest.places.length,
    trainingStartMs: split.training.startMs,
    trainingEndMs: split.training.endExclusiveMs,
    validationStartMs: split.validation.startMs,
    validationEndMs: split.validation.endExclusiveMs,
    backtestStartMs: split.backtest.startMs,
    backtestEndMs: split.backtest.endExclusiveMs,
    trainedParameters: layout.size,
    parameters: model.card.parameters,
    memoryBytes: memoryOf(task),
  };
  const start = initialState(parameters);
  return {
    model,
    grids,
    settings,
    split,
    training,
    validation,
    backtest,
    objective,
    task,
    start,
    plan,
    read,
    dataSha256,
    key,
  };
}

/**
 * What tells a training from every other: same model, data and settings, same key.
 *
 * @param hashes of quotes that are known already
 */
export async function trainingKey(
  model: LoadedModel,
  allGrids: readonly Grid[],
  settings: FineTuneSettings,
  hashes = new Map<string, Promise<string>>(),
): Promise<string> {
  const grids = chosenGrids(allGrids, settings);
  const symbols = grids.map(({ symbol }) => symbol).join(' ');
  const hash = hashes.get(symbols) ?? hashOf(grids);
  hashes.set(symbols, hash);
  return keyOf(model, await hash, settings);
}

function keyOf({ card }: LoadedModel, dataSha256: string, settings: FineTuneSettings): Promise<string> {
  const { weightsSha256, configSha256 } = card;
  return sha256(new TextEncoder().encode(JSON.stringify([weightsSha256, configSha256, dataSha256, sorted(settings)])));
}

function chosenGrids(allGrids: readonly Grid[], settings: FineTuneSettings): Grid[] {
  const assets = chosenAssets(settings);
  const grids = allGrids.filter(({ symbol, timeMs }) => timeMs.length > 0 && (assets?.has(symbol) ?? true));
  if (grids.length === 0) {
    fail('training/too-little-data', `None of the loaded symbols is among those chosen (${settings.assets}).`, {
      where: 'assets',
      hint: `Loaded are ${allGrids.map(({ symbol }) => symbol).join(', ')}.`,
    });
  }
  return grids;
}

function refuseUnreadable({ architecture, card }: LoadedModel): void {
  const { reads, channels } = architecture.shape;
  if (reads && !reads.features) {
    fail('model/features', `This model reads ${channels} features, but its config does not say which.`, {
      where: card.name,
      hint: `Add a list "features" to config.json; a grid offers ${featureNames.join(', ')}.`,
    });
  }
  if (!reads && channels > 1) {
    fail('model/several-channels', `This model reads ${channels} series together.`, {
      where: card.name,
      hint: 'Only models whose channels are independent can be tuned on one series at a time.',
    });
  }
}

function refuseTooFew({ places, range, shape }: WindowSet<'training' | 'validation'>, least: number): void {
  if (places.length >= least) return;
  const ticks = shape.model.contextLength + shape.ahead;
  fail(
    'training/too-little-data',
    `The ${range.role} range holds ${places.length} whole windows of ${ticks} ticks, and ${least === 1 ? 'one is' : `${least} are`} needed.`,
    {
      where: `${new Date(range.startMs).toISOString()} to ${new Date(range.endExclusiveMs).toISOString()}`,
      hint: 'Load more quotes, choose a finer resolution, a larger share, a smaller batch or a shorter window stride.',
    },
  );
}

/** A seeded share of the windows, in their order. */
function subset<Place>(places: readonly Place[], { windowFraction, trainingSeed }: FineTuneSettings): readonly Place[] {
  if (windowFraction >= 1) return places;
  const stream = new RandomStream(trainingSeed, 'fine-tuning subset');
  return places.filter(() => stream.uniform() < windowFraction);
}

function memoryOf(task: TrainingTask): number {
  const graph = buildTrainingStep(task.architecture, task.layout, task.shape, task.optimiser, task);
  const elements = graph.nodes.reduce(
    (sum, { operation, output }) => sum + (operation.kind === 'reshape' ? 0 : sizeOf(output.shape)),
    0,
  );
  return 4 * (elements + 6 * task.layout.size);
}

async function hashOf(grids: readonly Grid[]): Promise<string> {
  const parts: string[] = [];
  for (const { symbol, stepMs, timeMs, bid, ask, bidSize, askSize } of grids) {
    const sizes = bidSize && askSize ? [bidSize, askSize] : [];
    const columns = [timeMs, bid, ask, ...sizes].map((column) => new Uint8Array(column.slice().buffer));
    const hashes = await Promise.all(columns.map((column) => sha256(column)));
    parts.push(`${symbol} ${stepMs} ${hashes.join(' ')}`);
  }
  return sha256(new TextEncoder().encode(parts.join('\n')));
}

function sorted(settings: FineTuneSettings): readonly unknown[] {
  return Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
}
