/** The checkpoints that ship with the page: what each is, and how it was made. `npm run pretrain` rebuilds them. */

import type { PretrainRecipe } from './pretrain.ts';

export interface EmbeddedRecipe {
  /** Folder below `public/checkpoints`. */
  readonly name: string;
  /** The content of its `config.json`, in the official keys of the family. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly recipe: PretrainRecipe;
}

export const embeddedRecipes: readonly EmbeddedRecipe[] = [
  {
    name: 'ttm-nano',
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
    recipe: {
      seed: 1,
      steps: 5000,
      batchSize: 128,
      peakLearningRate: 0.003,
      warmUpSteps: 100,
      dropoutRate: 0.2,
    },
  },
];
