import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/models/checkpoint.ts';
import { Graph } from '../../../src/models/graph/builder.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { evaluateForecasts, type ForecastScore } from '../../../src/training/evaluation.ts';
import { flatten, layoutOf } from '../../../src/training/parameters.ts';
import { heldOutMarkets, pretrain } from '../../../src/training/pretrain.ts';
import { embeddedRecipes } from '../../../src/training/recipes.ts';

const runtime = openNodeRuntime();

/** Largest size of an embedded weights file. */
const MEBIBYTE = 2 ** 20;

/** Bytes repeat on one machine; another's WASM engine may round the transcendental functions of the corpus differently. */
const ACROSS_MACHINES = 1e-4;

describe.each(embeddedRecipes)('the embedded checkpoint $name', ({ name, config, recipe }) => {
  const folder = join(import.meta.dirname, '../../../public/checkpoints', name);
  const files = {
    name,
    configJson: readFileSync(join(folder, 'config.json'), 'utf8'),
    weights: new Uint8Array(readFileSync(join(folder, 'model.safetensors'))),
  };

  it('is at most 1 MiB, and says which recipe it was made by', async () => {
    const { card } = await openCheckpoint(files);
    expect(files.weights.length).toBeLessThanOrEqual(MEBIBYTE);
    expect(JSON.parse(files.configJson)).toEqual(config);
    expect(JSON.parse(card.metadata.recipe!)).toEqual(recipe);
    expect(card.metadata.command).toBe(`npm run pretrain -- --only ${name}`);
  });

  it('begins to regenerate: the first steps of its recipe give the losses it has on file', async () => {
    const { card } = await openCheckpoint(files);
    const stored = JSON.parse(card.metadata.firstLosses!) as number[];
    const again = await pretrain(files.configJson, { ...recipe, steps: stored.length }, runtime);
    expect(stored.length).toBeGreaterThanOrEqual(10);
    again.firstLosses.forEach((loss, step) => {
      expect(Math.abs(loss / stored[step]! - 1), `step ${step}`).toBeLessThan(ACROSS_MACHINES);
    });
  });

  it('beats persistence on held-out markets by as much as it claims', async () => {
    const { architecture, weights, card } = await openCheckpoint(files);
    const graph = new Graph();
    architecture.addTo(graph, { contexts: 1, channels: 1 });
    const layout = layoutOf(graph);
    const claimed = JSON.parse(card.metadata.score!) as ForecastScore;
    const score = await evaluateForecasts(
      architecture,
      layout,
      flatten(layout, weights.values),
      heldOutMarkets(),
      runtime,
    );
    expect(score.windows).toBe(claimed.windows);
    expect(score.meanMseRatio).toBeLessThan(1);
    for (const figure of ['pathMseRatio', 'meanMseRatio', 'correlation'] as const) {
      expect(Math.abs(score[figure] - claimed[figure]), figure).toBeLessThan(ACROSS_MACHINES);
    }
  });
});
