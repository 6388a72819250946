import { describe, expect, it, vi } from 'vitest';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { simulateMarket } from '../../../src/quotes/market/simulator.ts';
import { defaultSimulatorSettings } from '../../../src/quotes/market/simulatorSettings.ts';
import { corpus, corpusHash, heldOutMarkets } from '../../../src/training/corpus/mixture.ts';
import { drawPaths } from '../../../src/training/evaluation.ts';
import { type PretrainRecipe, pretrain } from '../../../src/training/pretrain.ts';
import { recipeHash } from '../../../src/training/pretrainedFiles.ts';
import { smallConfig } from '../../support/smallTtm.ts';

vi.mock('../../../src/quotes/market/simulator.ts', { spy: true });

const recipe: PretrainRecipe = {
  seed: 11,
  steps: 100,
  batchSize: 8,
  peakLearningRate: 2e-3,
  warmUpSteps: 10,
  dropoutRate: 0.1,
};

const configJson = JSON.stringify(smallConfig);
const run = () => pretrain(configJson, recipe, openNodeRuntime());

describe('pre-training', () => {
  it('never sees the markets that checkpoints are scored on, nor the demonstration', async () => {
    const markets = vi.mocked(simulateMarket).mock;
    await run();
    const training = new Set(markets.calls.map(([settings]) => settings.seed));
    const before = markets.calls.length;
    drawPaths(heldOutMarkets(), 500);
    const heldOut = new Set(markets.calls.slice(before).map(([settings]) => settings.seed));
    expect(training.size).toBeGreaterThan(100);
    expect(heldOut.size).toBe(32);
    expect([...heldOut].filter((seed) => training.has(seed))).toEqual([]);
    expect([...training, ...heldOut]).not.toContain(defaultSimulatorSettings.seed);
  });

  it('refuses a seed whose markets would reach into those held out', () => {
    expect(() => corpus(399_999_744)).not.toThrow();
    expect(() => corpus(399_999_745)).toThrow('its training markets would be among those held out');
  });

  it('comes out the same twice, bit for bit', async () => {
    const [one, two] = [await run(), await run()];
    expect(two).toEqual(one);
    expect(one.lossCurve).toHaveLength(1);
  });

  it('stopped early is the beginning of the whole run', async () => {
    const whole = await run();
    const begun = await pretrain(configJson, recipe, openNodeRuntime(), { stopAfter: 5 });
    expect(begun.firstLosses).toEqual(whole.firstLosses.slice(0, 5));
  });
});

describe('provenance', () => {
  it('has one hash for a corpus, and another for another', async () => {
    expect(await corpusHash(1)).toBe(await corpusHash(1));
    expect(await corpusHash(1)).not.toBe(await corpusHash(2));
  });

  it('tells recipes and configs apart, but not the way a config is written', async () => {
    const hash = await recipeHash(configJson, recipe);
    expect(await recipeHash(JSON.stringify(smallConfig, null, 2), recipe)).toBe(hash);
    expect(await recipeHash(configJson, { ...recipe, steps: 101 })).not.toBe(hash);
    expect(await recipeHash(JSON.stringify({ ...smallConfig, d_model: 24 }), recipe)).not.toBe(hash);
  });
});
