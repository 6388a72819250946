/** A Tiny Time Mixer small enough for every test, with random weights. Works in node and in a browser. */

import { writeSafetensors } from '../../src/models/checkpoints/safetensors.ts';
import { Graph } from '../../src/models/graph/builder.ts';
import { type Architecture, openArchitecture } from '../../src/models/registry.ts';
import type { CheckpointFiles } from '../../src/models/types.ts';
import { initialParameters } from '../../src/training/initialise.ts';
import { layoutOf, type ParameterLayout, unflatten } from '../../src/training/parameters.ts';

type ConfigJson = Readonly<Record<string, unknown>>;

/** Context 32, horizon 8: four patches, two levels of adaptive patching, a decoder. */
export const smallConfig: ConfigJson = {
  model_type: 'tinytimemixer',
  context_length: 32,
  prediction_length: 8,
  patch_length: 8,
  patch_stride: 8,
  d_model: 16,
  num_layers: 1,
  adaptive_patching_levels: 2,
  decoder_d_model: 8,
  decoder_num_layers: 1,
};

export function smallArchitecture(changes: ConfigJson = {}): { architecture: Architecture; layout: ParameterLayout } {
  const architecture = openArchitecture(JSON.stringify({ ...smallConfig, ...changes }), 'small');
  const graph = new Graph();
  architecture.addTo(graph, { contexts: 1, channels: architecture.shape.channels });
  return { architecture, layout: layoutOf(graph) };
}

/** The checkpoint's files; `changes` are made to the configuration. */
export function smallTtm(changes: ConfigJson = {}, seed = 1): CheckpointFiles {
  const { layout } = smallArchitecture(changes);
  return {
    name: 'small',
    configJson: JSON.stringify({ ...smallConfig, ...changes }),
    weights: writeSafetensors(unflatten(layout, initialParameters(layout, seed))),
  };
}
