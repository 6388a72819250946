/** The checkpoints that ship with the page: what each is, and how it was made. `npm run pretrain` rebuilds them. */

import type { PretrainRecipe } from './pretrain.ts';

export interface EmbeddedRecipe {
  /** Folder below `public/checkpoints`. */
  readonly name: string;
  /** For people: its family, and its size where there are several. */
  readonly title: string;
  /** The content of its `config.json`, in the official keys of the family. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly recipe: PretrainRecipe;
}

const shared = { seed: 1, warmUpSteps: 100, dropoutRate: 0.1 } as const;

const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

export const embeddedRecipes: readonly EmbeddedRecipe[] = [
  {
    name: 'ttm-nano',
    title: 'Tiny Time Mixers',
    config: {
      model_type: 'tinytimemixer',
      architectures: ['TinyTimeMixerForPrediction'],
      context_length: 64,
      prediction_length: 32,
      patch_length: 16,
      patch_stride: 16,
      num_patches: 4,
      num_input_channels: 1,
      d_model: 48,
      expansion_factor: 2,
      num_layers: 1,
      adaptive_patching_levels: 2,
      mode: 'common_channel',
      gated_attn: true,
      norm_eps: 1e-5,
      norm_mlp: 'LayerNorm',
      scaling: 'std',
      use_decoder: true,
      decoder_d_model: 48,
      decoder_num_layers: 1,
      decoder_adaptive_patching_levels: 0,
      decoder_mode: 'common_channel',
      dropout: 0.2,
      head_dropout: 0.2,
    },
    recipe: { ...shared, steps: 5000, batchSize: 128, peakLearningRate: 0.003, dropoutRate: 0.2 },
  },
  {
    name: 'timesfm-nano',
    title: 'TimesFM 2.0',
    config: {
      model_type: 'timesfm',
      architectures: ['TimesFmModelForPrediction'],
      context_length: 128,
      patch_length: 16,
      horizon_length: 32,
      freq_size: 3,
      num_hidden_layers: 2,
      hidden_size: 48,
      intermediate_size: 96,
      head_dim: 16,
      num_attention_heads: 3,
      rms_norm_eps: 1e-6,
      tolerance: 0.02,
      quantiles: deciles,
      pad_val: 1123581321,
      use_positional_embedding: false,
    },
    recipe: { ...shared, steps: 4000, batchSize: 64, peakLearningRate: 0.003 },
  },
  {
    name: 'timesfm-2.5-nano',
    title: 'TimesFM 2.5',
    config: {
      model_type: 'timesfm2_5',
      architectures: ['TimesFm2_5ModelForPrediction'],
      context_length: 128,
      patch_length: 16,
      horizon_length: 32,
      output_quantile_len: 32,
      num_hidden_layers: 2,
      hidden_size: 48,
      intermediate_size: 96,
      head_dim: 16,
      num_attention_heads: 3,
      num_key_value_heads: 3,
      rms_norm_eps: 1e-6,
      quantiles: deciles,
      decode_index: 5,
      use_bias: false,
      force_flip_invariance: true,
      infer_is_positive: true,
      use_continuous_quantile_head: true,
    },
    recipe: { ...shared, steps: 4000, batchSize: 64, peakLearningRate: 0.003 },
  },
  {
    name: 'chronos-bolt-nano',
    title: 'Chronos-Bolt',
    config: {
      model_type: 't5',
      architectures: ['ChronosBoltModelForForecasting'],
      chronos_pipeline_class: 'ChronosBoltPipeline',
      d_model: 48,
      d_kv: 16,
      d_ff: 96,
      num_heads: 3,
      num_layers: 2,
      num_decoder_layers: 2,
      feed_forward_proj: 'relu',
      is_gated_act: false,
      dense_act_fn: 'relu',
      relative_attention_num_buckets: 32,
      relative_attention_max_distance: 128,
      layer_norm_epsilon: 1e-6,
      vocab_size: 2,
      pad_token_id: 0,
      eos_token_id: 1,
      reg_token_id: 1,
      decoder_start_token_id: 0,
      chronos_config: {
        context_length: 128,
        prediction_length: 32,
        input_patch_size: 16,
        input_patch_stride: 16,
        quantiles: deciles,
        use_reg_token: true,
      },
    },
    recipe: { ...shared, steps: 4000, batchSize: 64, peakLearningRate: 0.003 },
  },
  chronos(
    'chronos-t5-nano',
    'Chronos-T5, 0.1 M parameters',
    { d_model: 48, d_kv: 16, d_ff: 96, num_heads: 3, num_layers: 2 },
    {
      ...shared,
      steps: 4000,
      batchSize: 32,
      peakLearningRate: 0.003,
    },
  ),
  chronos(
    'chronos-t5-micro',
    'Chronos-T5, 0.4 M parameters',
    { d_model: 80, d_kv: 20, d_ff: 320, num_heads: 4, num_layers: 2 },
    {
      ...shared,
      steps: 3000,
      batchSize: 32,
      peakLearningRate: 0.002,
    },
  ),
  chronos(
    'chronos-t5-milli',
    'Chronos-T5, 1.3 M parameters',
    { d_model: 128, d_kv: 32, d_ff: 448, num_heads: 4, num_layers: 3 },
    {
      ...shared,
      steps: 2500,
      batchSize: 32,
      peakLearningRate: 0.001,
    },
  ),
  {
    name: 'moirai-nano',
    title: 'Moirai',
    config: {
      d_model: 64,
      num_layers: 2,
      patch_sizes: [32],
      max_seq_len: 512,
      attn_dropout_p: 0.0,
      dropout_p: 0.0,
      scaling: true,
      distr_output: {
        _target_: 'uni2ts.distribution.mixture.MixtureOutput',
        components: [
          { _target_: 'uni2ts.distribution.student_t.StudentTOutput' },
          { _target_: 'uni2ts.distribution.normal.NormalFixedScaleOutput' },
          { _target_: 'uni2ts.distribution.negative_binomial.NegativeBinomialOutput' },
          { _target_: 'uni2ts.distribution.log_normal.LogNormalOutput' },
        ],
      },
      context_len: 128,
      patch_size: 32,
    },
    recipe: { ...shared, steps: 4000, batchSize: 64, peakLearningRate: 0.002 },
  },
  {
    name: 'timer-nano',
    title: 'Timer',
    config: {
      model_type: 'timer',
      architectures: ['TimerForPrediction'],
      hidden_size: 48,
      intermediate_size: 96,
      num_hidden_layers: 2,
      num_attention_heads: 3,
      input_token_len: 32,
      output_token_lens: [32],
      hidden_act: 'silu',
      context_len: 128,
    },
    // Trained with the dropout of the others, its forecasts without any are too wide.
    recipe: { ...shared, steps: 8000, batchSize: 128, peakLearningRate: 0.003, dropoutRate: 0.03 },
  },
];

/** One of several sizes of Chronos-T5, for studies of scaling: same words, context and horizon. */
function chronos(
  name: string,
  title: string,
  size: Readonly<Record<'d_model' | 'd_kv' | 'd_ff' | 'num_heads' | 'num_layers', number>>,
  recipe: PretrainRecipe,
): EmbeddedRecipe {
  const words = 256;
  const config = {
    model_type: 't5',
    architectures: ['T5ForConditionalGeneration'],
    ...size,
    num_decoder_layers: size.num_layers,
    feed_forward_proj: 'relu',
    is_gated_act: false,
    dense_act_fn: 'relu',
    relative_attention_num_buckets: 32,
    relative_attention_max_distance: 128,
    layer_norm_epsilon: 1e-6,
    vocab_size: words,
    pad_token_id: 0,
    eos_token_id: 1,
    decoder_start_token_id: 0,
    tie_word_embeddings: true,
    chronos_config: {
      tokenizer_class: 'MeanScaleUniformBins',
      tokenizer_kwargs: { low_limit: -8, high_limit: 8 },
      model_type: 'seq2seq',
      n_tokens: words,
      n_special_tokens: 2,
      pad_token_id: 0,
      eos_token_id: 1,
      use_eos_token: true,
      context_length: 64,
      prediction_length: 16,
      num_samples: 20,
      temperature: 1,
      top_k: 50,
      top_p: 1,
    },
  };
  return { name, title, config, recipe };
}
