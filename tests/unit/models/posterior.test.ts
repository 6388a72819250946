import { describe, expect, test } from 'vitest';
import type { Grid } from '../../../src/core/types.ts';
import { openCheckpoint, withWeights } from '../../../src/models/checkpoint.ts';
import { writeSafetensors } from '../../../src/models/checkpoints/safetensors.ts';
import { createForecaster } from '../../../src/models/forecaster.ts';
import { LoadedForecasters } from '../../../src/models/loadedForecasters.ts';
import {
  drawWeights,
  type GaussianPosterior,
  POSTERIOR_FILE,
  readPosterior,
  writePosterior,
} from '../../../src/models/posterior/gaussian.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import type { ForecastSettings } from '../../../src/models/types.ts';
import { unflatten } from '../../../src/training/parameters.ts';
import { smallArchitecture, smallTtm } from '../../support/smallTtm.ts';

const runtime = openNodeRuntime();
const { layout } = smallArchitecture();
const small = smallTtm();

const settings: ForecastSettings = {
  variants: 2,
  dropoutRate: 0.5,
  seed: 5,
  dropoutSites: 'all',
  strideTicks: 4,
  horizonTicks: null,
  inputTransform: 'normalised',
  posterior: true,
};

/** Every weight spreads by `width`, half of it by what all share. */
function posteriorOf(width: number): GaussianPosterior {
  const tensors = unflatten(layout, new Float32Array(layout.size).fill(width)).map(([name, shape, spread]) => {
    return [name, { shape, deviation: spread, columns: [spread, spread.map((value) => -value)] }] as const;
  });
  return { kind: 'swag', tensors: new Map(tensors) };
}

const withPosterior = (posterior: Uint8Array) =>
  openCheckpoint({
    name: 'small',
    configJson: small.configJson,
    files: [
      { path: 'model.safetensors', data: small.weights },
      { path: `folder/${POSTERIOR_FILE}`, data: posterior },
    ],
  });

const grid: Grid = (() => {
  const mids = Float64Array.from({ length: 60 }, (_, k) => 100 + Math.sin(k / 3) + 0.01 * k);
  return {
    symbol: 'A',
    stepMs: 1000,
    timeMs: mids.map((_, k) => 1000 * k),
    bid: mids.map((mid) => mid - 0.01),
    ask: mids.map((mid) => mid + 0.01),
    sessionStarts: Int32Array.of(0),
    sessionDays: ['2026-01-05'],
  };
})();

const rowsOf = (predicted: Float64Array) => [0, 1, 2].map((k) => [...predicted.subarray(k * 60, (k + 1) * 60)]);

describe('a posterior beside the weights', () => {
  test('is read again as it was written, and is part of what the model is', async () => {
    const model = await withPosterior(writePosterior(posteriorOf(0.01), { snapshots: '12' }));
    expect(model.card.posterior).toBe('swag');
    expect(model.posterior).toEqual(posteriorOf(0.01));
    const bare = await openCheckpoint(small);
    expect(bare.card.posterior).toBeUndefined();
    expect(model.card.weightsSha256).not.toBe(bare.card.weightsSha256);
  });

  test('gives variants that differ, the first row being the model itself, and the same ones again', async () => {
    const model = await withPosterior(writePosterior(posteriorOf(0.02)));
    const forecasters = new LoadedForecasters(model, runtime);
    const of = (changes: Partial<ForecastSettings>) => {
      const all = { ...settings, ...changes };
      return forecasters.of(all).forecast(grid, all);
    };
    const [deterministic, first, second] = rowsOf((await of({})).predictedMid);
    const plain = await createForecaster(await openCheckpoint(small), runtime).forecast(grid, {
      ...settings,
      posterior: false,
      variants: 0,
    });
    expect(deterministic).toEqual([...plain.predictedMid]);
    expect(first).not.toEqual(deterministic);
    expect(second).not.toEqual(first);
    expect(rowsOf((await of({})).predictedMid)).toEqual([deterministic, first, second]);
    expect(rowsOf((await of({ seed: 6 })).predictedMid)[1]).not.toEqual(first);
    // A variant is the network with those weights.
    const drawn = drawWeights(posteriorOf(0.02), model.weights.values, 2, settings.seed);
    const alone = await createForecaster(withWeights(model, drawn), runtime).forecast(grid, {
      ...settings,
      variants: 0,
    });
    expect(second).toEqual([...alone.predictedMid]);
    await forecasters.release();
  });

  test('without spread gives the model itself in every row, and counts all rows as progress', async () => {
    const forecasters = new LoadedForecasters(await withPosterior(writePosterior(posteriorOf(0))), runtime);
    const reports: { done: number; total: number }[] = [];
    const { predictedMid } = await forecasters.of(settings).forecast(grid, settings, (now) => reports.push(now));
    const [deterministic, ...others] = rowsOf(predictedMid);
    for (const row of others) expect(row).toEqual(deterministic);
    expect(reports.at(-1)).toMatchObject({ done: reports[0]!.total, total: reports[0]!.total });
    await forecasters.release();
  });

  test('stops soon after the signal', async () => {
    const forecasters = new LoadedForecasters(await withPosterior(writePosterior(posteriorOf(0.1))), runtime);
    const controller = new AbortController();
    const running = forecasters.of(settings).forecast(grid, settings, () => controller.abort(), controller.signal);
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    await forecasters.release();
  });

  test('is refused where there is none', async () => {
    const forecasters = new LoadedForecasters(await openCheckpoint(small), runtime);
    expect(() => forecasters.of(settings)).toThrow('small has no posterior');
    await forecasters.release();
  });

  test.each([
    ['of another model', [['deviation/lost.weight', [1], Float32Array.of(1)]], { posterior: 'swag' }, 'lost.weight'],
    [
      'of another shape',
      [[`deviation/${layout.slots[0]!.name}`, [1], Float32Array.of(1)]],
      { posterior: 'swag' },
      '[1]',
    ],
    ['that does not say what it is', [], {}, 'does not say'],
    [
      'with a column missing',
      [
        [
          `column.1/${layout.slots[0]!.name}`,
          layout.slots[0]!.shape,
          unflatten(layout, new Float32Array(layout.size))[0]![2],
        ],
      ],
      { posterior: 'swag' },
      'lacks a column',
    ],
    [
      'with values that are none',
      [
        [
          `deviation/${layout.slots[0]!.name}`,
          layout.slots[0]!.shape,
          unflatten(layout, new Float32Array(layout.size).fill(Number.NaN))[0]![2],
        ],
      ],
      { posterior: 'laplace' },
      'no numbers',
    ],
  ] as const)('%s is refused with the reason', (_name, tensors, metadata, message) => {
    const wanted = new Map(layout.slots.map(({ name, shape }) => [name, { shape }]));
    expect(() => readPosterior(writeSafetensors(tensors, metadata), wanted, 'here')).toThrow(message);
  });
});
