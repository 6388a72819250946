/** DLinear and NLinear against their formulas, written out here. */

import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/models/checkpoint.ts';
import { writeSafetensors } from '../../../src/models/checkpoints/safetensors.ts';
import { drawMasks } from '../../../src/models/dropout.ts';
import { factsOf, freshFamilies } from '../../../src/models/familyFacts.ts';
import { createForecaster } from '../../../src/models/forecaster.ts';
import { families, openArchitecture } from '../../../src/models/registry.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import type { ForecastSettings } from '../../../src/models/types.ts';
import { randomModel } from '../../support/randomModel.ts';
import { makeGrid } from '../runs/fixtures.ts';

const length = 12;
const horizon = 3;
const configs = {
  dlinear: { model_type: 'dlinear', seq_len: length, pred_len: horizon, moving_avg: 5 },
  nlinear: { model_type: 'nlinear', seq_len: length, pred_len: horizon },
};
const series = Float64Array.from({ length }, (_, t) => 3 + Math.sin(1.7 * t) + 0.2 * t);

function layer(weight: ArrayLike<number>, bias: ArrayLike<number>, x: readonly number[]): number[] {
  return Array.from({ length: horizon }, (_, h) =>
    x.reduce((sum, value, t) => sum + weight[h * length + t]! * value, bias[h]!),
  );
}

/** Average of five neighbours; the ends stand for what lies beyond them. */
function trendOf(x: readonly number[]): number[] {
  const at = (t: number): number => x[Math.min(length - 1, Math.max(0, t))]!;
  return x.map((_, t) => (at(t - 2) + at(t - 1) + at(t) + at(t + 1) + at(t + 2)) / 5);
}

/** Weights of the layers, by the official names. */
function weightsOf(layers: readonly string[]): ReadonlyMap<string, Float32Array> {
  const values = (count: number, phase: number) =>
    Float32Array.from({ length: count }, (_, i) => 0.3 * Math.sin(2.3 * i + phase));
  return new Map(
    layers.flatMap((name, i) => [
      [`${name}.weight`, values(horizon * length, i)] as const,
      [`${name}.bias`, values(horizon, i + 0.5)] as const,
    ]),
  );
}

async function forecastOf(config: Readonly<Record<string, unknown>>, weights: ReadonlyMap<string, Float32Array>) {
  const tensors = [...weights].map(([name, data]) => {
    return [name, data.length === horizon ? [horizon] : [horizon, length], data] as const;
  });
  const configJson = JSON.stringify(config);
  const model = await openCheckpoint({ name: 'linear', configJson, weights: writeSafetensors(tensors) });
  const { prepare, finish } = model.architecture;
  const { feeds, scaling } = prepare({ values: series, contexts: 1, length, channels: 1 });
  const pass = await model.compile(openNodeRuntime(), { variants: 1, contexts: 1 });
  // Variant 0 is the deterministic model: its masks are ones.
  const ones = drawMasks(model.card.sites, 0, 1, { dropoutRate: 0.3, seed: 4, dropoutSites: 'all' });
  const { forecast } = await pass.run({ ...feeds, ...ones });
  await pass.release();
  return finish(forecast!, scaling);
}

describe('a linear model', () => {
  it('takes the moving average apart and adds two layers (DLinear)', async () => {
    const weights = weightsOf(['Linear_Seasonal', 'Linear_Trend']);
    const found = await forecastOf(configs.dlinear, weights);
    const trend = trendOf([...series]);
    const seasonal = [...series].map((value, t) => value - trend[t]!);
    const parts = [
      layer(weights.get('Linear_Seasonal.weight')!, weights.get('Linear_Seasonal.bias')!, seasonal),
      layer(weights.get('Linear_Trend.weight')!, weights.get('Linear_Trend.bias')!, trend),
    ];
    for (let h = 0; h < horizon; h++) expect(found[h]).toBeCloseTo(parts[0]![h]! + parts[1]![h]!, 4);
  });

  it('takes the last value off and puts it on again, at any price level (NLinear)', async () => {
    const weights = weightsOf(['Linear']);
    const found = await forecastOf(configs.nlinear, weights);
    const last = series[length - 1]!;
    const expected = layer(
      weights.get('Linear.weight')!,
      weights.get('Linear.bias')!,
      [...series].map((value) => value - last),
    );
    for (let h = 0; h < horizon; h++) expect(found[h]).toBeCloseTo(expected[h]! + last, 4);
    const { prepare } = openArchitecture(JSON.stringify(configs.nlinear), 'config.json');
    const feedsAt = (level: number) =>
      prepare({ values: series.map((value) => value + level), contexts: 1, length, channels: 1 }).feeds.values;
    const far = feedsAt(2 ** 30);
    feedsAt(0)!.forEach((value, t) => {
      expect(far![t]).toBeCloseTo(value, 5);
    });
  });

  it.each(Object.values(configs))(
    '$model_type forecasts a grid under masks that differ, and knows nothing of what follows',
    async (config) => {
      const settings: ForecastSettings = {
        ...{ variants: 2, dropoutRate: 0.3, seed: 5, dropoutSites: 'all', strideTicks: 1, horizonTicks: null },
        inputTransform: 'normalised',
      };
      const grid = makeGrid('A', ['2024-01-02']);
      const forecaster = createForecaster(await randomModel(config), openNodeRuntime());
      const { predictedMid } = await forecaster.forecast(grid, settings);
      const ticks = grid.timeMs.length;
      const middle = Math.floor(ticks / 2);
      const rowAt = (k: number): Float64Array => predictedMid.slice(k * ticks, k * ticks + middle + 1);
      expect(rowAt(0).filter(Number.isFinite).length).toBe(middle + 2 - length);
      expect(rowAt(1)).not.toEqual(rowAt(2));
      const later = (column: Float64Array) => column.map((value, t) => (t > middle ? 2 * value : value));
      const changed = await forecaster.forecast({ ...grid, bid: later(grid.bid), ask: later(grid.ask) }, settings);
      await forecaster.release();
      for (let k = 0; k < 3; k++)
        expect(changed.predictedMid.slice(k * ticks, k * ticks + middle + 1)).toEqual(rowAt(k));
    },
  );

  it('refuses what it cannot be, naming the field', () => {
    const open = (change: object) => () =>
      openArchitecture(JSON.stringify({ ...configs.dlinear, ...change }), 'config.json');
    expect(open({ moving_avg: 4 })).toThrow(/moving_avg is 4/);
    expect(open({ individual: true })).toThrow(/individual is true/);
    expect(open({ seq_len: 0 })).toThrow(/seq_len/);
  });
});

describe('families', () => {
  it('are listed under their own ids, and those that begin from scratch say how', () => {
    const fresh = new Set<string>(freshFamilies.map(({ id }) => id));
    const choice = { features: ['mid', 'return'] as const, contextTicks: 8, targetTicks: 4, hidden: 4, layers: 1 };
    for (const [id, { title, freshConfig }] of Object.entries(families)) {
      expect(factsOf(id), id).toBeDefined();
      expect(freshConfig !== undefined, id).toBe(fresh.has(id));
      if (freshConfig) expect(openArchitecture(JSON.stringify(freshConfig(choice)), id)).toMatchObject({ id, title });
    }
    expect(factsOf('onnx')).toBeUndefined();
  });
});
