import { describe, expect, it } from 'vitest';
import { toProblem } from '../../../src/core/errors.ts';
import { openCheckpoint } from '../../../src/models/checkpoint.ts';
import { readSafetensors, writeSafetensors } from '../../../src/models/checkpoints/safetensors.ts';
import { createForecaster } from '../../../src/models/forecaster.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import type { Feeds } from '../../../src/models/runtime/runtime.ts';
import { drawFineTunings } from '../../../src/training/fineTuning/family.ts';
import { type FineTuneProgress, type FineTuneTools, fineTune } from '../../../src/training/fineTuning/fineTune.ts';
import { FineTuningStore } from '../../../src/training/fineTuning/fineTuningState.ts';
import { prepareFineTuning } from '../../../src/training/fineTuning/prepare.ts';
import type { FineTuneSettings } from '../../../src/training/fineTuning/settings.ts';
import { tunedFiles } from '../../../src/training/fineTuning/tunedFiles.ts';
import { BACKTEST_START } from '../../../src/training/fineTuning/walkForward.ts';
import { GraphTrainer } from '../../../src/training/graphTrainer.ts';
import { TensorflowTrainer } from '../../../src/training/tensorflow/trainer.ts';
import type { StepResult } from '../../../src/training/trainer.ts';
import { shortSettings, smallMarket, smallModel } from '../../support/fineTuning.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { openTensorflowInNode } from '../../support/tensorflowNode.ts';

const runtime = openNodeRuntime();
const grids = smallMarket();
const model = await smallModel();

const prepare = (changes: Partial<FineTuneSettings> = {}) => prepareFineTuning(model, grids, shortSettings(changes));

async function tune(changes: Partial<FineTuneSettings> = {}, tools: FineTuneTools = {}) {
  const prepared = await prepare(changes);
  const trainer = await GraphTrainer.create(runtime, prepared.task, prepared.start);
  try {
    return { prepared, tuned: await fineTune(prepared, trainer, tools) };
  } finally {
    await trainer.release();
  }
}

/** A training that is cancelled after so many steps, and what it left in the store. */
async function interrupted(steps: number, store: FineTuningStore): Promise<void> {
  const controller = new AbortController();
  const prepared = await prepare();
  const trainer = await GraphTrainer.create(runtime, prepared.task, prepared.start);
  const original = trainer.step.bind(trainer);
  let taken = 0;
  trainer.step = async (batch: Feeds, rate: number): Promise<StepResult> => {
    if (++taken === steps) controller.abort();
    return original(batch, rate);
  };
  await expect(fineTune(prepared, trainer, { store, signal: controller.signal })).rejects.toThrow(DOMException);
  expect(taken).toBe(steps);
  await trainer.release();
}

describe('fine-tuning on quotes', () => {
  it('lowers the loss on its training windows and keeps the best weights of the validation range', async () => {
    const { tuned } = await tune({ steps: 120, learningRate: 3e-3, dropoutRate: 0, validateEvery: 20 });
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(tuned.losses.slice(-10))).toBeLessThan(0.8 * mean(tuned.losses.slice(0, 5)));
    expect(tuned.best.loss).toBe(Math.min(...tuned.validations.map(({ loss }) => loss)));
    expect(tuned.comparison!.after.errorRatio).toBeLessThan(tuned.comparison!.before!.errorRatio);
  });

  it('that is cancelled and resumed gives the same losses and weights, bit for bit', async () => {
    const { tuned: whole } = await tune();
    const store = new FineTuningStore(new MemoryStore());
    await interrupted(7, store);
    const { tuned: resumed } = await tune({}, { store });
    expect(resumed.losses).toEqual(whole.losses);
    expect(resumed.validations).toEqual(whole.validations);
    expect(resumed.parameters).toEqual(whole.parameters);
    expect(resumed.comparison).toEqual(whole.comparison);
  });

  it('goes on from the last checkpoint after the tab was closed in the middle of writing one', async () => {
    const files = new MemoryStore();
    const store = new FineTuningStore(files);
    await interrupted(7, store);
    const [path] = [...files.files.keys()];
    files.files.set(path!.replace(/7\.safetensors$/, '9.safetensors'), files.files.get(path!)!.slice(0, 100));
    const { key } = await prepare();
    expect((await store.load(key))?.training.steps).toBe(7);
  });

  it('can be taken over by the other engine from its checkpoint', async () => {
    const device = await openTensorflowInNode();
    const { tuned: whole } = await tune();
    const store = new FineTuningStore(new MemoryStore());
    await interrupted(7, store);
    const prepared = await prepare();
    const trainer = new TensorflowTrainer(device, prepared.task, prepared.start);
    const resumed = await fineTune(prepared, trainer, { store });
    await trainer.release();
    expect(resumed.losses.slice(0, 7)).toEqual(whole.losses.slice(0, 7));
    resumed.losses.forEach((loss, i) => {
      expect(Math.abs(loss / whole.losses[i]! - 1)).toBeLessThan(1e-3);
    });
  });

  it('says so when the storage is full, and finishes all the same', async () => {
    const seen: FineTuneProgress[] = [];
    const store = new FineTuningStore(new MemoryStore(1000));
    const { tuned } = await tune({}, { store, onProgress: (progress) => seen.push(progress) });
    expect(tuned.losses).toHaveLength(12);
    expect(tuned.storageProblem?.code).toBe('training/storage');
    expect(seen.at(-1)?.storageProblem?.hint).toContain('Training goes on');
  });

  it('stops early when the validation range gets no better', async () => {
    const { tuned } = await tune({ steps: 400, patience: 2, validateEvery: 2, learningRate: 0.3, clipNorm: null });
    expect(tuned.ended).toBe('early');
    expect(tuned.losses.length).toBe(tuned.best.step + 4);
  });

  it('stops at a loss that is no number, names the step and keeps the best weights', async () => {
    const prepared = await prepare();
    const trainer = await GraphTrainer.create(runtime, prepared.task, prepared.start);
    const original = trainer.step.bind(trainer);
    let taken = 0;
    trainer.step = async (batch, rate) => {
      const poisoned = ++taken === 6 ? { ...batch, target: batch.target!.map(() => Number.NaN) } : batch;
      return original(poisoned as Feeds, rate);
    };
    const tuned = await fineTune(prepared, trainer);
    await trainer.release();
    expect(tuned.ended).toBe('not finite');
    expect(tuned.problem?.message).toBe('The loss was no longer a number at step 6.');
    expect(tuned.parameters.every(Number.isFinite)).toBe(true);
    expect([0, 4]).toContain(tuned.best.step);
  });

  it('says before it starts that there are too few quotes', async () => {
    const few = smallMarket(3, 40);
    const caught = await prepareFineTuning(model, few, shortSettings({ batchSize: 64 })).catch(toProblem);
    expect(caught).toMatchObject({ code: 'training/too-little-data' });
    expect((caught as { message: string }).message).toMatch(
      /training range holds \d+ whole windows of 40 ticks, and 64 are needed/,
    );
  });
});

describe('a tuned checkpoint', () => {
  for (const trainable of ['all', 'head', 'blocks', 'norms', 'lora'] as const) {
    it(`(${trainable}) forecasts after saving and loading what it forecast in training, and changes only what was trained`, async () => {
      const { prepared, tuned } = await tune({ trainable, dropoutRate: 0.1, learningRate: 0.01, patience: null });
      const files = tunedFiles(prepared, tuned, 'WASM');
      const loaded = await openCheckpoint(files);
      expect(loaded.card.metadata[BACKTEST_START]).toBe(String(prepared.split.backtest.startMs));
      expect(JSON.parse(loaded.card.metadata['fineTuning.settings']!)).toEqual(prepared.settings);
      expect(loaded.card.metadata['fineTuning.data']).toContain(prepared.dataSha256);

      const windows = prepared.backtest.places.slice(0, prepared.settings.batchSize);
      const columns = prepared.grids.map((grid) => ({
        ...grid,
        mids: grid.bid.map((bid, t) => (bid + grid.ask[t]!) / 2),
      }));
      const { feeds } = prepared.objective.prepare(
        windows.map(({ asset, tick }) => prepared.read(columns[asset]!, tick, 8, model.architecture.shape)),
      );
      const trainer = await GraphTrainer.create(runtime, prepared.task, {
        ...prepared.start,
        parameters: tuned.parameters,
      });
      const inTraining = await trainer.forecast(feeds);
      await trainer.release();
      const session = await loaded.compile(runtime, { variants: 0, contexts: windows.length });
      const { forecast } = await session.run(feeds);
      await session.release();
      forecast!.forEach((value, i) => {
        expect(Math.abs(value - inTraining[i]!)).toBeLessThan(1e-5);
      });

      const changed = [...model.table.tensors.keys()].filter(
        (name) => String(loaded.weights.values(name)) !== String(model.weights.values(name)),
      );
      const trained = new Set(prepared.task.layout.slots.map(({ name }) => name.replace(/\.lora_[AB]$/, '')));
      if (tuned.best.step > 0) expect(changed.length).toBeGreaterThan(0);
      expect(changed.filter((name) => !trained.has(name))).toEqual([]);
      if (trainable === 'all') expect(trained.size).toBe(model.table.tensors.size);
      else expect(trained.size).toBeLessThan(model.table.tensors.size);
    });
  }

  it('keeps the tensors of whole numbers that lie beside its weights, byte by byte', async () => {
    const { configJson, table } = model;
    const steps = new Uint8Array(new BigInt64Array([7n, -(2n ** 40n), 3n]).buffer);
    const floats = [...table.tensors].map(([name, { shape }]) => [name, shape, model.weights.values(name)] as const);
    const whole = ['embeddings.position_ids', [3], { type: 'I64', bytes: steps }] as const;
    const own = await openCheckpoint({ name: 'own', configJson, weights: writeSafetensors([...floats, whole]) });
    const prepared = await prepareFineTuning(own, grids, shortSettings());
    const trainer = await GraphTrainer.create(runtime, prepared.task, prepared.start);
    const files = tunedFiles(prepared, await fineTune(prepared, trainer), 'test');
    await trainer.release();
    const written = readSafetensors(files.weights, 'tuned');
    expect([...written.tensors.keys()]).toEqual([...own.table.tensors.keys()]);
    const { type, shape, byteOffset, byteLength } = written.tensors.get('embeddings.position_ids')!;
    expect([type, shape]).toEqual(['I64', [3]]);
    expect(written.bytes.slice(byteOffset, byteOffset + byteLength)).toEqual(steps);
  });

  it('has the config of its model, with the fraction that the official TimesFM insists on', async () => {
    const { prepared, tuned } = await tune();
    const configs = ['{"a":1,"pad_val": 1123581321,"b":2}', '{"pad_val": 1123581321.0}'].map(
      (configJson) => tunedFiles({ ...prepared, model: { ...model, configJson } }, tuned, 'test').configJson,
    );
    expect(configs).toEqual(['{"a":1,"pad_val": 1123581321.0,"b":2}', '{"pad_val": 1123581321.0}']);
  });

  it('is a forecaster for studies', async () => {
    const { prepared, tuned } = await tune();
    const loaded = await openCheckpoint(tunedFiles(prepared, tuned, 'WASM'));
    const forecaster = createForecaster(loaded, runtime);
    const settings = {
      variants: 1,
      dropoutRate: 0.1,
      seed: 1,
      dropoutSites: 'all',
      strideTicks: 40,
      horizonTicks: null,
    } as const;
    const { predictedMid } = await forecaster.forecast(grids[0]!, { ...settings, inputTransform: 'normalised' });
    await forecaster.release();
    expect(predictedMid.some(Number.isFinite)).toBe(true);
  });
});

describe('a family of fine-tunings', () => {
  it('is the same for the same seed, stays within its choices, and begins with its smaller self', () => {
    const choices = {
      learningRate: [1e-4, 1e-3],
      trainable: ['all', 'lora', 'head'],
      trainingShare: [0.3, 0.5],
    } as const;
    const eight = drawFineTunings(shortSettings(), choices, 8, 5);
    expect(drawFineTunings(shortSettings(), choices, 3, 5)).toEqual(eight.slice(0, 3));
    expect(new Set(eight.map(({ trainable }) => trainable)).size).toBeGreaterThan(1);
    for (const { learningRate } of eight) expect(choices.learningRate).toContain(learningRate);
    expect(new Set(eight.map(({ trainingSeed }) => trainingSeed)).size).toBe(8);
  });
});
