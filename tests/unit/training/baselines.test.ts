/** Baselines trained on quotes: that they learn, that what is trained is what forecasts, and that they are trained as any model is. */

import { describe, expect, it } from 'vitest';
import type { Grid } from '../../../src/core/types.ts';
import { openCheckpoint } from '../../../src/models/checkpoint.ts';
import { drawMasks } from '../../../src/models/dropout.ts';
import { freshFamilies } from '../../../src/models/familyFacts.ts';
import { createForecaster } from '../../../src/models/forecaster.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { simulateMarket } from '../../../src/quotes/market/simulator.ts';
import { defaultSimulatorSettings } from '../../../src/quotes/market/simulatorSettings.ts';
import { resample } from '../../../src/quotes/resample.ts';
import { Batches } from '../../../src/training/fineTuning/batches.ts';
import { type FineTuneTools, fineTune } from '../../../src/training/fineTuning/fineTune.ts';
import { FineTuningStore } from '../../../src/training/fineTuning/fineTuningState.ts';
import { fitPosterior } from '../../../src/training/fineTuning/posterior.ts';
import { type PreparedFineTuning, prepareFineTuning } from '../../../src/training/fineTuning/prepare.ts';
import { columnsOf } from '../../../src/training/fineTuning/quoteWindows.ts';
import { baselineOf, type FineTuneSettings } from '../../../src/training/fineTuning/settings.ts';
import { tunedFiles } from '../../../src/training/fineTuning/tunedFiles.ts';
import { freshBaseline } from '../../../src/training/freshBaseline.ts';
import { GraphTrainer } from '../../../src/training/graphTrainer.ts';
import type { TrainingTask } from '../../../src/training/step.ts';
import { TensorflowTrainer } from '../../../src/training/tensorflow/trainer.ts';
import type { Trainer, TrainingState } from '../../../src/training/trainer.ts';
import { shortSettings } from '../../support/fineTuning.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { openTensorflowInNode } from '../../support/tensorflowNode.ts';

const runtime = openNodeRuntime();
const open = (task: TrainingTask, start: TrainingState): Promise<Trainer> => GraphTrainer.create(runtime, task, start);

/** Four days of ten minutes with much to foresee. */
function market(): Grid {
  const { assets, signal } = defaultSimulatorSettings;
  const { series } = simulateMarket({
    ...defaultSimulatorSettings,
    ...{ seed: 77, days: 4, stepsPerDay: 600, assets: assets.slice(0, 1) },
    signal: { ...signal, strengths: [3, 3], memorySteps: 6 },
  });
  return resample(series[0]!, { stepMs: 1000, window: null, staleAfterMs: null });
}

const grids = [market()];
const short: Partial<FineTuneSettings> = {
  ...{ contextTicks: 8, targetTicks: 4, hiddenWidth: 6, steps: 120, batchSize: 64, learningRate: 0.01, strideTicks: 1 },
  ...{ validateEvery: 20, patience: null },
};

async function prepare(start: FineTuneSettings['start'], changes: Partial<FineTuneSettings> = {}) {
  const settings = shortSettings({ ...short, start, ...changes });
  const model = await openCheckpoint(freshBaseline(baselineOf(settings)!, settings, grids));
  return prepareFineTuning(model, grids, settings);
}

async function train(prepared: PreparedFineTuning, tools: FineTuneTools = {}) {
  const trainer = await open(prepared.task, prepared.start);
  try {
    return await fineTune(prepared, trainer, tools);
  } finally {
    await trainer.release();
  }
}

describe.each(freshFamilies.map(({ id }) => id))('a new %s', (id) => {
  it('learns a planted signal, loads as a checkpoint, and forecasts as both engines do in training', async () => {
    const prepared = await prepare(id);
    const tuned = await train(prepared);
    expect(tuned.best.step).toBeGreaterThan(0);
    expect(tuned.comparison?.before).toBeUndefined();
    // Persistence is 1.
    expect(tuned.comparison!.after.errorRatio).toBeLessThan(0.97);
    expect(tuned.comparison!.after.surpriseCorrelation).toBeGreaterThan(0.15);

    const model = await openCheckpoint(tunedFiles(prepared, tuned, 'test'));
    expect(model.card.name).toMatch(/ 6, trained [0-9a-f]{6}$/);
    const { backtest, objective, settings, read, task, start } = prepared;
    const columns = columnsOf(grids[0]!);
    const windows = backtest.places
      .slice(0, settings.batchSize)
      .map(({ tick }) => read(columns, tick, objective.ahead, model.architecture.shape));
    const { feeds } = objective.prepare(windows);
    const state = { ...start, parameters: tuned.parameters };
    const inference = await model.compile(runtime, { variants: 1, contexts: settings.batchSize });
    const ones = drawMasks(model.card.sites, 0, 1, { dropoutRate: 0.3, seed: 4, dropoutSites: 'all' });
    const { forecast } = await inference.run({ ...feeds, ...ones });
    await inference.release();
    expect(new Set(forecast).size).toBeGreaterThan(1);
    const device = await openTensorflowInNode();
    for (const trainer of [await open(task, state), new TensorflowTrainer(device, task, state)]) {
      const inTraining = await trainer.forecast(feeds);
      await trainer.release();
      const errors = forecast!.map((score, n) => Math.abs(score - inTraining[n]!));
      expect(Math.max(...errors), trainer.engine).toBeLessThan(1e-4);
    }
  });

  it('takes the same steps by either engine, dropout and batch statistics included', async () => {
    const { task, start, ...prepared } = await prepare(id, { batchSize: 8, hiddenWidth: 4 });
    const batches = new Batches({ ...prepared, task, start });
    const device = await openTensorflowInNode();
    const losses: number[][] = [];
    for (const trainer of [await open(task, start), new TensorflowTrainer(device, task, start)]) {
      const own: number[] = [];
      for (let step = 0; step < 3; step++) {
        own.push((await trainer.step(batches.at(step, prepared.training), 1e-2)).loss);
      }
      await trainer.release();
      losses.push(own);
    }
    const [graph, tensorflow] = losses;
    graph!.forEach((loss, step) => {
      expect(Math.abs(loss / tensorflow![step]! - 1)).toBeLessThan(1e-4);
    });
  });
});

describe('a baseline that is trained', () => {
  it('goes on from its checkpoint with the same losses and weights, bit for bit', async () => {
    const prepared = await prepare('mlp', { steps: 30, checkpointEvery: 10 });
    const whole = await train(prepared);
    const store = new FineTuningStore(new MemoryStore());
    const controller = new AbortController();
    const trainer = await open(prepared.task, prepared.start);
    const original = trainer.step.bind(trainer);
    let taken = 0;
    trainer.step = (batch, rate) => {
      if (++taken === 12) controller.abort();
      return original(batch, rate);
    };
    await expect(fineTune(prepared, trainer, { store, signal: controller.signal })).rejects.toThrow(DOMException);
    await trainer.release();
    expect((await store.load(prepared.key))?.training.steps).toBe(12);
    expect(await train(prepared, { store })).toMatchObject({
      ...{ losses: whole.losses, validations: whole.validations, parameters: whole.parameters },
      comparison: whole.comparison,
    });
  });

  it('begins anew with another seed or size', async () => {
    const keys = await Promise.all(
      [{}, { trainingSeed: 2 }, { hiddenWidth: 7 }, { contextTicks: 9 }].map(
        async (changes) => (await prepare('gru', changes)).key,
      ),
    );
    expect(new Set(keys).size).toBe(4);
    expect((await prepare('gru')).key).toBe(keys[0]);
  });

  it.each(['swag', 'laplace'] as const)(
    'has a %s posterior, whose batch norms read the statistics of the kept weights',
    async (posterior) => {
      const prepared = await prepare('mlp', { steps: 30, posterior });
      const trainer = await open(prepared.task, prepared.start);
      const tuned = await fineTune(prepared, trainer);
      const fitted = await fitPosterior(prepared, tuned.parameters, trainer, open);
      await trainer.release();
      if ('code' in fitted) throw new Error(fitted.message);
      const model = await openCheckpoint(tunedFiles(prepared, tuned, 'test', fitted));
      const means = model.weights.values('dnn_layers.1.1.running_mean');
      expect(means.some((value) => value !== 0)).toBe(true);
      const variances = model.weights.values('dnn_layers.1.1.running_var');
      expect(variances.every((value) => value > 0 && value !== 1)).toBe(true);
      const { predictedMid } = await createForecaster(model, runtime).forecast(grids[0]!, {
        ...{ variants: 1, dropoutRate: 0.1, seed: 1, dropoutSites: 'all', strideTicks: 50, horizonTicks: null },
        inputTransform: 'normalised',
      });
      const mid = (grids[0]!.bid[800]! + grids[0]!.ask[800]!) / 2;
      expect(Math.abs(predictedMid[800]! / mid - 1)).toBeLessThan(0.01);
    },
  );

  it('reads the imbalance where quotes have sizes, in training as in forecasts', async () => {
    const sizes = grids[0]!.bid.map((_, t) => 1 + (t % 5));
    const sized = [{ ...grids[0]!, bidSize: sizes, askSize: sizes.map((size) => 6 - size) }];
    const settings = shortSettings({ ...short, start: 'gru' });
    const model = await openCheckpoint(freshBaseline('gru', settings, sized));
    expect(model.architecture.shape.reads?.features).toContain('imbalance');
    const prepared = await prepareFineTuning(model, sized, settings);
    const { context } = prepared.read(columnsOf(sized[0]!), 100, 4, model.architecture.shape);
    expect(context.filter((_, i) => i % 4 === 3).some((value) => value !== 0)).toBe(true);
    expect(prepared.dataSha256).not.toBe((await prepare('gru')).dataSha256);
  });

  it('needs two windows a batch, and says so before it starts', async () => {
    await expect(prepare('mlp', { batchSize: 1 })).rejects.toMatchObject({ problem: { where: 'batchSize' } });
  });
});
