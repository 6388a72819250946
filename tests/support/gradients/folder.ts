/** A folder of reference gradients: opening it, and what its `meta.json` holds. */

import { type LoadedModel, openCheckpoint } from '../../../src/models/checkpoint.ts';
import { readSafetensors, type SafetensorsFile } from '../../../src/models/checkpoints/safetensors.ts';
import { Graph } from '../../../src/models/graph/builder.ts';
import { layoutOf, type ParameterLayout } from '../../../src/training/parameters.ts';
import { configOf } from '../caseFiles.ts';

/** What is read of a gradient case's `meta.json`. */
export interface GradientMeta {
  readonly family: string;
  readonly case: string;
  readonly weights: string;
  readonly config: string;
  readonly losses: Readonly<Record<string, { readonly rtol: number }>>;
  /** Per set and tensor: [absolute tolerance, …]. */
  readonly tolerance: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  readonly adamw: {
    readonly steps: number;
    readonly lr: number;
    readonly betas: readonly [number, number];
    readonly eps: number;
    readonly weight_decay: number;
    readonly rtol_losses: readonly number[];
    readonly final_tensors: Readonly<Record<string, { readonly atol_p99: number; readonly atol_max: number }>>;
  };
}

export interface GradientFolder {
  readonly model: LoadedModel;
  readonly configJson: string;
  readonly layout: ParameterLayout;
  readonly cases: SafetensorsFile;
  readonly meta: GradientMeta;
}

/** `read` takes a path relative to the case folder. */
export async function openGradientFolder(read: (path: string) => Promise<Uint8Array>): Promise<GradientFolder> {
  const text = async (path: string): Promise<string> => new TextDecoder().decode(await read(path));
  const meta = JSON.parse(await text('meta.json')) as GradientMeta;
  const configJson = await configOf(read, meta.config);
  const model = await openCheckpoint({ name: 'golden', configJson, weights: await read(meta.weights) });
  const graph = new Graph();
  model.architecture.addTo(graph, { contexts: 1, channels: model.card.channels });
  return {
    model,
    configJson,
    layout: layoutOf(graph),
    cases: readSafetensors(await read('cases.safetensors'), 'cases'),
    meta,
  };
}

/** Losses of a folder: the main one is `''`, the others have names (`variant`, `normalised` …). */
export function lossSets({ losses }: Pick<GradientMeta, 'losses'>): string[] {
  return Object.keys(losses).map((name) => (name === 'loss' ? '' : name.replace(/\.loss$/, '')));
}
