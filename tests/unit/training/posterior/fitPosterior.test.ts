import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../../../src/models/checkpoint.ts';
import { LoadedForecasters } from '../../../../src/models/loadedForecasters.ts';
import { openNodeRuntime } from '../../../../src/models/runtime/node.ts';
import type { ForecastSettings } from '../../../../src/models/types.ts';
import { fineTune } from '../../../../src/training/fineTuning/fineTune.ts';
import { fitPosterior } from '../../../../src/training/fineTuning/posterior.ts';
import { prepareFineTuning } from '../../../../src/training/fineTuning/prepare.ts';
import type { FineTuneSettings } from '../../../../src/training/fineTuning/settings.ts';
import { tunedFiles } from '../../../../src/training/fineTuning/tunedFiles.ts';
import { GraphTrainer } from '../../../../src/training/graphTrainer.ts';
import type { TrainingTask } from '../../../../src/training/step.ts';
import type { Trainer, TrainingState } from '../../../../src/training/trainer.ts';
import { shortSettings, smallMarket, smallModel } from '../../../support/fineTuning.ts';

const runtime = openNodeRuntime();
const grids = smallMarket();
const open = (task: TrainingTask, start: TrainingState) => GraphTrainer.create(runtime, task, start);

async function tunedWith(
  changes: Partial<FineTuneSettings>,
  signal?: AbortSignal,
  onProgress?: Parameters<typeof fitPosterior>[5],
) {
  const prepared = await prepareFineTuning(await smallModel(), grids, shortSettings(changes));
  const trainer = await open(prepared.task, prepared.start);
  try {
    const tuned = await fineTune(prepared, trainer);
    const fitted = await fitPosterior(prepared, tuned.parameters, trainer, open, signal, onProgress);
    return { prepared, tuned, fitted };
  } finally {
    await trainer.release();
  }
}

const forecast: ForecastSettings = {
  variants: 3,
  dropoutRate: 0,
  seed: 5,
  dropoutSites: 'all',
  strideTicks: 40,
  horizonTicks: null,
  inputTransform: 'normalised',
  posterior: true,
};

describe.each(['swag', 'laplace'] as const)('a training with a %s posterior', (posterior) => {
  test('gives a checkpoint whose variants differ, around the weights that are kept', async () => {
    const { prepared, tuned, fitted } = await tunedWith({ posterior });
    if ('code' in fitted) throw new Error(fitted.message);
    const model = await openCheckpoint(tunedFiles(prepared, tuned, 'test', fitted));
    expect(model.card.posterior).toBe(posterior);
    const forecasters = new LoadedForecasters(model, runtime);
    const { predictedMid } = await forecasters.of(forecast).forecast(grids[0]!, forecast);
    const ticks = grids[0]!.timeMs.length;
    const rows = [0, 1, 2, 3].map((k) => predictedMid.subarray(k * ticks, (k + 1) * ticks));
    const made = Array.from(rows[0]!.keys()).filter((t) => Number.isFinite(rows[0]![t]!));
    expect(made.length).toBeGreaterThan(0);
    for (const row of rows.slice(1)) {
      expect(made.some((t) => row[t] !== rows[0]![t])).toBe(true);
      expect(made.every((t) => Number.isFinite(row[t]!))).toBe(true);
    }
    // The mean-weights model, or the tuned one itself.
    const alone = await forecasters
      .of({ ...forecast, posterior: false })
      .forecast(grids[0]!, { ...forecast, posterior: false, variants: 0 });
    expect(rows[0]).toEqual(alone.predictedMid);
    await forecasters.release();
  });

  test('says how far it is', async () => {
    const seen: { done: number; total: number }[] = [];
    await tunedWith({ posterior }, undefined, (progress) => seen.push(progress));
    expect(seen.map(({ done }) => done)).toEqual(Array.from({ length: seen[0]!.total }, (_, i) => i));
  });

  test('is the same again, and can be cancelled', async () => {
    const [once, again] = [await tunedWith({ posterior }), await tunedWith({ posterior })];
    expect(again.fitted).toEqual(once.fitted);
    await expect(tunedWith({ posterior }, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});

test('Laplace doubts the head alone, and less with more windows', async () => {
  const { fitted, prepared } = await tunedWith({ posterior: 'laplace' });
  const fewer = await tunedWith({ posterior: 'laplace', windowFraction: 0.1 });
  if ('code' in fitted || 'code' in fewer.fitted) throw new Error('no posterior');
  const heads = [...fitted.posterior.tensors.keys()];
  expect(heads.length).toBeLessThan(prepared.task.layout.slots.length);
  const width = (tensors: typeof fitted.posterior.tensors) =>
    heads.reduce((sum, name) => sum + tensors.get(name)!.deviation.reduce((total, value) => total + value, 0), 0);
  expect(width(fitted.posterior.tensors)).toBeLessThan(width(fewer.fitted.posterior.tensors));
});

test('a posterior of adapters is refused where it is set', () => {
  expect(() => shortSettings({ posterior: 'swag', trainable: 'lora' })).toThrow('needs weights of the model’s own');
});

test('a loss that is no number while SWAG collects leaves the training as it is, and says why there is no posterior', async () => {
  const prepared = await prepareFineTuning(await smallModel(), grids, shortSettings({ posterior: 'swag' }));
  const trainer: Trainer = {
    engine: 'graph',
    device: 'test',
    step: async () => ({ loss: Number.NaN, gradientNorm: 1 }),
    loss: async () => 1,
    forecast: async () => new Float32Array(0),
    readState: async () => prepared.start,
    restore: async () => {},
    release: async () => {},
  };
  const fitted = await fitPosterior(prepared, prepared.start.parameters, trainer, open);
  expect(fitted).toMatchObject({ code: 'training/posterior', hint: expect.stringContaining('weights are kept') });
});
