/** Checkpoints of any config with random weights. */

import { type LoadedModel, openCheckpoint } from '../../src/models/checkpoint.ts';
import { writeSafetensors } from '../../src/models/checkpoints/safetensors.ts';
import { Graph } from '../../src/models/graph/builder.ts';
import { sizeOf } from '../../src/models/graph/ir.ts';
import { openArchitecture } from '../../src/models/registry.ts';
import { initialParameters } from '../../src/training/initialise.ts';
import { layoutOf, unflatten } from '../../src/training/parameters.ts';

/** A loaded checkpoint; statistics, which are not trained, are 1. */
export async function randomModel(config: Readonly<Record<string, unknown>>): Promise<LoadedModel> {
  const configJson = JSON.stringify(config);
  const graph = new Graph();
  const architecture = openArchitecture(configJson, 'small');
  architecture.addTo(graph, { contexts: 1, channels: architecture.shape.channels });
  const layout = layoutOf(graph);
  const statistics = [...graph.statistics].map((name) => {
    const { shape } = graph.weights.get(name)!;
    return [name, shape, new Float32Array(sizeOf(shape)).fill(1)] as const;
  });
  const weights = writeSafetensors([...unflatten(layout, initialParameters(layout, 3)), ...statistics]);
  return openCheckpoint({ name: 'small', configJson, weights });
}
