/** Packs a pre-trained model as a checkpoint that says what it is, how it was made and how good it is. */

import { sha256 } from '../core/sha256.ts';
import { type LoadedModel, openCheckpoint } from '../models/checkpoint.ts';
import { toHalves } from '../models/checkpoints/float16.ts';
import { writeSafetensors } from '../models/checkpoints/safetensors.ts';
import type { Runtime } from '../models/runtime/runtime.ts';
import type { CheckpointFiles } from '../models/types.ts';
import { corpusHash, describeCorpus, heldOutMarkets } from './corpus/mixture.ts';
import { drawPaths, type ForecastScore, scoreModel } from './evaluation.ts';
import { pretrainingObjective } from './objectives/index.ts';
import { unflatten } from './parameters.ts';
import type { PretrainRecipe, PretrainResult } from './pretrain.ts';

/** Windows of held-out markets that a checkpoint is scored on. */
export const heldOutWindows = 2048;

/** Over how many of the last hundreds of steps the final loss is averaged. */
const FINAL_HUNDREDS = 5;

/** How good a model is on markets that it was not trained on. */
export function scoreHeldOut(model: LoadedModel, runtime: Runtime): Promise<ForecastScore> {
  return scoreModel(model, drawPaths(heldOutMarkets(), heldOutWindows), runtime);
}

/** SHA-256 of everything a checkpoint follows from but code: its config, recipe, loss and corpus. */
export async function recipeHash(configJson: string, recipe: PretrainRecipe): Promise<string> {
  const { name: objective } = pretrainingObjective(configJson, 'config.json');
  const corpus = await corpusHash(recipe.seed);
  const text = JSON.stringify({ config: JSON.parse(configJson), recipe, objective, corpus });
  return sha256(new TextEncoder().encode(text));
}

/** `config.json` and `model.safetensors` (float16) with the official tensor names; provenance is in the file's metadata. */
export async function pretrainedFiles(
  name: string,
  configJson: string,
  recipe: PretrainRecipe,
  result: PretrainResult,
  runtime: Runtime,
): Promise<{ readonly files: CheckpointFiles; readonly score: ForecastScore }> {
  const { layout, parameters, lossCurve, firstLosses } = result;
  const tensors = unflatten(layout, parameters).map(
    ([tensor, shape, values]) => [tensor, shape, toHalves(values)] as const,
  );
  // What is scored is what is shipped: the rounded weights.
  const model = await openCheckpoint({ name, configJson, weights: writeSafetensors(tensors) });
  const score = await scoreHeldOut(model, runtime);
  const percent = (1 - score.meanMseRatio) * 100;
  const last = lossCurve.slice(-FINAL_HUNDREDS);
  const metadata = {
    name,
    description:
      'A small demonstration model, pre-trained by PML Lab on synthetic series only. It is no official checkpoint.',
    command: `npm run pretrain -- --only ${name}`,
    recipe: JSON.stringify(recipe),
    recipeHash: await recipeHash(configJson, recipe),
    corpus: describeCorpus(recipe.seed),
    corpusHash: await corpusHash(recipe.seed),
    objective: pretrainingObjective(configJson, 'config.json').name,
    heldOut: `${percent.toFixed(1)} % less squared error than persistence on ${score.windows} windows of held-out simulated markets (mean over the horizon); correlation ${score.correlation.toFixed(3)}`,
    score: JSON.stringify(score),
    steps: String(recipe.steps),
    firstLosses: JSON.stringify(firstLosses),
    finalLoss: String(last.reduce((sum, loss) => sum + loss, 0) / last.length),
    lossCurve: JSON.stringify(lossCurve.map((loss) => Number(loss.toPrecision(4)))),
  };
  return { files: { name, configJson, weights: writeSafetensors(tensors, metadata) }, score };
}
