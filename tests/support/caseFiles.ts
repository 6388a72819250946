/** The files of a model family's reference cases: opening a folder, its tensors, contexts and tolerances. */

import { type LoadedModel, openCheckpoint } from '../../src/models/checkpoint.ts';
import { floatValues, readSafetensors, type SafetensorsFile } from '../../src/models/checkpoints/safetensors.ts';
import type { ContextBatch } from '../../src/models/family.ts';

export interface CaseFolder {
  readonly model: LoadedModel;
  readonly cases: SafetensorsFile;
  readonly meta: ModelMeta;
}

/** What is read of a `meta.json`. */
interface ModelMeta {
  readonly tolerance: Readonly<Record<string, string>>;
  readonly 'float32_vs_float64_[max_abs,max_abs/max|y|]': Readonly<
    Record<string, Readonly<Record<string, readonly number[]>>>
  >;
}

/** Opens a case folder from its files' bytes. */
export async function openCaseFolder(read: (file: string) => Promise<Uint8Array>): Promise<CaseFolder> {
  const text = async (file: string): Promise<string> => new TextDecoder().decode(await read(file));
  const model = await openCheckpoint({
    name: 'golden',
    configJson: await text('config.json'),
    weights: await read('model.safetensors'),
  });
  const cases = readSafetensors(await read('cases.safetensors'), 'cases.safetensors');
  return { model, cases, meta: JSON.parse(await text('meta.json')) as ModelMeta };
}

/** Names of the cases: `case0`, `case1` … */
export function caseNames(cases: SafetensorsFile): string[] {
  return [...cases.tensors.keys()].flatMap((name) => /^(case\d+)\.context$/.exec(name)?.[1] ?? []);
}

export function contextOf(cases: SafetensorsFile, name: string): ContextBatch {
  const [contexts, length, channels] = shapeOf(cases, `${name}.context`) as [number, number, number];
  const observed = cases.tensors.get(`${name}.observed_mask`);
  const values = Float64Array.from(tensorValues(cases, `${name}.context`));
  return {
    values,
    contexts,
    length,
    channels,
    ...(observed && { observed: Uint8Array.from(integerValues(cases, `${name}.observed_mask`)) }),
  };
}

export function tensorValues(file: SafetensorsFile, name: string): Float32Array {
  const tensor = file.tensors.get(name);
  if (!tensor) throw new Error(`the case file has no tensor ${name}`);
  return floatValues(file, tensor);
}

export function shapeOf(file: SafetensorsFile, name: string): readonly number[] {
  return file.tensors.get(name)!.shape;
}

export function integerValues(file: SafetensorsFile, name: string): number[] {
  const { byteOffset, byteLength } = file.tensors.get(name)!;
  const bytes = file.bytes.slice(byteOffset, byteOffset + byteLength);
  return Array.from(new BigInt64Array(bytes.buffer), Number);
}

/** Tolerances are written as short formulas: `abs 2e-4 (…)`, `abs 2e-4*scale + 4e-7*|loc|`. */
function numbersIn(text: string | undefined): number[] {
  return (text?.match(/\d+(?:\.\d+)?e-\d+/g) ?? []).map(Number);
}

export function firstNumber(text: string | undefined): number {
  const [first] = numbersIn(text);
  if (first === undefined) throw new Error(`no tolerance in "${text}"`);
  return first;
}

export function lastNumber(text: string | undefined): number {
  return numbersIn(text).at(-1) ?? firstNumber(text);
}
