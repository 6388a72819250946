/** TimesFM models of every generation, small enough for every test, with random weights. */

import { type LoadedModel, openCheckpoint } from '../../src/models/checkpoint.ts';
import { writeSafetensors } from '../../src/models/checkpoints/safetensors.ts';
import { Graph } from '../../src/models/graph/builder.ts';
import { openArchitecture } from '../../src/models/registry.ts';
import { initialParameters } from '../../src/training/initialise.ts';
import { layoutOf, unflatten } from '../../src/training/parameters.ts';

/** Patches of 4, contexts of 6 patches, two layers. */
const first = {
  ...{ num_layers: 2, num_heads: 2, hidden_size: 8, intermediate_size: 6, head_dim: 4, patch_len: 4, horizon_len: 8 },
  ...{ pad_val: 1123581321, context_len: 24 },
};

const second = {
  ...{ input_patch_len: 4, output_patch_len: 8, output_quantile_len: 12, context_len: 24 },
  stacked_transformers: { num_layers: 2, transformer: { model_dims: 8, hidden_dims: 6, num_heads: 2 } },
  ...{ tokenizer: { hidden_dims: 6 }, output_projection_point: { hidden_dims: 6 } },
};

export const smallTimesfmConfigs: Readonly<Record<string, object>> = {
  'timesfm-1': first,
  'timesfm-2': { ...first, use_positional_embedding: false },
  'timesfm-2.5': second,
};

export async function randomModel(config: object, seed = 3): Promise<LoadedModel> {
  const configJson = JSON.stringify(config);
  const graph = new Graph();
  openArchitecture(configJson, 'small').addTo(graph, { contexts: 1, channels: 1 });
  const layout = layoutOf(graph);
  const weights = writeSafetensors(unflatten(layout, initialParameters(layout, seed)));
  return openCheckpoint({ name: 'small', configJson, weights });
}
