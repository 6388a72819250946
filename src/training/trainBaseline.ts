/**
 * Trains a baseline from scratch on windows of quotes: seeded batches, dropout by masks, the squared error of the score, and an early
 * stop where windows that lie later are no longer predicted better. What comes out is a checkpoint like any other.
 */

import { fail } from '../core/errors.ts';
import { RandomStream } from '../core/random.ts';
import { writeSafetensors } from '../models/checkpoints/safetensors.ts';
import { drawMasks } from '../models/dropout.ts';
import { Graph } from '../models/graph/builder.ts';
import { type Architecture, openArchitecture } from '../models/registry.ts';
import type { Feeds, Runtime } from '../models/runtime/runtime.ts';
import type { CheckpointFiles } from '../models/types.ts';
import { type BaselineWindows, pickWindows } from './baselineWindows.ts';
import { runningStatistics } from './batchStatistics.ts';
import { GraphTrainer } from './graphTrainer.ts';
import { initialParameters } from './initialise.ts';
import { warmUpCosine } from './learningRate.ts';
import { layoutOf, unflatten } from './parameters.ts';
import { defaultOptimiser } from './step.ts';
import { initialState, type Trainer } from './trainer.ts';

export interface BaselineRecipe {
  readonly seed: number;
  /** Most steps. */
  readonly steps: number;
  readonly batchSize: number;
  readonly peakLearningRate: number;
  readonly warmUpSteps: number;
  readonly dropoutRate: number;
  /** The validation loss is taken every so many steps. */
  readonly validateEvery: number;
  /** So many validations in a row without a better one end the run. */
  readonly patience: number;
}

export const defaultBaselineRecipe: BaselineRecipe = {
  seed: 1,
  steps: 1500,
  batchSize: 128,
  peakLearningRate: 2e-3,
  warmUpSteps: 50,
  dropoutRate: 0.1,
  validateEvery: 50,
  patience: 6,
};

export interface BaselineData {
  readonly training: BaselineWindows;
  /** Later than all of the training windows. */
  readonly validation: BaselineWindows;
}

export interface BaselineProgress {
  readonly step: number;
  readonly trainingLoss: number;
  /** The latest. */
  readonly validationLoss: number;
}

export interface BaselineResult {
  readonly files: CheckpointFiles;
  /** Step after which validation was best: its parameters are kept. */
  readonly bestStep: number;
  readonly validationLoss: number;
  /** Mean squared validation score: the loss of always saying 0, which is persistence. */
  readonly persistenceLoss: number;
  /** Every `validateEvery` steps, the first before any. */
  readonly validationLosses: readonly number[];
}

export interface BaselineHooks {
  readonly onProgress?: (progress: BaselineProgress) => void;
  readonly signal?: AbortSignal;
}

/** Batches that losses and statistics are taken over. */
const SAMPLED_BATCHES = 8;

/** @throws UserError `training/too-few-windows`, `training/not-finite`; DOMException `AbortError` once aborted */
export async function trainBaseline(
  name: string,
  configJson: string,
  { training, validation }: BaselineData,
  recipe: BaselineRecipe,
  runtime: Runtime,
  { onProgress, signal }: BaselineHooks = {},
): Promise<BaselineResult> {
  const architecture = openArchitecture(configJson, `${name}/config.json`);
  const { batchSize, seed } = recipe;
  for (const [what, { count }] of [['training', training] as const, ['validation', validation] as const]) {
    if (count >= batchSize) continue;
    fail('training/too-few-windows', `There are ${count} ${what} windows, fewer than a batch (${batchSize}).`, {
      hint: 'Take more days, a shorter context, or smaller batches.',
      where: name,
    });
  }
  const declared = new Graph();
  architecture.addTo(declared, { contexts: 1, channels: architecture.shape.channels });
  const layout = layoutOf(declared);
  const shape = {
    contexts: batchSize,
    channels: architecture.shape.channels,
    variants: 1,
    batchStatistics: true,
  } as const;
  const start = initialState(initialParameters(layout, seed));
  const trainer = await GraphTrainer.create(
    runtime,
    { architecture, layout, shape, optimiser: defaultOptimiser },
    start,
  );
  const judged = batchesOf(architecture, validation, batchSize);
  const masks = { dropoutRate: recipe.dropoutRate, seed, dropoutSites: 'all' } as const;
  const order = new RandomStream(seed, 'baseline batches');
  const rate = { peak: recipe.peakLearningRate, warmUpSteps: recipe.warmUpSteps, totalSteps: recipe.steps };
  try {
    const validationLosses = [await meanLoss(trainer, judged)];
    let best = { step: 0, loss: validationLosses[0]!, parameters: start.parameters };
    for (let step = 0; step < recipe.steps; step++) {
      signal?.throwIfAborted();
      const places = Int32Array.from({ length: batchSize }, () => order.integer(training.count));
      const batch = feedsOf(architecture, pickWindows(training, places));
      const { loss } = await trainer.step(
        { ...batch, ...drawMasks(declared.sites, step + 1, 1, masks) },
        warmUpCosine(step, rate),
      );
      if (!Number.isFinite(loss)) {
        fail('training/not-finite', `The loss of ${name} is no longer a number at step ${step + 1}.`, {
          hint: 'Lower the learning rate.',
          where: name,
        });
      }
      if ((step + 1) % recipe.validateEvery === 0) {
        const latest = await meanLoss(trainer, judged);
        validationLosses.push(latest);
        if (latest < best.loss) {
          const { parameters } = await trainer.readState();
          best = { step: step + 1, loss: latest, parameters: parameters.slice() };
        }
      }
      onProgress?.({ step, trainingLoss: loss, validationLoss: validationLosses.at(-1)! });
      if (step + 1 - best.step >= recipe.patience * recipe.validateEvery) break;
    }
    const model = { architecture, layout, parameters: best.parameters };
    const statistics = await runningStatistics(model, batchesOf(architecture, training, batchSize), batchSize, runtime);
    const metadata = {
      name,
      description: 'A baseline, trained from scratch on quotes by PML Lab.',
      recipe: JSON.stringify(recipe),
      bestStep: String(best.step),
      validationLosses: JSON.stringify(validationLosses.map((loss) => Number(loss.toPrecision(5)))),
    };
    const weights = writeSafetensors([...unflatten(layout, best.parameters), ...statistics], metadata);
    return {
      files: { name, configJson, weights },
      bestStep: best.step,
      validationLoss: best.loss,
      persistenceLoss: meanSquare(judged),
      validationLosses,
    };
  } finally {
    await trainer.release();
  }
}

/** Graph inputs of a batch: windows, and scores as targets of weight 1. */
export function feedsOf(architecture: Architecture, windows: BaselineWindows): Feeds {
  const { contextLength: length, channels } = architecture.shape;
  const { feeds } = architecture.prepare({ values: windows.values, contexts: windows.count, length, channels });
  const weight = new Float32Array(windows.count).fill(1);
  return { ...feeds, target: Float32Array.from(windows.scores), weight };
}

/** Some batches of windows, evenly over them all. */
function batchesOf(architecture: Architecture, windows: BaselineWindows, batchSize: number): Feeds[] {
  const batches = Math.min(SAMPLED_BATCHES, Math.floor(windows.count / batchSize));
  const total = batches * batchSize;
  return Array.from({ length: batches }, (_, b) => {
    const places = Array.from({ length: batchSize }, (_place, n) =>
      Math.floor(((b * batchSize + n) * windows.count) / total),
    );
    return feedsOf(architecture, pickWindows(windows, places));
  });
}

async function meanLoss(trainer: Trainer, batches: readonly Feeds[]): Promise<number> {
  let sum = 0;
  for (const batch of batches) sum += await trainer.loss(batch);
  return sum / batches.length;
}

function meanSquare(batches: readonly Feeds[]): number {
  const targets = batches.flatMap(({ target }) => [...target!]);
  return targets.reduce((sum, value) => sum + value * value, 0) / targets.length;
}
