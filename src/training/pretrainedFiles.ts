/** Packs a pre-trained model as a checkpoint that says what it is, how it was made and how good it is. */

import { writeSafetensors } from '../models/checkpoints/safetensors.ts';
import type { CheckpointFiles } from '../models/types.ts';
import { unflatten } from './parameters.ts';
import { corpus, type PretrainRecipe, type PretrainResult } from './pretrain.ts';

/** `config.json` and `model.safetensors` with the official tensor names; provenance is in the file's metadata. */
export function pretrainedFiles(
  name: string,
  configJson: string,
  recipe: PretrainRecipe,
  result: PretrainResult,
): CheckpointFiles {
  const { layout, parameters, lossCurve, firstLosses, score } = result;
  const percent = (1 - score.meanMseRatio) * 100;
  const metadata = {
    name,
    description:
      'A small demonstration model, pre-trained by PML Lab on synthetic series only. It is no official checkpoint.',
    command: `npm run pretrain -- --only ${name}`,
    recipe: JSON.stringify(recipe),
    corpus: corpus(recipe.seed)
      .map(({ source, share }) => `${source.name} ${Math.round(100 * share)} %`)
      .join(', '),
    heldOut: `${percent.toFixed(1)} % less squared error than persistence on ${score.windows} windows of held-out simulated markets (mean over the horizon); correlation ${score.correlation.toFixed(3)}`,
    score: JSON.stringify(score),
    firstLosses: JSON.stringify(firstLosses),
    lossCurve: JSON.stringify(lossCurve.map((loss) => Number(loss.toPrecision(4)))),
  };
  return { name, configJson, weights: writeSafetensors(unflatten(layout, parameters), metadata) };
}
