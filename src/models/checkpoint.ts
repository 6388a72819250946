/** Opens a checkpoint: config and weights checked against each other, before any session is made. */

import { fail, toProblem } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';
import type { BatchSize } from './batching.ts';
import { fitNames, withAliases } from './checkpoints/fitNames.ts';
import { inferConfig, tryInferring } from './checkpoints/inferConfig.ts';
import { type Answers, type InferredConfig, leavingUnused } from './checkpoints/inferredConfig.ts';
import { type LoadedFile, loadFiles, readWeights } from './checkpoints/readWeights.ts';
import { firstFew } from './checkpoints/shards.ts';
import type { TensorTable } from './checkpoints/tensors.ts';
import { sortUnused } from './checkpoints/unused.ts';
import {
  checkWeights,
  detachWeights,
  layOutWeights,
  narrowable,
  overlayWeights,
  storedBytes,
  type WeightStore,
} from './checkpoints/weights.ts';
import { Graph } from './graph/builder.ts';
import { sizeOf } from './graph/ir.ts';
import { type GaussianPosterior, POSTERIOR_FILE, readPosterior } from './posterior/gaussian.ts';
import { type Architecture, openArchitecture } from './registry.ts';
import { GraphSession, type Runtime, type Session } from './runtime/runtime.ts';
import type { CheckpointFiles, CheckpointFolder, ModelCard, Precision } from './types.ts';

/** What a forecaster needs of a model. */
export interface Forecastable {
  readonly card: ModelCard;
  readonly architecture: Pick<Architecture, 'shape' | 'prepare' | 'finish'>;
  /** A session of so many variants × contexts, with the inputs `prepare` makes, masks, and the output `forecast`. */
  readonly compile: (runtime: Runtime, size: BatchSize) => Promise<Session>;
}

export interface LoadedModel extends Forecastable {
  readonly architecture: Architecture;
  /** Absent where none lies beside the weights. */
  readonly posterior?: GaussianPosterior;
  /** The text of `config.json`, as given or as told from the tensors. */
  readonly configJson: string;
  readonly weights: WeightStore;
  /** The checkpoint's own tensors, from which weights of another precision are laid out. */
  readonly table: TensorTable;
}

/** True for a model of a known family, with its own weights; false for an ONNX file. */
export function isCheckpoint(model: Forecastable): model is LoadedModel {
  return 'weights' in model;
}

/**
 * Reads and checks a checkpoint. `answers` settle what a checkpoint without config leaves open.
 * @throws UserError naming the file, and the field or tensor that is wrong.
 */
export async function openCheckpoint(
  source: CheckpointFiles | CheckpointFolder,
  answers: Answers = {},
): Promise<LoadedModel> {
  const { name } = source;
  const all =
    'files' in source
      ? await loadFiles(source.files)
      : [
          { path: 'model.safetensors', bytes: source.weights },
          ...(source.posterior ? [{ path: POSTERIOR_FILE, bytes: source.posterior }] : []),
        ];
  const isPosterior = ({ path }: LoadedFile): boolean => path.split('/').at(-1) === POSTERIOR_FILE;
  const files = all.filter((file) => !isPosterior(file));
  const table = withAliases(readWeights(files, name));
  const config = configOf(source.configJson, table, answers, name);
  const leaves = answers[leavingUnused.field] === leavingUnused.value;
  return openTensors({ name, files, table, config, leavesUnused: leaves, posterior: all.find(isPosterior) });
}

/**
 * The configuration given, or the one the tensors tell where there is none, or none that says which family it is: TimesFM 2.5
 * comes with a config.json that its official code does not read.
 */
function configOf(
  configJson: string | undefined,
  table: TensorTable,
  answers: Answers,
  name: string,
): InferredConfig & { readonly architecture: Architecture } {
  const open = (config: InferredConfig) => {
    return { ...config, architecture: openArchitecture(config.configJson, `${name}/config.json`) };
  };
  if (!configJson) return open(inferConfig(table, answers, name));
  try {
    return open({ configJson, notes: [], questions: [] });
  } catch (caught) {
    if (toProblem(caught).code !== 'checkpoint/unknown-family') throw caught;
    const told = tryInferring(table, answers);
    if (!told) throw caught;
    return open({
      ...told,
      notes: ['The config.json names no family this page knows, so it is not used.', ...told.notes],
    });
  }
}

/** The same checkpoint with its matrices stored in another precision; its posterior, which is of the weights as they were, is left out. */
export function withPrecision(model: LoadedModel, precision: Exclude<Precision, 'f32'>): LoadedModel {
  const graph = plainGraph(model.architecture);
  const weights = layOutWeights(model.table, precision, narrowable(graph, precision));
  const { posterior: _, ...rest } = model;
  const { posterior: __, ...card } = model.card;
  return { ...rest, card: { ...card, precision }, ...compiling(model.architecture, weights) };
}

/**
 * The same model with other values for some of its weights, as float32.
 *
 * @param values by official name, row by row
 */
export function withWeights(model: LoadedModel, values: ReadonlyMap<string, Float32Array>): LoadedModel {
  return { ...model, ...compiling(model.architecture, overlayWeights(model.weights, values)) };
}

/** The model without the bytes of its checkpoint, which its weights in fewer bits do not need. */
export function releaseOriginal(model: LoadedModel): LoadedModel {
  const weights = detachWeights(model.weights, model.table.tensors.keys());
  const table = { files: [], tensors: new Map(), metadata: model.table.metadata };
  return { ...model, table, ...compiling(model.architecture, weights) };
}

/** Bytes that a session's weights take. */
export function weightBytes({ architecture, weights }: LoadedModel): number {
  return storedBytes(weights, plainGraph(architecture).weights);
}

interface CheckpointParts {
  readonly name: string;
  readonly files: readonly LoadedFile[];
  readonly table: TensorTable;
  readonly config: InferredConfig & { readonly architecture: Architecture };
  /** Whether tensors that nothing reads are to be left out, as was asked. */
  readonly leavesUnused: boolean;
  readonly posterior: LoadedFile | undefined;
}

async function openTensors({ name, files, config, leavesUnused, ...parts }: CheckpointParts): Promise<LoadedModel> {
  const { architecture } = config;
  const { channels, contextLength, horizon } = architecture.shape;
  const { causal } = architecture;
  const graph = plainGraph(architecture);
  const where = files.length === 1 ? `${name}/${files[0]!.path}` : name;
  const { table, notes: namesRead } = fitNames(parts.table, graph.weights, architecture.tied);
  checkWeights(table, graph.weights, where);
  const unused = sortUnused(table, graph.weights, architecture.unread);
  if (unused.unknown.length > 0 && !leavesUnused) refuseUnused(unused.unknown, architecture.title, where);
  const notes = [
    ...config.notes,
    ...namesRead,
    ...unused.notes,
    ...(unused.unknown.length > 0
      ? [
          `Left out, as you asked: ${unused.unknown.length} of the tensors (${firstFew(unused.unknown)}), which nothing reads.`,
        ]
      : []),
  ];
  const { posterior: beside } = parts;
  const posterior = beside && readPosterior(beside.bytes, graph.weights, `${name}/${POSTERIOR_FILE}`);
  const card: ModelCard = {
    name,
    family: architecture.id,
    title: architecture.title,
    contextLength,
    horizon,
    channels,
    parameters: [...graph.weights.values()].reduce((sum, tensor) => sum + sizeOf(tensor.shape), 0),
    weightsSha256: await hashFiles(beside ? [...files, beside] : files),
    configSha256: await sha256(new TextEncoder().encode(config.configJson)),
    metadata: table.metadata,
    sites: graph.sites,
    ...(causal && { causal: { patchLength: causal.patchLength, mostPatches: causal.mostPatches } }),
    ...(posterior && { posterior: posterior.kind }),
    ...(notes.length > 0 && { notes }),
    ...(config.questions.length > 0 && { questions: config.questions }),
  };
  const { configJson } = config;
  const weights = compiling(architecture, layOutWeights(table));
  return { card, architecture, configJson, table, ...(posterior && { posterior }), ...weights };
}

/** A tensor that is there and not read is a sign of a wrong reading: a head of its own, a second norm. */
function refuseUnused(names: readonly string[], title: string, where: string): never {
  return fail(
    'checkpoint/unused-tensors',
    `The file holds ${names.length === 1 ? 'a tensor' : `${names.length} tensors`} that ${title} as its config describes it does not read: ${firstFew(names)}. Its forecasts would not be those of the model that was trained.`,
    {
      where,
      hint: 'Check that the config.json is the one that was saved with these weights. If you know that they play no part in forecasts, open it without them.',
    },
  );
}

function compiling(architecture: Architecture, weights: WeightStore): Pick<LoadedModel, 'weights' | 'compile'> {
  const compile: Forecastable['compile'] = (runtime, { variants, contexts }) => {
    const graph = new Graph(variants);
    architecture.addTo(graph, { contexts, channels: architecture.shape.channels });
    return GraphSession.create(runtime, graph, weights);
  };
  return { weights, compile };
}

function plainGraph(architecture: Architecture): Graph {
  const graph = new Graph();
  architecture.addTo(graph, { contexts: 1, channels: architecture.shape.channels });
  return graph;
}

/** Of one file its SHA-256; of several that of the list of theirs, in the order of their names. */
async function hashFiles(files: readonly LoadedFile[]): Promise<string> {
  const [only, ...others] = files;
  if (only && others.length === 0) return sha256(only.bytes);
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const lines: string[] = [];
  for (const { path, bytes } of sorted) lines.push(`${await sha256(bytes)}  ${path}\n`);
  return sha256(new TextEncoder().encode(lines.join('')));
}
