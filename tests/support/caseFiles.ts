/** The files of a model family's reference cases: opening a folder, its tensors, contexts and tolerances. */

import { type LoadedModel, openCheckpoint } from '../../src/models/checkpoint.ts';
import { floatValues, readSafetensors, type SafetensorsFile } from '../../src/models/checkpoints/safetensors.ts';
import type { ContextBatch } from '../../src/models/family.ts';

export interface CaseFolder {
  readonly model: LoadedModel;
  readonly configJson: string;
  readonly cases: SafetensorsFile;
  readonly meta: ModelMeta;
}

/** How the official code was called in a case; flags are named as there. */
export interface OfficialCall {
  readonly mode?: 'forecast' | 'decode' | 'naive';
  readonly horizon?: number;
  readonly normalize?: boolean;
  readonly window_size?: number;
  readonly truncate_negative?: boolean;
  readonly force_flip_invariance?: boolean;
  readonly store_f64?: boolean;
  /** Chronos-Bolt: a horizon beyond one pass. */
  readonly long?: number;
  /** TimesFM 2.5's ForecastConfig. */
  readonly fc?: {
    readonly normalize_inputs: boolean;
    readonly use_continuous_quantile_head: boolean;
    readonly force_flip_invariance: boolean;
    readonly infer_is_positive: boolean;
    readonly fix_quantile_crossing: boolean;
    readonly return_backcast?: boolean;
    readonly max_context: number;
  };
}

/** What is read of a `meta.json`; tolerances are numbers a row or short formulas, depending on the family. */
interface ModelMeta {
  readonly family: string;
  readonly spec?: { readonly context_len?: number };
  readonly cases: Readonly<
    Record<string, { readonly call: OfficialCall; readonly prediction_length?: number; readonly patch_size?: number }>
  >;
  readonly variants: Readonly<Record<string, { readonly count: number }>>;
  readonly tolerance: Readonly<Record<string, string>> & {
    readonly recommended?: Readonly<
      Record<string, Readonly<Record<string, { readonly atol_per_row: readonly number[] }>>>
    >;
  };
  readonly 'float32_vs_float64_[max_abs,max_abs/max|y|]': Readonly<
    Record<string, Readonly<Record<string, readonly number[]>>>
  >;
}

/**
 * The configuration of a case folder as a user would give it: where the official code keeps the context length beside the
 * config (`hparams.json`, or the spec in `meta.json`), it is one more field.
 */
export async function configOf(read: (file: string) => Promise<Uint8Array>, file = 'config.json'): Promise<string> {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const json = async (name: string): Promise<object> => JSON.parse(new TextDecoder().decode(await read(folder + name)));
  const { spec } = (await json('meta.json')) as Pick<ModelMeta, 'spec'>;
  const length = spec?.context_len === undefined ? {} : { context_len: spec.context_len };
  return JSON.stringify({ ...(await json(file.slice(folder.length))), ...length });
}

/** Opens a case folder from its files' bytes. */
export async function openCaseFolder(read: (file: string) => Promise<Uint8Array>): Promise<CaseFolder> {
  const configJson = await configOf(read);
  const model = await openCheckpoint({ name: 'golden', configJson, weights: await read('model.safetensors') });
  const cases = readSafetensors(await read('cases.safetensors'), 'cases.safetensors');
  const meta = JSON.parse(new TextDecoder().decode(await read('meta.json'))) as ModelMeta;
  return { model, configJson, cases, meta };
}

/** Names of the cases: `case0`, `case1` … */
export function caseNames(cases: SafetensorsFile): string[] {
  return [...cases.tensors.keys()].flatMap((name) => /^(case\d+)\.context$/.exec(name)?.[1] ?? []);
}

export function contextOf(cases: SafetensorsFile, name: string): ContextBatch {
  const [contexts, length, channels = 1] = shapeOf(cases, `${name}.context`) as [number, number, number?];
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

/** The rows of a case's context [B, T]. */
export function rowsOfCase(cases: SafetensorsFile, name: string): Float64Array[] {
  const [rows, length] = shapeOf(cases, `${name}.context`) as [number, number];
  const values = Float64Array.from(tensorValues(cases, `${name}.context`));
  return Array.from({ length: rows }, (_, row) => values.slice(row * length, (row + 1) * length));
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
