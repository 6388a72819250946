/**
 * Pre-trains a small checkpoint on a synthetic corpus. Everything follows from the recipe: the same recipe gives the same
 * checkpoint.
 */

import { RandomStream } from '../core/random.ts';
import { drawMasks } from '../models/dropout.ts';
import { Graph } from '../models/graph/builder.ts';
import { openArchitecture } from '../models/registry.ts';
import type { Runtime } from '../models/runtime/runtime.ts';
import { corpus } from './corpus/mixture.ts';
import { GraphTrainer } from './graphTrainer.ts';
import { initialParameters } from './initialise.ts';
import { warmUpCosine } from './learningRate.ts';
import { pretrainingObjective } from './objectives/index.ts';
import { layoutOf, type ParameterLayout } from './parameters.ts';
import { defaultOptimiser } from './step.ts';
import { initialState } from './trainer.ts';
import { drawWindows } from './windows.ts';

export interface PretrainRecipe {
  readonly seed: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly peakLearningRate: number;
  readonly warmUpSteps: number;
  /** p of the training masks: one set of feature-wise masks a step. */
  readonly dropoutRate: number;
}

export interface PretrainProgress {
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
}

export interface PretrainResult {
  readonly layout: ParameterLayout;
  readonly parameters: Float32Array;
  /** Losses of the first steps, exactly: a short run of the same recipe must give them again. */
  readonly firstLosses: readonly number[];
  /** Mean training loss of every 100 steps. */
  readonly lossCurve: readonly number[];
}

export interface PretrainOptions {
  readonly onProgress?: (progress: PretrainProgress) => void;
  /** Stop after so many steps, on the schedule of the whole run; absent: the recipe's. */
  readonly stopAfter?: number;
}

const LOSS_WINDOW = 100;
const FIRST_LOSSES = 10;

/** Trains the architecture of a `config.json` from scratch. */
export async function pretrain(
  configJson: string,
  recipe: PretrainRecipe,
  runtime: Runtime,
  { onProgress = () => {}, stopAfter = recipe.steps }: PretrainOptions = {},
): Promise<PretrainResult> {
  const architecture = openArchitecture(configJson, 'config.json');
  const objective = pretrainingObjective(configJson, 'config.json');
  const { contextLength } = architecture.shape;
  const declared = new Graph();
  architecture.addTo(declared, { contexts: 1, channels: 1 });
  const layout = layoutOf(declared);
  const shape = { contexts: recipe.batchSize, channels: 1, variants: 1, ...objective.batch } as const;
  const start = initialState(initialParameters(layout, recipe.seed, objective.ordered));
  const task = { architecture, layout, shape, optimiser: defaultOptimiser, loss: objective.loss };
  const trainer = await GraphTrainer.create(runtime, task, start);
  const mixture = corpus(recipe.seed);
  const windows = new RandomStream(recipe.seed, 'training windows');
  const rate = { peak: recipe.peakLearningRate, warmUpSteps: recipe.warmUpSteps, totalSteps: recipe.steps };
  const masks = { dropoutRate: recipe.dropoutRate, seed: recipe.seed, dropoutSites: 'all' } as const;
  const firstLosses: number[] = [];
  const lossCurve: number[] = [];
  let recent = 0;
  let parameters: Float32Array;
  try {
    for (let step = 0; step < stopAfter; step++) {
      const batch = drawWindows(mixture, windows, recipe.batchSize, contextLength, objective.horizon);
      const learningRate = warmUpCosine(step, rate);
      // Variant 0 is the deterministic model, so training draws its masks from 1 on.
      const feeds = { ...objective.feeds(batch), ...drawMasks(declared.sites, step + 1, 1, masks) };
      const { loss } = await trainer.step(feeds, learningRate);
      if (step < FIRST_LOSSES) firstLosses.push(loss);
      recent += loss;
      if ((step + 1) % LOSS_WINDOW === 0) {
        lossCurve.push(recent / LOSS_WINDOW);
        recent = 0;
      }
      onProgress({ step, loss, learningRate });
    }
    ({ parameters } = await trainer.readState());
  } finally {
    await trainer.release();
  }
  return { layout, parameters, firstLosses, lossCurve };
}
