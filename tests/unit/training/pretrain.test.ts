import { describe, expect, it, vi } from 'vitest';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { simulateMarket } from '../../../src/quotes/simulator.ts';
import { defaultSimulatorSettings } from '../../../src/quotes/simulatorSettings.ts';
import { corpus, type PretrainRecipe, pretrain } from '../../../src/training/pretrain.ts';
import { smallConfig } from '../../support/smallTtm.ts';

vi.mock('../../../src/quotes/simulator.ts', { spy: true });

const recipe: PretrainRecipe = {
  seed: 11,
  steps: 100,
  batchSize: 8,
  peakLearningRate: 2e-3,
  warmUpSteps: 10,
  dropoutRate: 0.1,
};

const run = () => pretrain(JSON.stringify(smallConfig), recipe, openNodeRuntime());

describe('pre-training', () => {
  it('is scored on markets whose seeds it has not trained on, nor are those of the demonstration', async () => {
    let drawnInTraining = 0;
    const markets = vi.mocked(simulateMarket).mock;
    await pretrain(JSON.stringify(smallConfig), recipe, openNodeRuntime(), () => {
      drawnInTraining = markets.calls.length;
    });
    const seeds = markets.calls.map(([settings]) => settings.seed);
    const training = new Set(seeds.slice(0, drawnInTraining));
    const heldOut = new Set(seeds.slice(drawnInTraining));
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
    expect(one.score.windows).toBe(4096);
    expect(one.score.pathMseRatio).toBeGreaterThan(0);
  });
});
