/**
 * Rebuilds the embedded checkpoints: `npm run pretrain [-- --only NAME] [--steps N] [--out DIR] [--threads N]`.
 * A run with fewer steps than the recipe's is for trying out and is not written unless `--out` says where.
 * `--card` trains nothing: it scores the checkpoints that are there, on quotes below `$PML_SHARED` too, and writes docs/checkpoints.md.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openNodeRuntime } from '../src/models/runtime/node.ts';
import { pretrain } from '../src/training/pretrain.ts';
import { pretrainedFiles } from '../src/training/pretrainedFiles.ts';
import { type EmbeddedRecipe, embeddedRecipes } from '../src/training/recipes.ts';
import { checkpointsFolder, writeModelCard } from './modelCard.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    steps: { type: 'string' },
    out: { type: 'string' },
    threads: { type: 'string', default: '2' },
    card: { type: 'boolean', default: false },
  },
});

const chosen = embeddedRecipes.filter(({ name }) => options.only === undefined || name === options.only);
if (chosen.length === 0) {
  console.error(
    `There is no embedded checkpoint ${options.only}; known: ${embeddedRecipes.map((r) => r.name).join(', ')}.`,
  );
  process.exit(2);
}
const runtime = openNodeRuntime(Number(options.threads));
if (options.card) await writeModelCard(runtime);
else for (const embedded of chosen) await rebuild(embedded);
// The WASM threads would keep the process alive.
process.exit(0);

async function rebuild({ name, config, recipe }: EmbeddedRecipe): Promise<void> {
  const steps = options.steps === undefined ? recipe.steps : Number(options.steps);
  const configJson = `${JSON.stringify(config, null, 2)}\n`;
  const started = performance.now();
  const onProgress = ({ step, loss, learningRate }: { step: number; loss: number; learningRate: number }): void => {
    if ((step + 1) % 100 !== 0) return;
    const perStep = (performance.now() - started) / (step + 1);
    console.log(
      `${name}: step ${step + 1}/${steps}, loss ${loss.toFixed(4)}, rate ${learningRate.toExponential(1)}, ${perStep.toFixed(0)} ms a step`,
    );
  };
  const result = await pretrain(configJson, { ...recipe, steps }, runtime, { onProgress });
  const { files, score } = await pretrainedFiles(name, configJson, { ...recipe, steps }, result, runtime);
  console.log(
    `${name}: on ${score.windows} held-out windows the mean-forecast error is ${(100 * score.meanMseRatio).toFixed(1)} % of persistence's, correlation ${score.correlation.toFixed(3)}`,
  );
  if (steps !== recipe.steps && options.out === undefined) return;
  const folder = join(options.out ?? checkpointsFolder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), files.configJson);
  writeFileSync(join(folder, 'model.safetensors'), files.weights);
  console.log(`${name}: ${files.weights.length} bytes written to ${folder}`);
}
