/** Packs a fine-tuned model as a checkpoint in its official layout, which says how it was made; adapters are merged. */

import type { LoadedModel } from '../../models/checkpoint.ts';
import { type WrittenValues, writeSafetensors } from '../../models/checkpoints/safetensors.ts';
import { tableValues } from '../../models/checkpoints/tensors.ts';
import { writePosterior } from '../../models/posterior/gaussian.ts';
import type { CheckpointFiles } from '../../models/types.ts';
import type { FineTuned } from './fineTune.ts';
import type { FittedPosterior } from './posterior.ts';
import type { PreparedFineTuning } from './prepare.ts';
import { type FineTuneSettings, trainsAfresh } from './settings.ts';
import { trainedValues } from './trainable.ts';
import { BACKTEST_END, BACKTEST_START } from './walkForward.ts';

const floats: readonly string[] = ['F64', 'F32', 'F16', 'BF16'];

/** A trained model's name: different trainings of one model have different ones. */
export function tunedName(base: string, settings: Pick<FineTuneSettings, 'start'>, key: string): string {
  return `${base}, ${trainsAfresh(settings) ? 'trained' : 'tuned'} ${key.slice(0, 6)}`;
}

/** @param fitted how sure the training is of the weights, where it was asked */
export function tunedFiles(
  prepared: PreparedFineTuning,
  tuned: FineTuned,
  device: string,
  fitted?: FittedPosterior,
): CheckpointFiles {
  const { model, settings, plan, dataSha256, grids } = prepared;
  const { card } = model;
  const { losses, validations, best, ended, comparison } = tuned;
  const name = tunedName(card.name, settings, prepared.key);
  const metadata: Record<string, string> = {
    format: 'pt',
    name,
    description: `${card.name}, ${trainsAfresh(settings) ? 'trained afresh' : 'fine-tuned'} by PML Lab on the user's quotes.`,
    [BACKTEST_START]: String(plan.backtestStartMs),
    ...(Number.isFinite(plan.backtestEndMs) && { [BACKTEST_END]: String(plan.backtestEndMs) }),
    'fineTuning.base': JSON.stringify({
      name: card.name,
      weightsSha256: card.weightsSha256,
      configSha256: card.configSha256,
    }),
    'fineTuning.data': JSON.stringify({
      sha256: dataSha256,
      symbols: grids.map(({ symbol }) => symbol),
      stepMs: grids[0]!.stepMs,
    }),
    'fineTuning.ranges': JSON.stringify({
      training: [plan.trainingStartMs, plan.trainingEndMs],
      validation: [plan.validationStartMs, plan.validationEndMs],
      backtest: [plan.backtestStartMs, ...(Number.isFinite(plan.backtestEndMs) ? [plan.backtestEndMs] : [])],
    }),
    'fineTuning.settings': JSON.stringify(settings),
    'fineTuning.seed': String(settings.trainingSeed),
    'fineTuning.device': device,
    'fineTuning.result': JSON.stringify({ steps: losses.length, ended, best, comparison: comparison ?? null }),
    'fineTuning.validations': JSON.stringify(validations),
  };
  return {
    name,
    configJson: withFractions(model.configJson),
    weights: writeSafetensors(tensorsOf(prepared, fitted?.parameters ?? tuned.parameters), metadata),
    ...(fitted && { posterior: writePosterior(fitted.posterior, { ...fitted.provenance, of: name }) }),
  };
}

/** The official TimesFM insists that this number is written as a fraction, which JSON that was made by a script has lost. */
function withFractions(configJson: string): string {
  return configJson.replace(/("pad_val"\s*:\s*-?\d+)(?=\s*[,}])/, '$1.0');
}

/** Every tensor of the checkpoint, in its order; whole numbers, which no training changes, as they are. One that is not read but was equal to a trained one (tied weights) follows it. */
function* tensorsOf(
  { model, task }: PreparedFineTuning,
  parameters: Float32Array,
): Generator<readonly [name: string, shape: readonly number[], values: WrittenValues]> {
  const trained = new Map<string, { readonly before: Float32Array; readonly after: Float32Array }>();
  const { table, weights } = model;
  for (const [name] of table.tensors) {
    const after = trainedValues(task.layout, parameters, name, () => weights.values(name));
    if (after) trained.set(name, { before: weights.values(name), after });
  }
  for (const [name, tensor] of table.tensors) {
    const { type, shape, byteOffset, byteLength, strides } = tensor;
    if (!floats.includes(type)) {
      const bytes = table.files[tensor.file]!.subarray(byteOffset, byteOffset + byteLength);
      // Whole numbers that do not lie row by row are no checkpoint's.
      if (!strides) yield [name, shape, { type, bytes }];
      continue;
    }
    const change = trained.get(name);
    const values = change?.after ?? tableValues(table, tensor);
    const tied = change ? undefined : tiedTo(values, tensor.shape.length, trained, model);
    yield [name, tensor.shape, tied ?? values];
  }
}

function tiedTo(
  values: Float32Array,
  rank: number,
  trained: ReadonlyMap<string, { readonly before: Float32Array; readonly after: Float32Array }>,
  { table }: LoadedModel,
): Float32Array | undefined {
  // One-axis tensors are often equal by chance: gains of one, biases of zero.
  if (rank < 2) return undefined;
  for (const [name, { before, after }] of trained) {
    if (table.tensors.get(name)!.shape.length !== rank || before.length !== values.length) continue;
    if (before.every((value, i) => value === values[i])) return after;
  }
  return undefined;
}
