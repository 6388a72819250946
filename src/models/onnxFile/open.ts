/**
 * A dropped ONNX forecaster made ready: inputs mapped, dropout sites inserted behind activations, run through the same
 * forecaster as every other model. One variant is computed after the other, since a mask over the last axis fits a graph of
 * any layout only where it is the same for the whole batch.
 */

import { fail } from '../../core/errors.ts';
import { sha256 } from '../../core/sha256.ts';
import type { Forecastable } from '../checkpoint.ts';
import { type LoadedFile, loadFiles } from '../checkpoints/readWeights.ts';
import type { ContextBatch, PreparedBatch } from '../family.ts';
import { maskInput } from '../graph/builder.ts';
import { RawSession } from '../runtime/rawSession.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type LinearScaling, unscale } from '../scaling.ts';
import { moments } from '../series.ts';
import type { CheckpointFolder, ModelCard, OnnxMapping } from '../types.ts';
import { checkMapping, suggestMapping } from './mapping.ts';
import { type OnnxFile, type OnnxValue, readOnnx } from './model.ts';
import { exposeTensors, insertMasks, type MaskPlace } from './rewrite.ts';
import { Feeder, OnnxSession, readSteps } from './session.ts';
import { type CandidateSite, findSites } from './sites.ts';

/** What the mapping dialog shows. */
export interface OnnxInspection {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly suggestion: OnnxMapping;
  /** Places where dropout can be inserted. */
  readonly sites: number;
}

/** True for a folder that holds an ONNX model. */
export function holdsOnnx({ files }: CheckpointFolder): boolean {
  return files.some(({ path }) => isOnnx(path));
}

/**
 * What a dropped model takes and gives.
 * @throws UserError for a file that is no ONNX model.
 */
export async function inspectOnnx(folder: CheckpointFolder): Promise<OnnxInspection> {
  const { file } = parse(await loadFiles(folder.files), folder.name);
  const { inputs, outputs } = file;
  return { inputs, outputs, suggestion: suggestMapping(file, folder.name), sites: findSites(file).length };
}

/**
 * Opens a dropped model with its mapping (default: as its inputs and outputs suggest).
 * @throws UserError for a broken file, a mapping that does not fit, or a graph the back end refuses.
 */
export async function openOnnx(folder: CheckpointFolder, runtime: Runtime): Promise<Forecastable> {
  const { name } = folder;
  const loaded = await loadFiles(folder.files);
  const { file, bytes, data } = parse(loaded, name);
  const mapping = folder.mapping ?? suggestMapping(file, name);
  const dims = checkMapping(file, mapping, name);
  const feeder = new Feeder(file, mapping, dims);
  const { places, horizon } = await probe({ file, feeder, mapping, runtime, data, where: name });
  const masked = insertMasks(file, places);
  const notes =
    places.length === 0 ? ['No activation was found to put dropout behind: all variants are the same.'] : [];
  const card: ModelCard = {
    name,
    family: 'onnx',
    title: 'ONNX forecaster',
    contextLength: mapping.contextLength,
    horizon,
    channels: 1,
    parameters: file.parameters,
    weightsSha256: await sha256(bytes),
    configSha256: await sha256(new TextEncoder().encode(JSON.stringify(mapping))),
    metadata: {},
    sites: places.map(({ input, shape }) => ({
      name: input.slice(maskInput('').length),
      size: shape[0]!,
      axis: 'feature',
    })),
    ...(notes.length > 0 && { notes }),
  };
  return {
    card,
    architecture: {
      shape: { contextLength: mapping.contextLength, horizon, channels: 1 },
      prepare: (batch) => prepare(mapping, batch),
      // Only what `prepare` returned ever comes back.
      finish: (forecast, scaling) => unscale(forecast, horizon, scaling as LinearScaling),
    },
    compile: async (on, { variants, contexts }) => {
      const session = await RawSession.create(on, masked, data);
      return new OnnxSession({ session, feeder, mapping, places, horizon, variants, contexts });
    },
  };
}

function isOnnx(path: string): boolean {
  return path.toLowerCase().endsWith('.onnx');
}

interface ParsedFolder {
  readonly file: OnnxFile;
  readonly bytes: Uint8Array;
  /** Weights beside the model, under the names it gives them. */
  readonly data: { readonly path: string; readonly data: Uint8Array }[];
}

function parse(loaded: readonly LoadedFile[], where: string): ParsedFolder {
  const models = loaded.filter(({ path }) => isOnnx(path));
  if (models.length !== 1) {
    fail('checkpoint/onnx', `There are ${models.length} .onnx files instead of one.`, {
      where,
      hint: 'Drop one model.',
    });
  }
  const { bytes } = models[0]!;
  const file = readOnnx(bytes, where);
  const data = file.dataFiles.map((path) => {
    const found = loaded.find((each) => each.path.split('/').at(-1) === path.split('/').at(-1));
    if (found) return { path, data: found.bytes };
    return fail('checkpoint/onnx-data', `The model keeps weights in another file, ${path}, which is missing.`, {
      where,
      hint: 'Drop the model together with that file.',
    });
  });
  return { file, bytes, data };
}

interface Probe {
  readonly file: OnnxFile;
  readonly feeder: Feeder;
  readonly mapping: OnnxMapping;
  readonly runtime: Runtime;
  readonly data: ParsedFolder['data'];
  readonly where: string;
}

/** Runs the model once as it is, to see the shapes of its activations and of its forecast. */
async function probe(given: Probe): Promise<{ places: MaskPlace[]; horizon: number }> {
  const { file, feeder, mapping, runtime, data, where } = given;
  const sites = findSites(file);
  const names = sites.map(({ tensor }) => tensor);
  const session = await RawSession.create(runtime, exposeTensors(file, names), data);
  try {
    const count = feeder.dims.fixedBatch ?? 1;
    const contexts = Float32Array.from({ length: count * mapping.contextLength }, (_, i) => Math.sin(i));
    const outputs = await session.run(feeder.inputs(contexts), [mapping.output, ...names]);
    const [forecast, ...tensors] = outputs;
    const steps = readSteps(forecast!.dims, mapping, where);
    const places = sites.flatMap((site, i) => placeOf(site, i, tensors[i]!) ?? []);
    return { places, horizon: steps.horizon };
  } finally {
    await session.release();
  }
}

/** A mask over the feature axis; tensors without one (scalars) get none. */
function placeOf(
  site: CandidateSite,
  index: number,
  { dims, type }: { readonly dims: readonly number[]; readonly type: string },
): MaskPlace | undefined {
  const rank = dims.length;
  const axis = site.axis === 'channel' ? 1 : rank - 1;
  const size = dims[axis];
  if (size === undefined || rank === 0 || (type !== 'float32' && type !== 'float16')) return undefined;
  const shape = [size, ...new Array<number>(rank - 1 - axis).fill(1)];
  const input = maskInput(`${index}.${site.node.operator.toLowerCase()}`);
  return { node: site.node, tensor: site.tensor, input, shape, half: type === 'float16' };
}

/** Scales contexts in float64 as the mapping says. */
function prepare({ scaling, contextLength }: OnnxMapping, batch: ContextBatch): PreparedBatch<LinearScaling> {
  const { contexts } = batch;
  const loc = new Float64Array(contexts);
  const scale = new Float64Array(contexts).fill(1);
  const context = new Float32Array(contexts * contextLength);
  for (let n = 0; n < contexts; n++) {
    const window = batch.values.subarray(n * contextLength, (n + 1) * contextLength);
    if (scaling === 'standardise') {
      const { mean, deviation } = moments(window);
      loc[n] = mean;
      scale[n] = deviation > 0 ? deviation : 1;
    } else if (scaling === 'meanAbsolute') {
      scale[n] = moments(window.map(Math.abs)).mean || 1;
    }
    for (let i = 0; i < contextLength; i++) context[n * contextLength + i] = (window[i]! - loc[n]!) / scale[n]!;
  }
  return { feeds: { context }, scaling: { contexts, channels: 1, loc, scale } };
}
