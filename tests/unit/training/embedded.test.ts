import { describe, expect, it } from 'vitest';
import { embeddedFiles, shippedCheckpoints } from '../../../scripts/modelCard.ts';
import { openCheckpoint } from '../../../src/models/checkpoint.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { corpusHash } from '../../../src/training/corpus/mixture.ts';
import type { ForecastScore } from '../../../src/training/evaluation.ts';
import { pretrain } from '../../../src/training/pretrain.ts';
import { recipeHash, scoreHeldOut } from '../../../src/training/pretrainedFiles.ts';
import { embeddedRecipes } from '../../../src/training/recipes.ts';

const runtime = openNodeRuntime();

const LARGEST_TOGETHER = 6e6;

/** Bytes repeat on one machine; another's WASM engine may round the transcendental functions of the corpus differently. */
const ACROSS_MACHINES = 1e-4;

/** In bytes; scoring larger ones takes minutes. */
const SMALL = 350_000;
const small = embeddedRecipes.filter(({ name }) => embeddedFiles(name).weights.length < SMALL);

/** First steps that are run again of every recipe; of the tiny one below many more. */
const FIRST_STEPS = 3;

describe('the embedded checkpoints', () => {
  it('are those there are recipes for, together at most 6 MB', () => {
    const names = embeddedRecipes.map(({ name }) => name);
    const bytes = names.map((name) => embeddedFiles(name).weights.length);
    expect(shippedCheckpoints()).toEqual([...names].sort());
    expect(bytes.reduce((sum, length) => sum + length, 0)).toBeLessThan(LARGEST_TOGETHER);
  });

  it('are of every family, and of one of them in three sizes that quadruple', async () => {
    const cards = await Promise.all(
      embeddedRecipes.map(async ({ name }) => (await openCheckpoint(embeddedFiles(name))).card),
    );
    const families = new Set(cards.map(({ family }) => family));
    for (const family of ['ttm', 'timesfm-2.5', 'chronos-t5', 'chronos-bolt', 'moirai', 'timer']) {
      expect(families).toContain(family);
    }
    expect(families.has('timesfm-1') || families.has('timesfm-2')).toBe(true);
    const sizes = cards.filter(({ family }) => family === 'chronos-t5').map(({ parameters }) => parameters);
    expect(sizes).toHaveLength(3);
    for (const [i, size] of sizes.slice(1).entries()) expect(size / sizes[i]!).toBeGreaterThan(3);
  });

  it('can all take part in one study: of 128 ticks of context at most, and of 16 ticks ahead', async () => {
    for (const { name } of embeddedRecipes) {
      const { card, architecture } = await openCheckpoint(embeddedFiles(name));
      expect(card.contextLength, name).toBeLessThanOrEqual(128);
      expect(card.horizon >= 16 || architecture.rollOut !== undefined, name).toBe(true);
    }
  });
});

describe.each(embeddedRecipes)('the embedded checkpoint $name', ({ name, config, recipe }) => {
  const files = embeddedFiles(name);

  it('has finite weights, and was made by the recipe, the loss and the corpus there are now', async () => {
    const { card, weights, architecture, table } = await openCheckpoint(files);
    for (const tensor of table.tensors.keys()) expect(weights.values(tensor).every(Number.isFinite), tensor).toBe(true);
    expect(architecture.shape.channels).toBe(1);
    expect(JSON.parse(files.configJson)).toEqual(config);
    expect(JSON.parse(card.metadata.recipe!)).toEqual(recipe);
    expect(card.metadata.corpusHash).toBe(await corpusHash(recipe.seed));
    expect(card.metadata.recipeHash).toBe(await recipeHash(files.configJson, recipe));
    expect(card.metadata.command).toBe(`npm run pretrain -- --only ${name}`);
    expect(Number(card.metadata.finalLoss)).toBeLessThan((JSON.parse(card.metadata.firstLosses!) as number[])[0]!);
  });

  it('begins to regenerate: the first steps of its recipe give the losses it has on file', async () => {
    const { card } = await openCheckpoint(files);
    const stored = JSON.parse(card.metadata.firstLosses!) as number[];
    const again = await pretrain(files.configJson, recipe, runtime, { stopAfter: FIRST_STEPS });
    expect(again.firstLosses).toHaveLength(FIRST_STEPS);
    again.firstLosses.forEach((loss, step) => {
      expect(Math.abs(loss / stored[step]! - 1), `step ${step}`).toBeLessThan(ACROSS_MACHINES);
    });
  });
});

describe.each(small)('the score of $name', ({ name }) => {
  it('on held-out markets is what its file claims', async () => {
    const model = await openCheckpoint(embeddedFiles(name));
    const claimed = JSON.parse(model.card.metadata.score!) as ForecastScore;
    const score = await scoreHeldOut(model, runtime);
    expect(score.windows).toBe(claimed.windows);
    expect(score.meanMseRatio).toBeLessThan(1);
    for (const figure of ['pathMseRatio', 'meanMseRatio', 'meanMseRatioError', 'correlation'] as const) {
      expect(Math.abs(score[figure] - claimed[figure]), figure).toBeLessThan(ACROSS_MACHINES);
    }
  });
});

describe('a tiny checkpoint', () => {
  it('regenerates for two hundred steps: the mean losses of each hundred are those on file', async () => {
    const tiny = embeddedRecipes.find(({ name }) => name === 'timer-nano')!;
    const { card } = await openCheckpoint(embeddedFiles(tiny.name));
    const stored = JSON.parse(card.metadata.lossCurve!) as number[];
    const again = await pretrain(JSON.stringify(tiny.config), tiny.recipe, runtime, { stopAfter: 200 });
    // Stored with four digits.
    for (const [i, loss] of again.lossCurve.entries()) {
      expect(Math.abs(loss / stored[i]! - 1), `hundred ${i}`).toBeLessThan(1e-3);
    }
    expect(again.lossCurve).toHaveLength(2);
  });
});
