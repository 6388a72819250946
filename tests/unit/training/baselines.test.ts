/** Baselines trained on quotes: what they see, that they learn, and that what is trained is what forecasts. */

import { describe, expect, it } from 'vitest';
import type { Grid } from '../../../src/core/types.ts';
import { openCheckpoint } from '../../../src/models/checkpoint.ts';
import { drawMasks } from '../../../src/models/dropout.ts';
import { createForecaster } from '../../../src/models/forecaster.ts';
import { Graph } from '../../../src/models/graph/builder.ts';
import { openArchitecture } from '../../../src/models/registry.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { GraphSession } from '../../../src/models/runtime/runtime.ts';
import { resample } from '../../../src/quotes/resample.ts';
import { simulateMarket } from '../../../src/quotes/simulator.ts';
import { defaultSimulatorSettings } from '../../../src/quotes/simulatorSettings.ts';
import {
  type BaselineChoice,
  baselineConfig,
  baselineIds,
  featuresFor,
} from '../../../src/training/baselineConfigs.ts';
import { baselineWindows, joinWindows } from '../../../src/training/baselineWindows.ts';
import { flatten, layoutOf, TrainableGraph } from '../../../src/training/parameters.ts';
import { defaultBaselineRecipe, feedsOf, trainBaseline } from '../../../src/training/trainBaseline.ts';

const runtime = openNodeRuntime();

/** Two days of ten minutes with much to foresee. */
function market(): Grid {
  const { assets, signal } = defaultSimulatorSettings;
  const { series } = simulateMarket({
    ...defaultSimulatorSettings,
    ...{ seed: 77, days: 3, stepsPerDay: 900, assets: assets.slice(0, 1) },
    signal: { ...signal, strengths: [3, 3], memorySteps: 6 },
  });
  return resample(series[0]!, { stepMs: 1000, window: null, staleAfterMs: null });
}

const grid = market();
const choice: BaselineChoice = { features: featuresFor(grid), contextTicks: 8, targetTicks: 4, hidden: 6 };
const recipe = { ...defaultBaselineRecipe, steps: 120, batchSize: 64, peakLearningRate: 0.01, warmUpSteps: 10 };
const lastDay = grid.sessionStarts[2]!;
const ranges = {
  training: { first: 0, endExclusive: lastDay },
  validation: { first: lastDay, endExclusive: grid.bid.length },
};

function configJsonOf(id: (typeof baselineIds)[number]): string {
  return JSON.stringify(baselineConfig(id, choice));
}

function dataOf(configJson: string) {
  const { shape } = openArchitecture(configJson, 'config.json');
  const windows = (range: typeof ranges.training) => baselineWindows(grid, shape, range);
  return { training: windows(ranges.training), validation: windows(ranges.validation) };
}

describe('the windows of a range', () => {
  const { shape } = openArchitecture(configJsonOf('gru'), 'config.json');

  it('know nothing of quotes beyond it, neither in what they read nor in what they are judged by', () => {
    const range = { first: 40, endExclusive: 300 };
    const changed = (values: Float64Array) =>
      values.map((v, t) => (t < 40 || t >= 300 ? v * (1.5 + 0.1 * (t % 3)) : v));
    const other = { ...grid, bid: changed(grid.bid), ask: changed(grid.ask) };
    expect(baselineWindows(other, shape, range)).toEqual(baselineWindows(grid, shape, range));
  });

  it('lie within sessions: as many as fit, or fewer with a stride', () => {
    const whole = { first: 0, endExclusive: grid.bid.length };
    const span = choice.contextTicks + choice.targetTicks;
    const lengths = Array.from(
      grid.sessionStarts,
      (start, s) => (grid.sessionStarts[s + 1] ?? grid.bid.length) - start,
    );
    const fitting = lengths.reduce((sum, length) => sum + length - span + 1, 0);
    const all = baselineWindows(grid, shape, whole);
    // The few contexts that do not move are left out.
    expect(all.count).toBeLessThanOrEqual(fitting);
    expect(all.count).toBeGreaterThan(0.95 * fitting);
    expect(baselineWindows(grid, shape, whole, 10).count).toBeLessThan(all.count / 9);
    expect(joinWindows([all, all]).scores).toHaveLength(2 * all.count);
  });

  it('leave out gaps', () => {
    const bid = grid.bid.map((value, t) => (t === 100 ? Number.NaN : value));
    const range = { first: 0, endExclusive: 200 };
    const span = choice.contextTicks + choice.targetTicks;
    const [whole, gapped] = [grid, { ...grid, bid }].map((one) => baselineWindows(one, shape, range).count);
    expect(whole! - gapped!).toBe(span);
  });

  it('have the score that a forecast on the grid means: the return in units of its deviation', () => {
    const { scores } = baselineWindows(grid, shape, {
      first: 0,
      endExclusive: choice.contextTicks + choice.targetTicks,
    });
    const mid = (t: number) => Math.log((grid.bid[t]! + grid.ask[t]!) / 2);
    const last = choice.contextTicks - 1;
    const changes = Array.from({ length: last }, (_, t) => mid(t + 1) - mid(t));
    const mean = changes.reduce((sum, x) => sum + x, 0) / last;
    const deviation = Math.sqrt(changes.reduce((sum, x) => sum + (x - mean) ** 2, 0) / last);
    const wanted = (mid(last + choice.targetTicks) - mid(last)) / (deviation * Math.sqrt(choice.targetTicks));
    expect(scores[0]).toBeCloseTo(Math.max(-5, Math.min(5, wanted)), 9);
  });
});

describe.each(baselineIds)('%s', (id) => {
  const configJson = configJsonOf(id);

  it('learns a planted signal, loads as a checkpoint, and forecasts as its training graph does', async () => {
    const { files, validationLoss, persistenceLoss, bestStep } = await trainBaseline(
      id,
      configJson,
      dataOf(configJson),
      recipe,
      runtime,
    );
    expect(bestStep).toBeGreaterThan(0);
    expect(validationLoss).toBeLessThan(0.97 * persistenceLoss);

    const model = await openCheckpoint(files);
    const { architecture } = model;
    const contexts = 16;
    const { shape } = architecture;
    const few = baselineWindows(grid, shape, { first: 0, endExclusive: 400 }, 20);
    const windows = {
      count: contexts,
      values: few.values.slice(0, contexts * shape.contextLength * shape.channels),
      scores: few.scores.slice(0, contexts),
    };
    const declared = new Graph();
    architecture.addTo(declared, { contexts: 1, channels: shape.channels });
    const layout = layoutOf(declared);
    const masks = drawMasks(model.card.sites, 3, 1, { dropoutRate: 0.3, seed: 4, dropoutSites: 'all' });
    const feeds = { ...feedsOf(architecture, windows), ...masks };
    const trained = new TrainableGraph(layout, 1);
    architecture.addTo(trained, { contexts, channels: shape.channels });
    const training = await GraphSession.create(runtime, trained, model.weights);
    const inference = await model.compile(runtime, { variants: 1, contexts });
    const parameters = flatten(layout, model.weights.values);
    const [one, other] = [await training.run({ ...feeds, parameters }), await inference.run(feeds)];
    await training.release();
    await inference.release();
    expect(one.forecast).toHaveLength(contexts);
    for (const [n, score] of one.forecast!.entries()) {
      expect(Math.abs(score - other.forecast![n]!)).toBeLessThan(1e-4);
    }
    expect(new Set(one.forecast).size).toBeGreaterThan(1);
  });
});

describe('training a baseline', () => {
  const configJson = configJsonOf('mlp');

  it('gives the same checkpoint from the same seed, and goes into the forecaster', async () => {
    const run = () => trainBaseline('mlp', configJson, dataOf(configJson), { ...recipe, steps: 50 }, runtime);
    const [one, two] = [await run(), await run()];
    expect(two.files.weights).toEqual(one.files.weights);
    const forecaster = createForecaster(await openCheckpoint(one.files), runtime);
    const { predictedMid } = await forecaster.forecast(grid, {
      ...{ variants: 1, dropoutRate: 0.1, seed: 1, dropoutSites: 'all', strideTicks: 50, horizonTicks: null },
      inputTransform: 'normalised',
    });
    await forecaster.release();
    const mid = (grid.bid[800]! + grid.ask[800]!) / 2;
    expect(Math.abs(predictedMid[800]! / mid - 1)).toBeLessThan(0.01);
  });

  it('stops where later windows are no longer predicted better, and keeps the best', async () => {
    const data = dataOf(configJson);
    // Nothing to learn: the scores have nothing to do with the windows.
    const shuffled = { ...data.training, scores: data.training.scores.map((_, i) => Math.sin(1e4 * i)) };
    const long = { ...recipe, steps: 2000, validateEvery: 10, patience: 3 };
    const { validationLosses, validationLoss } = await trainBaseline(
      'mlp',
      configJson,
      { ...data, training: shuffled },
      long,
      runtime,
    );
    expect(validationLosses.length).toBeLessThan(100);
    expect(validationLoss).toBe(Math.min(...validationLosses));
  });

  it('says how many windows there are where they are too few, and can be cancelled', async () => {
    const data = dataOf(configJson);
    const few = {
      ...data,
      validation: baselineWindows(grid, openArchitecture(configJson, 'c').shape, { first: 0, endExclusive: 40 }),
    };
    await expect(trainBaseline('mlp', configJson, few, recipe, runtime)).rejects.toThrow(
      /There are \d+ validation windows, fewer than a batch \(64\)/,
    );
    const signal = AbortSignal.abort();
    await expect(trainBaseline('mlp', configJson, data, recipe, runtime, { signal })).rejects.toThrow();
  });
});
