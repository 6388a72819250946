/** Opens a checkpoint: config and weights checked against each other, before any session is made. */

import { sha256 } from '../core/sha256.ts';
import { readSafetensors } from './checkpoints/safetensors.ts';
import { storeWeights, type WeightStore } from './checkpoints/weights.ts';
import { Graph } from './graph/builder.ts';
import { sizeOf } from './graph/ir.ts';
import { type Architecture, openArchitecture } from './registry.ts';
import type { CheckpointFiles, ModelCard } from './types.ts';

export interface LoadedModel {
  readonly card: ModelCard;
  readonly architecture: Architecture;
  readonly weights: WeightStore;
}

/**
 * Reads and checks a checkpoint.
 * @throws UserError naming the file, and the field or tensor that is wrong.
 */
export async function openCheckpoint(files: CheckpointFiles): Promise<LoadedModel> {
  const architecture = openArchitecture(files.configJson, `${files.name}/config.json`);
  const weightsName = `${files.name}/model.safetensors`;
  const file = readSafetensors(files.weights, weightsName);
  const { channels, contextLength, horizon } = architecture.shape;
  const graph = new Graph();
  architecture.addTo(graph, { contexts: 1, channels });
  const weights = storeWeights(file, graph.weights, weightsName);
  const card: ModelCard = {
    name: files.name,
    family: architecture.id,
    title: architecture.title,
    contextLength,
    horizon,
    channels,
    parameters: [...graph.weights.values()].reduce((sum, tensor) => sum + sizeOf(tensor.shape), 0),
    weightsSha256: await sha256(files.weights),
    configSha256: await sha256(new TextEncoder().encode(files.configJson)),
    metadata: file.metadata,
    sites: graph.sites,
  };
  return { card, architecture, weights };
}
