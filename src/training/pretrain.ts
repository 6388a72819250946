/**
 * Pre-trains a small checkpoint on a synthetic corpus and measures it on held-out simulated markets. Everything follows
 * from the recipe: the same recipe gives the same checkpoint.
 */

import { RandomStream } from '../core/random.ts';
import { drawMasks } from '../models/dropout.ts';
import { Graph } from '../models/graph/builder.ts';
import { openArchitecture } from '../models/registry.ts';
import type { Runtime } from '../models/runtime/runtime.ts';
import { armaChanges, meanReversion } from './corpus/arma.ts';
import { gaussianProcesses } from './corpus/gaussianProcess.ts';
import { simulatedMarkets } from './corpus/market.ts';
import { regimeSwitches } from './corpus/regimes.ts';
import type { SeriesSource } from './corpus/source.ts';
import { evaluateForecasts, type ForecastScore } from './evaluation.ts';
import { GraphTrainer } from './graphTrainer.ts';
import { initialParameters } from './initialise.ts';
import { warmUpCosine } from './learningRate.ts';
import { layoutOf, type ParameterLayout } from './parameters.ts';
import { defaultOptimiser } from './step.ts';
import { initialState } from './trainer.ts';
import { batchFeeds, drawWindows, type MixtureEntry } from './windows.ts';

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
  readonly score: ForecastScore;
}

/** Seeds of held-out markets start here; the training markets' lie below. */
const HELD_OUT_FIRST_SEED = 900_000_000;
const TRAINING_FIRST_SEED = 500_000_000;
const TRAINING_MARKETS = 256;
const HELD_OUT_MARKETS = 32;
const LOSS_WINDOW = 100;
const FIRST_LOSSES = 10;

/** The corpus of a seed, with shares. */
export function corpus(seed: number): readonly MixtureEntry[] {
  if (TRAINING_FIRST_SEED + seed + TRAINING_MARKETS > HELD_OUT_FIRST_SEED) {
    throw new RangeError(`seed ${seed}: its training markets would be among those held out`);
  }
  return [
    { source: simulatedMarkets(TRAINING_FIRST_SEED + seed, TRAINING_MARKETS), share: 0.7 },
    { source: armaChanges, share: 0.08 },
    { source: meanReversion, share: 0.07 },
    { source: regimeSwitches, share: 0.05 },
    { source: gaussianProcesses(seed, 24), share: 0.1 },
  ];
}

/** Markets that no corpus draws from. */
export function heldOutMarkets(): SeriesSource {
  return simulatedMarkets(HELD_OUT_FIRST_SEED, HELD_OUT_MARKETS);
}

/** Trains the architecture of a `config.json` from scratch and scores it on markets it has never seen. */
export async function pretrain(
  configJson: string,
  recipe: PretrainRecipe,
  runtime: Runtime,
  onProgress: (progress: PretrainProgress) => void = () => {},
): Promise<PretrainResult> {
  const architecture = openArchitecture(configJson, 'config.json');
  const { contextLength, horizon } = architecture.shape;
  const declared = new Graph();
  architecture.addTo(declared, { contexts: 1, channels: 1 });
  const layout = layoutOf(declared);
  const shape = { contexts: recipe.batchSize, channels: 1, variants: 1 } as const;
  const start = initialState(initialParameters(layout, recipe.seed));
  const trainer = await GraphTrainer.create(
    runtime,
    { architecture, layout, shape, optimiser: defaultOptimiser },
    start,
  );
  const mixture = corpus(recipe.seed);
  const windows = new RandomStream(recipe.seed, 'training windows');
  const rate = { peak: recipe.peakLearningRate, warmUpSteps: recipe.warmUpSteps, totalSteps: recipe.steps };
  const masks = { dropoutRate: recipe.dropoutRate, seed: recipe.seed, dropoutSites: 'all' } as const;
  const firstLosses: number[] = [];
  const lossCurve: number[] = [];
  let recent = 0;
  let parameters: Float32Array;
  try {
    for (let step = 0; step < recipe.steps; step++) {
      const batch = drawWindows(mixture, windows, recipe.batchSize, contextLength, horizon);
      const learningRate = warmUpCosine(step, rate);
      // Variant 0 is the deterministic model, so training draws its masks from 1 on.
      const feeds = { ...batchFeeds(architecture, batch), ...drawMasks(declared.sites, step + 1, 1, masks) };
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
  const score = await evaluateForecasts(architecture, layout, parameters, heldOutMarkets(), runtime);
  return { layout, parameters, firstLosses, lossCurve, score };
}
