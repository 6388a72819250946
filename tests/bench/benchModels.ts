/** Models of each family with random weights, in sizes worth timing. */

import { type LoadedModel, openCheckpoint } from '../../src/models/checkpoint.ts';
import { writeSafetensors } from '../../src/models/checkpoints/safetensors.ts';
import { Graph } from '../../src/models/graph/builder.ts';
import { openArchitecture } from '../../src/models/registry.ts';
import { initialParameters } from '../../src/training/initialise.ts';
import { layoutOf, unflatten } from '../../src/training/parameters.ts';

export interface BenchModel {
  readonly name: string;
  /** Only with `--full`. */
  readonly large?: boolean;
  /** Small enough for a GPU emulated in software. */
  readonly small?: boolean;
  readonly config: object;
}

const bolt = (d_model: number, d_ff: number, num_layers: number, num_heads: number, context_length = 512) => ({
  ...{ architectures: ['ChronosBoltModelForForecasting'], chronos_pipeline_class: 'ChronosBoltPipeline' },
  ...{ model_type: 't5', d_model, d_ff, d_kv: 64, num_layers, num_decoder_layers: num_layers, num_heads },
  ...{ vocab_size: 2, feed_forward_proj: 'relu', dense_act_fn: 'relu', is_gated_act: false, dropout_rate: 0.1 },
  ...{ relative_attention_num_buckets: 32, relative_attention_max_distance: 128, is_encoder_decoder: true },
  ...{
    layer_norm_epsilon: 1e-6,
    pad_token_id: 0,
    decoder_start_token_id: 0,
    reg_token_id: 1,
    initializer_factor: 0.05,
  },
  chronos_config: {
    ...{ context_length, prediction_length: 64, input_patch_size: 16, input_patch_stride: 16, use_reg_token: true },
    quantiles: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
  },
});

const timesfm2 = (hidden_size: number, num_hidden_layers: number, heads: number, context_length: number) => ({
  ...{
    architectures: ['TimesFmModelForPrediction'],
    model_type: 'timesfm',
    hidden_size,
    num_hidden_layers,
    context_length,
  },
  ...{ intermediate_size: hidden_size, num_attention_heads: heads, head_dim: hidden_size / heads, freq_size: 3 },
  ...{ patch_length: 32, horizon_length: 128, use_positional_embedding: false, pad_val: 1123581321.0, tolerance: 1e-6 },
});

const timesfm25 = (hidden_size: number, num_hidden_layers: number, heads: number, context_length: number) => ({
  ...{ architectures: ['TimesFm2_5ModelForPrediction'], model_type: 'timesfm2_5', hidden_size, num_hidden_layers },
  ...{
    intermediate_size: hidden_size,
    num_attention_heads: heads,
    num_key_value_heads: heads,
    head_dim: hidden_size / heads,
  },
  // The transformers port pads every series to this length, whatever it is given.
  ...{ patch_length: 32, horizon_length: 128, context_length, output_quantile_len: 1024 },
});

const ttm = (d_model: number, context_length: number) => ({
  ...{ architectures: ['TinyTimeMixerForPrediction'], model_type: 'tinytimemixer', context_length, d_model },
  ...{ prediction_length: 96, patch_length: 64, patch_stride: 64, num_layers: 2, adaptive_patching_levels: 3 },
  ...{ decoder_d_model: 128, decoder_num_layers: 2, mode: 'common_channel', decoder_mode: 'common_channel' },
  ...{
    num_input_channels: 1,
    scaling: 'std',
    self_attn: false,
    gated_attn: true,
    norm_mlp: 'LayerNorm',
    use_decoder: true,
  },
});

const timer = (hidden_size: number, num_hidden_layers: number, heads: number) => ({
  ...{ model_type: 'timer', hidden_size, intermediate_size: 2 * hidden_size, num_hidden_layers },
  ...{ num_attention_heads: heads, input_token_len: 96, output_token_lens: [96], context_len: 672 },
});

/** Named by their official size where they have one. */
export const benchModels: readonly BenchModel[] = [
  { name: 'ttm-r1', small: true, config: ttm(192, 1024) },
  { name: 'chronos-bolt-tiny', config: bolt(256, 1024, 4, 4) },
  { name: 'timesfm-2-d256', config: timesfm2(256, 6, 4, 512) },
  { name: 'timesfm-2.5-d256', config: timesfm25(256, 6, 4, 512) },
  { name: 'timer-d256', config: timer(256, 4, 4) },
  { name: 'chronos-bolt-small', large: true, config: bolt(512, 2048, 6, 8) },
  { name: 'timesfm-2.5-200m', large: true, config: timesfm25(1280, 20, 16, 512) },
];

export async function openBenchModel({
  name,
  config,
}: BenchModel): Promise<{ model: LoadedModel; configJson: string }> {
  const configJson = JSON.stringify(config);
  const graph = new Graph();
  openArchitecture(configJson, name).addTo(graph, { contexts: 1, channels: 1 });
  const layout = layoutOf(graph);
  const weights = writeSafetensors(unflatten(layout, initialParameters(layout, 1)));
  return { model: await openCheckpoint({ name, configJson, weights }), configJson };
}
