/** Every family with random weights: its config, its one-pass forecast, and that its roll-out begins with that forecast. */

import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import type { Grid } from '../../../src/core/types.ts';
import { normaliseLogMids } from '../../../src/models/contexts.ts';
import type { SeriesRequest } from '../../../src/models/family.ts';
import { createForecaster } from '../../../src/models/forecaster.ts';
import { openForward } from '../../../src/models/forward.ts';
import { Graph } from '../../../src/models/graph/builder.ts';
import { openArchitecture } from '../../../src/models/registry.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { GraphSession } from '../../../src/models/runtime/runtime.ts';
import type { ForecastSettings } from '../../../src/models/types.ts';
import { layoutOf } from '../../../src/training/parameters.ts';
import { randomModel } from '../../support/randomModel.ts';

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

const components = ['StudentT', 'NormalFixedScale', 'NegativeBinomial', 'LogNormal'];

const moiraiConfig = {
  ...{ d_model: 64, num_layers: 1, patch_sizes: [4, 8], context_len: 24, patch_size: 8 },
  distr_output: { components: components.map((name) => ({ _target_: `uni2ts.distribution.${name}Output` })) },
};

const smallTokeniser = {
  ...{ tokenizer_class: 'MeanScaleUniformBins', tokenizer_kwargs: { low_limit: -4, high_limit: 4 }, n_tokens: 96 },
  ...{ context_length: 12, prediction_length: 4, top_k: 8 },
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
  'chronos-t5': [
    {
      ...{ ...t5, vocab_size: 96, architectures: ['T5ForConditionalGeneration'] },
      chronos_config: smallTokeniser,
    },
    12,
    1,
  ],
  moirai: [moiraiConfig, 24, 8],
  timer: [
    {
      ...{ model_type: 'timer', hidden_size: 8, intermediate_size: 6, num_hidden_layers: 1, num_attention_heads: 2 },
      ...{ input_token_len: 4, output_token_lens: [4], context_len: 12 },
    },
    12,
    4,
  ],
};

/**
 * How a roll-out is asked for what one pass gives: by expectations instead of drawn paths; of both channels together, and no
 * further, where every step sees every other.
 */
const asked: Readonly<Record<string, Partial<SeriesRequest>>> = {
  'chronos-t5': { options: { decoding: 'expected' } },
  moirai: { variates: 2, horizon: 8 },
};

/** Two price-like channels of a context: [1, L, 2]. */
function prices(length: number): Float64Array {
  return Float64Array.from({ length: 2 * length }, (_, i) => 1e6 + 30 * Math.sin(i) + (i % 2) * 50);
}

describe.for(Object.entries(configs))('%s', ([family, [config, contextLength, horizon]]) => {
  it('is found by its config', () => {
    const { id, shape } = openArchitecture(JSON.stringify(config), 'config.json');
    expect({ id, shape }).toEqual({ id: family, shape: { contextLength, horizon, channels: 1 } });
  });

  it('forecasts, near the prices unless its words are too coarse, as its roll-out begins', async () => {
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
    const request: SeriesRequest = { series, horizon: 2 * horizon + 1, variants: 1, ...asked[family] };
    const { columns, steps, values: rolled, point } = await model.architecture.rollOut!(request, passes.forward);
    await passes.release();
    expect(steps).toBe(request.horizon);
    for (let h = 0; h < horizon; h++) {
      for (const channel of [0, 1]) {
        const value = restored[2 * h + channel]!;
        expect(rolled[(channel * steps + h) * columns.length + point]).toBeCloseTo(
          value,
          family === 'chronos-t5' ? 0 : 2,
        );
        expect(Math.abs(value - 1e6)).toBeLessThan(family === 'chronos-t5' ? 5e6 : 1e4);
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

  it('goes on from its own forecasts where more ticks are asked for than one pass predicts', async () => {
    const model = await randomModel(config);
    const mids = prices(contextLength).subarray(0, contextLength + 1);
    const grid: Grid = {
      ...{ symbol: 'X', stepMs: 1000, timeMs: mids.map((_, tick) => 1000 * tick), bid: mids, ask: mids },
      ...{ sessionStarts: Int32Array.of(0), sessionDays: ['2026-01-01'] },
    };
    const forecaster = createForecaster(model, runtime);
    const horizonTicks = 2 * horizon + 1;
    const { predictedMid } = await forecaster.forecast(grid, { ...settings, variants: 1, horizonTicks });
    const short = await forecaster.forecast(grid, { ...settings, variants: 1, horizonTicks: horizon });
    await forecaster.release();

    // The same by hand: the mean of the predicted mids of the last tick's context.
    const logs = mids.slice(1).map(Math.log);
    const { lastLogMid, unit } = normaliseLogMids(logs);
    const passes = openForward(model, runtime);
    const request: SeriesRequest = {
      series: [logs],
      horizon: horizonTicks,
      variants: 1,
      options: { decoding: 'expected' },
    };
    const { columns, values, point } = await model.architecture.rollOut!(request, passes.forward);
    await passes.release();
    const steps = values.filter((_, i) => i % columns.length === point).map((y) => Math.exp(lastLogMid + unit * y));
    const mean = steps.reduce((sum, mid) => sum + mid, 0) / horizonTicks;
    expect(predictedMid[contextLength]).toBeCloseTo(mean, 1);
    expect(short.predictedMid[contextLength]).not.toBe(predictedMid[contextLength]);
    expect(predictedMid[mids.length + contextLength]).not.toBe(predictedMid[contextLength]);
  });

  it('has dropout masks that change the forecast', async () => {
    const model = await randomModel(config);
    const { sites } = model.card;
    expect(sites.map(({ name }) => name)).toContain(family === 'moirai' ? 'encoder.embed' : 'decoder.embed');
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

const officialTokeniser = {
  ...{ tokenizer_class: 'MeanScaleUniformBins', tokenizer_kwargs: { low_limit: -15, high_limit: 15 }, n_tokens: 4096 },
  ...{ context_length: 512, prediction_length: 64 },
};

function officialT5(width: number, layers: number, heads: number): Json {
  return {
    ...{ d_model: width, d_ff: 4 * width, d_kv: 64, num_heads: heads, num_layers: layers, vocab_size: 4096 },
    ...{ architectures: ['T5ForConditionalGeneration'], chronos_config: officialTokeniser },
  };
}

function officialMoirai(width: number, layers: number): Json {
  return { ...moiraiConfig, d_model: width, num_layers: layers, patch_sizes: [8, 16, 32, 64, 128] };
}

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
    [
      'Chronos-Bolt base',
      { ...boltBase, chronos_pipeline_class: 'ChronosBoltPipeline', chronos_config: officialBolt },
      205.29,
    ],
    ['Chronos-T5 tiny', officialT5(256, 4, 4), 8.39],
    ['Chronos-T5 mini', officialT5(384, 4, 8), 20.46],
    ['Chronos-T5 small', officialT5(512, 6, 8), 46.15],
    ['Chronos-T5 base', officialT5(768, 12, 12), 201.37],
    ['Chronos-T5 large', officialT5(1024, 24, 16), 708.96],
    ['Moirai small', officialMoirai(384, 6), 13.827528],
    ['Moirai base', officialMoirai(768, 12), 91.357728],
    ['Moirai large', officialMoirai(1024, 24), 310.970624],
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
    ['chronos-t5', { vocab_size: 95 }, 'The field n_tokens is 96, but vocab_size is 95'],
    ['chronos-t5', { feed_forward_proj: 'gated-silu' }, 'The field feed_forward_proj is "gated-silu"'],
    ['chronos-t5', { decoder_start_token_id: 96 }, 'The field decoder_start_token_id is 96, beyond the vocabulary'],
    [
      'chronos-t5',
      { chronos_config: { ...smallTokeniser, tokenizer_kwargs: { low_limit: 4, high_limit: 4 } } },
      'The field low_limit is 4',
    ],
    ['chronos-t5', { chronos_config: { ...smallTokeniser, tokenizer_class: 'Other' } }, 'tokenizer_class is "Other"'],
    ['moirai', { patch_size: 16 }, 'The field patch_size is 16, but there are weights for 4, 8 only'],
    ['moirai', { d_model: 130 }, 'The field d_model is 130, which cannot be split into 2 heads'],
    ['moirai', { distr_output: { components: [] } }, 'The field distr_output.components is'],
    ['moirai', { attn_dropout_p: 0.1 }, 'The field attn_dropout_p is 0.1'],
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
