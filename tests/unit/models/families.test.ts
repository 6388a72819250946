/** Every family with random weights: its config, its one-pass forecast, and that its roll-out begins with that forecast. */

import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import type { Grid } from '../../../src/core/types.ts';
import { type LoadedModel, openCheckpoint } from '../../../src/models/checkpoint.ts';
import { writeSafetensors } from '../../../src/models/checkpoints/safetensors.ts';
import { createForecaster } from '../../../src/models/forecaster.ts';
import { openForward } from '../../../src/models/forward.ts';
import { Graph } from '../../../src/models/graph/builder.ts';
import { openArchitecture } from '../../../src/models/registry.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { GraphSession } from '../../../src/models/runtime/runtime.ts';
import type { ForecastSettings } from '../../../src/models/types.ts';
import { initialParameters } from '../../../src/training/initialise.ts';
import { layoutOf, unflatten } from '../../../src/training/parameters.ts';

type Json = Readonly<Record<string, unknown>>;

const runtime = openNodeRuntime();

const settings: ForecastSettings = {
  ...{ variants: 2, dropoutRate: 0.2, seed: 5, dropoutSites: 'all', strideTicks: 1, horizonTicks: null },
  inputTransform: 'normalised',
};

const firstTimesfm = {
  ...{ num_layers: 1, num_heads: 2, hidden_size: 8, intermediate_size: 6, head_dim: 4, patch_len: 4, horizon_len: 8 },
  ...{ pad_val: 1123581321, context_len: 16 },
};

const t5 = { d_model: 8, d_ff: 6, d_kv: 4, num_heads: 2, num_layers: 1 };

const bolt = {
  context_length: 24,
  prediction_length: 6,
  input_patch_size: 4,
  input_patch_stride: 4,
  quantiles: [0.1, 0.5, 0.9],
  use_reg_token: true,
};

const secondTransformer = { model_dims: 8, hidden_dims: 6, num_heads: 2 };

const secondTimesfm = {
  ...{ input_patch_len: 4, output_patch_len: 8, output_quantile_len: 12, context_len: 16 },
  stacked_transformers: { num_layers: 1, transformer: secondTransformer },
  ...{ tokenizer: { hidden_dims: 6 }, output_projection_point: { hidden_dims: 6 } },
};

/** Small configs by family, with the shape they should have. */
const configs: Readonly<Record<string, readonly [Json, number, number]>> = {
  'timesfm-1': [firstTimesfm, 16, 8],
  'timesfm-2': [{ ...firstTimesfm, use_positional_embedding: false }, 16, 8],
  'timesfm-2.5': [secondTimesfm, 16, 8],
  'chronos-bolt': [{ ...t5, chronos_pipeline_class: 'ChronosBoltPipeline', chronos_config: bolt }, 24, 6],
  timer: [
    {
      ...{ model_type: 'timer', hidden_size: 8, intermediate_size: 6, num_hidden_layers: 1, num_attention_heads: 2 },
      ...{ input_token_len: 4, output_token_lens: [4], context_len: 12 },
    },
    12,
    4,
  ],
};

async function randomModel(config: Json): Promise<LoadedModel> {
  const configJson = JSON.stringify(config);
  const graph = new Graph();
  openArchitecture(configJson, 'small').addTo(graph, { contexts: 1, channels: 1 });
  const layout = layoutOf(graph);
  const weights = writeSafetensors(unflatten(layout, initialParameters(layout, 3)));
  return openCheckpoint({ name: 'small', configJson, weights });
}

/** Two price-like channels of a context: [1, L, 2]. */
function prices(length: number): Float64Array {
  return Float64Array.from({ length: 2 * length }, (_, i) => 1e6 + 30 * Math.sin(i) + (i % 2) * 50);
}

describe.for(Object.entries(configs))('%s', ([family, [config, contextLength, horizon]]) => {
  it('is found by its config', () => {
    const { id, shape } = openArchitecture(JSON.stringify(config), 'config.json');
    expect({ id, shape }).toEqual({ id: family, shape: { contextLength, horizon, channels: 1 } });
  });

  it('forecasts each channel by itself, near the prices, as its roll-out begins', async () => {
    const model = await randomModel(config);
    const values = prices(contextLength);
    const batch = { values, contexts: 1, length: contextLength, channels: 2 };
    const graph = new Graph();
    model.architecture.addTo(graph, { contexts: 1, channels: 2 });
    const session = await GraphSession.create(runtime, graph, model.weights);
    const { feeds, scaling } = model.architecture.prepare(batch);
    const { forecast } = await session.run(feeds);
    await session.release();
    const restored = model.architecture.finish(forecast!, scaling);
    expect(restored).toHaveLength(horizon * 2);

    const series = [0, 1].map((channel) => values.filter((_, i) => i % 2 === channel));
    const passes = openForward(model, runtime);
    const request = { series, horizon: 2 * horizon + 1, variants: 1 };
    const { columns, steps, values: rolled, point } = await model.architecture.rollOut!(request, passes.forward);
    await passes.release();
    expect(steps).toBe(request.horizon);
    for (let h = 0; h < horizon; h++) {
      for (const channel of [0, 1]) {
        const value = restored[2 * h + channel]!;
        expect(rolled[(channel * steps + h) * columns.length + point]).toBeCloseTo(value, 2);
        expect(Math.abs(value - 1e6)).toBeLessThan(1e4);
      }
    }
  });

  it('forecasts a grid under dropout variants, the first of which is the deterministic model', async () => {
    const model = await randomModel(config);
    const mids = prices(contextLength).subarray(0, contextLength + 3);
    const grid: Grid = {
      ...{ symbol: 'X', stepMs: 1000, timeMs: mids.map((_, tick) => 1000 * tick), bid: mids, ask: mids },
      ...{ sessionStarts: Int32Array.of(0), sessionDays: ['2026-01-01'] },
    };
    const forecaster = createForecaster(model, runtime);
    const [plain, several] = [
      await forecaster.forecast(grid, { ...settings, variants: 0 }),
      await forecaster.forecast(grid, settings),
    ];
    await forecaster.release();
    const [first, second, third] = [0, 1, 2].map((row) =>
      several.predictedMid.slice(row * mids.length + contextLength - 1, (row + 1) * mids.length),
    ) as [Float64Array, Float64Array, Float64Array];
    const alone = plain.predictedMid.slice(contextLength - 1);
    expect(alone.every((mid) => mid > 9e5 && mid < 1.1e6)).toBe(true);
    for (const [tick, mid] of alone.entries()) expect(first[tick]).toBeCloseTo(mid, 3);
    expect(second).not.toEqual(first);
    expect(third).not.toEqual(second);
  });

  it('has dropout masks that change the forecast', async () => {
    const model = await randomModel(config);
    const { sites } = model.card;
    expect(sites.map(({ name }) => name)).toContain('decoder.embed');
    const ones = Object.fromEntries(
      sites.map(({ name, size }) => [`mask.${name}`, new Float32Array(2 * size).fill(1)]),
    );
    const masks = { ...ones };
    for (const { name, size } of sites)
      masks[`mask.${name}`] = ones[`mask.${name}`]!.map((_, i) => (i < size ? 1 : i % 2));
    const passes = openForward(model, runtime, 2, masks);
    const series = [prices(contextLength / 2)];
    const { values } = await model.architecture.rollOut!({ series, horizon, variants: 2 }, passes.forward);
    await passes.release();
    const half = values.length / 2;
    expect(values.slice(0, half)).not.toEqual(values.slice(half));
  });
});

describe('the real sizes have the parameters counted in the official classes', () => {
  const boltBase = { d_model: 768, d_ff: 3072, d_kv: 64, num_heads: 12, num_layers: 12 };
  const officialBolt = {
    ...{ context_length: 2048, prediction_length: 64, input_patch_size: 16, input_patch_stride: 16 },
    ...{ quantiles: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], use_reg_token: true },
  };
  it.each<[string, Json, number]>([
    ['TimesFM 1.0', { horizon_len: 128, pad_val: 1123581321 }, 203.57],
    ['TimesFM 2.0', { horizon_len: 128, pad_val: 1123581321, num_layers: 50, use_positional_embedding: false }, 498.83],
    ['TimesFM 2.5', { output_quantile_len: 1024, stacked_transformers: { num_layers: 20, transformer: {} } }, 231.29],
    // Without the queries, keys and positions of the decoder's attention to its only token, which have no influence.
    [
      'Chronos-Bolt base',
      { ...boltBase, chronos_pipeline_class: 'ChronosBoltPipeline', chronos_config: officialBolt },
      205.29 - (12 * 2 * 768 * 768 + 32 * 12) / 1e6,
    ],
    ['Timer on the hub', { model_type: 'timer' }, 84.14208],
    ['Timer in its repository', { model_type: 'timer_repo' }, 67.397728],
  ])('%s', (_, config, millions) => {
    const graph = new Graph();
    openArchitecture(JSON.stringify(config), 'config.json').addTo(graph, { contexts: 1, channels: 1 });
    expect(layoutOf(graph).size / 1e6).toBeCloseTo(millions, 2);
  });
});

describe('a config is refused with a sentence that names the field', () => {
  it.each<[string, Json, string]>([
    ['timesfm-1', { hidden_size: 0 }, 'The field hidden_size is 0'],
    ['timesfm-1', { num_kv_heads: 1 }, 'The field num_kv_heads is 1'],
    ['timesfm-1', { context_len: 17 }, 'The context length 17 is not a multiple'],
    ['timesfm-1', { quantiles: [0.1, 0.9] }, 'The field quantiles is [0.1,0.9], without the median'],
    ['timesfm-2.5', { context_len: 6 }, 'The context length 6 is not a multiple'],
    ['timesfm-2.5', { output_patch_len: 6 }, 'The horizon 6 is not a multiple'],
    ['timesfm-2.5', { decode_index: 10 }, 'The field decode_index is 10'],
    [
      'timesfm-2.5',
      { stacked_transformers: { num_layers: 1, transformer: { ...secondTransformer, num_heads: 3 } } },
      'The field num_heads is 3',
    ],
    ['chronos-bolt', { d_kv: 'wide' }, 'The field d_kv is "wide"'],
    ['chronos-bolt', { feed_forward_proj: 'gated-gelu' }, 'The field feed_forward_proj is "gated-gelu"'],
    ['chronos-bolt', { chronos_config: { ...bolt, quantiles: [0.1] } }, 'holds no median'],
    ['chronos-bolt', { chronos_config: { ...bolt, input_patch_stride: 3 } }, 'The field input_patch_stride is 3'],
    ['timer', { num_attention_heads: 3 }, 'The width 8 cannot be split into 3 heads'],
    ['timer', { output_token_lens: [4, 8] }, 'The field output_token_lens is [4,8]'],
    ['timer', { output_token_lens: [8] }, 'The field output_token_lens is [8], but must be [4]'],
    ['timer', { context_len: 10 }, 'The field context_len is 10'],
  ])('%s: %j', (family, change, sentence) => {
    const json = JSON.stringify({ ...configs[family]![0], ...change });
    expect(() => openArchitecture(json, 'config.json')).toThrow(UserError);
    expect(() => openArchitecture(json, 'config.json')).toThrow(sentence);
  });
});
