/**
 * A checkpoint's weights as a session wants them. Float32 and float16 tensors stay in place in the checkpoint's files; other
 * types, which onnxruntime-web cannot take, and matrices that are wanted in fewer bits are converted into one more file.
 */

import { fail } from '../../core/errors.ts';
import type { Graph } from '../graph/builder.ts';
import { sizeOf, type Tensor } from '../graph/ir.ts';
import type { WeightLocation } from '../graph/onnx/emit.ts';
import type { Precision } from '../types.ts';
import { toHalves } from './float16.ts';
import { quantisable, quantise } from './quantise.ts';
import { firstFew } from './shards.ts';
import { type TableTensor, type TensorTable, tableValues } from './tensors.ts';
import { unusedNames } from './unused.ts';

/** Files a session is given, and where in them each weight lies. */
export interface WeightStore {
  readonly files: readonly { readonly path: string; readonly data: Uint8Array }[];
  readonly locate: (name: string) => WeightLocation;
  /** A weight's values as float32, as the checkpoint has them. */
  readonly values: (name: string) => Float32Array;
}

const floats = ['F64', 'F32', 'F16', 'BF16'];
const CONVERTED = 'converted.bin';
const OVERLAID = 'overlaid.bin';

/**
 * Checks that the files hold every weight the graph asks for, in the right shape and without NaN.
 * @throws UserError naming the tensors, and both shapes where they differ.
 */
export function checkWeights(table: TensorTable, wanted: ReadonlyMap<string, Tensor>, where: string): void {
  const missing = [...wanted].filter(([name]) => !table.tensors.has(name));
  if (missing.length > 0) refuseMissing(table, wanted, missing, where);
  const misshapen = [...wanted].filter(([name, { shape }]) => String(table.tensors.get(name)!.shape) !== String(shape));
  if (misshapen.length > 0) {
    const [name, { shape }] = misshapen[0]!;
    const others = misshapen.slice(1).map(([other]) => other);
    const got = table.tensors.get(name)!.shape.join(', ');
    fail(
      'checkpoint/shape',
      `Tensor ${name} has the shape [${got}], but the config asks for [${shape.join(', ')}].${
        others.length > 0 ? ` So have ${others.length} more: ${firstFew(others)}.` : ''
      }`,
      { where, hint: 'Check that config.json and the weights belong to the same checkpoint.' },
    );
  }
  for (const name of wanted.keys()) checkValues(table, name, where);
}

/**
 * Lays out checked weights, and any others a family's further graphs may read; `narrow` says which matrices are stored in
 * fewer bits.
 */
export function layOutWeights(
  table: TensorTable,
  precision: Precision = 'f32',
  narrow: ReadonlySet<string> = new Set(),
): WeightStore {
  const side = new SideFile();
  const places = new Map<string, WeightLocation>();
  for (const [name, tensor] of table.tensors) {
    if (!floats.includes(tensor.type) && !scaleOf(table, name)) continue;
    places.set(
      name,
      narrow.has(name) ? side.narrow(weightValues(table, name), tensor, precision) : plain(name, tensor),
    );
  }

  function plain(name: string, tensor: TableTensor): WeightLocation {
    const inPlace = (tensor.type === 'F32' || tensor.type === 'F16') && !tensor.strides;
    if (!inPlace) return { path: CONVERTED, type: 'float32', ...side.append(weightValues(table, name)) };
    const { byteOffset, byteLength, file } = tensor;
    const type = tensor.type === 'F16' ? 'float16' : 'float32';
    if (narrow.size === 0) return { path: fileName(file), type, byteOffset, byteLength };
    // What stays wide is copied too, so that the checkpoint's own bytes need not be kept for it.
    const bytes = table.files[file]!.subarray(byteOffset, byteOffset + byteLength);
    return { path: CONVERTED, type, ...side.append(bytes) };
  }

  // A session keeps every file it is given alive, so that only those something is read from are handed over.
  const used = new Set([...places.values()].map(({ path }) => path));
  const originals = table.files.map((data, file) => ({ path: fileName(file), data }));
  return {
    files: [...originals, { path: CONVERTED, data: side.finish() }].filter(({ path }) => used.has(path)),
    values: (name) => weightValues(table, name),
    locate: (name) => places.get(name)!,
  };
}

/** The same weights but for those given, which are float32. */
export function overlayWeights(store: WeightStore, values: ReadonlyMap<string, Float32Array>): WeightStore {
  const side = new SideFile();
  const places = new Map<string, WeightLocation>();
  for (const [name, replaced] of values) {
    places.set(name, { path: OVERLAID, type: 'float32', ...side.append(replaced) });
  }
  return {
    files: [...store.files, { path: OVERLAID, data: side.finish() }],
    locate: (name) => places.get(name) ?? store.locate(name),
    values: (name) => values.get(name) ?? store.values(name),
  };
}

/** The same weights, without a way back to the checkpoint they were read from. */
export function detachWeights({ files, locate }: WeightStore, names: Iterable<string>): WeightStore {
  const places = new Map([...names].map((name) => [name, locate(name)]));
  return {
    files,
    locate: (name) => places.get(name)!,
    values: (name) => {
      throw new Error(`the values of ${name} were not kept`);
    },
  };
}

/** Checks weights and lays them out as they are. */
export function storeWeights(table: TensorTable, wanted: ReadonlyMap<string, Tensor>, where: string): WeightStore {
  checkWeights(table, wanted, where);
  return layOutWeights(table);
}

/** Names of the matrices that can be stored in fewer bits: those that only ever multiply activations. */
export function narrowable(graph: Graph, precision: Precision): ReadonlySet<string> {
  const names = new Set<string>();
  const others = new Set<string>();
  for (const node of graph.nodes) {
    node.operands.forEach((operand, place) => {
      const { operation } = graph.nodes[operand.id]!;
      if (operation.kind !== 'weight') return;
      const multiplies = node.operation.kind === 'linear' && place === 1;
      if (multiplies && (precision === 'f16' || quantisable(operand.shape))) names.add(operation.name);
      else others.add(operation.name);
    });
  }
  return new Set(precision === 'f32' ? [] : [...names].filter((name) => !others.has(name)));
}

/** Bytes the weights take in a session. */
export function storedBytes(store: WeightStore, wanted: ReadonlyMap<string, Tensor>): number {
  return [...wanted.keys()].reduce((sum, name) => {
    const place = store.locate(name);
    if (place.type === 'float16' && !place.computesInHalf) return sum + 2 * place.byteLength;
    return sum + place.byteLength + ('scales' in place ? place.scales.byteLength : 0);
  }, 0);
}

/** Converted tensors one behind the other. */
class SideFile {
  private readonly parts: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  private end = 0;

  append({ buffer, byteOffset, byteLength }: ArrayBufferView): { byteOffset: number; byteLength: number } {
    const start = Math.ceil(this.end / 8) * 8;
    this.parts.push({ start, bytes: new Uint8Array(buffer, byteOffset, byteLength) });
    this.end = start + byteLength;
    return { byteOffset: start, byteLength };
  }

  narrow(values: Float32Array, tensor: TableTensor, precision: Precision): WeightLocation {
    const place = { path: CONVERTED };
    if (precision !== 'int8' && precision !== 'int4') {
      return { ...place, type: 'float16', computesInHalf: true, ...this.append(toHalves(values)) };
    }
    const bits = precision === 'int8' ? 8 : 4;
    const { packed, scales } = quantise(values, bits);
    const [rows, columns] = tensor.shape as [number, number];
    return { ...place, type: precision, bits, rows, columns, ...this.append(packed), scales: this.append(scales) };
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.end);
    for (const { start, bytes } of this.parts) out.set(bytes, start);
    return out;
  }
}

function fileName(file: number): string {
  return `weights-${file}.bin`;
}

/** A weight's values; those stored as whole numbers of one byte are multiplied by their scale. */
function weightValues(table: TensorTable, name: string): Float32Array {
  const tensor = table.tensors.get(name)!;
  const values = tableValues(table, tensor);
  if (tensor.type !== 'I8') return values;
  const scales = tableValues(table, scaleOf(table, name)!);
  const perScale = values.length / scales.length;
  return values.map((value, i) => value * scales[Math.floor(i / perScale)]!);
}

/** The scale beside a tensor of whole numbers: one for all, or one a row. */
function scaleOf(table: TensorTable, name: string): TableTensor | undefined {
  const rows = table.tensors.get(name)!.shape[0] ?? 1;
  const scale = table.tensors.get(`${name}_scale`) ?? table.tensors.get(`${name}.scale`);
  return scale && floats.includes(scale.type) && [1, rows].includes(sizeOf(scale.shape)) ? scale : undefined;
}

function refuseMissing(
  table: TensorTable,
  wanted: ReadonlyMap<string, Tensor>,
  missing: readonly (readonly [string, Tensor])[],
  where: string,
): never {
  const [name, { shape }] = missing[0]!;
  const others = missing.slice(1).map(([other]) => other);
  const extra = unusedNames(table, wanted);
  const more = others.length > 0 ? ` ${others.length} more are missing: ${firstFew(others)}.` : '';
  const unused = extra.length > 0 ? ` The file has ${extra.length} others: ${firstFew(extra)}.` : '';
  return fail(
    'checkpoint/missing-tensor',
    `The weights have no tensor ${name}, which the config asks for in shape [${shape.join(', ')}].${more}${unused}`,
    { where, hint: missingHint(wanted.size - missing.length, wanted.size) },
  );
}

/** What to blame: names that are all others, sizes that differ, or a file of which a part is missing. */
function missingHint(there: number, all: number): string {
  if (there === 0) {
    return 'None of the names fits: the weights are of another architecture than the config.json, or were saved under names of their own. Drop the config.json that lies beside them, or save the state dict of the model itself.';
  }
  return `${there} of ${all} tensors are there: either the config.json is of another size of the model, or the file holds a part of it only (an adapter, a shard). Drop the config.json that lies beside the weights, and whole weights.`;
}

function checkValues(table: TensorTable, name: string, where: string): void {
  const { type } = table.tensors.get(name)!;
  if (type === 'I8' && !scaleOf(table, name)) {
    fail('checkpoint/type', `Tensor ${name} holds whole numbers (I8) without a scale ${name}_scale beside it.`, {
      where,
      hint: 'Use the checkpoint in float32 or float16; this page can round its weights itself.',
    });
  }
  if (type !== 'I8' && !floats.includes(type)) {
    fail('checkpoint/type', `Tensor ${name} holds ${type} values; weights must be floating-point numbers.`, {
      where,
      hint: 'Use the checkpoint in float32, float16 or bfloat16.',
    });
  }
  const bad = weightValues(table, name).findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    fail('checkpoint/not-finite', `Tensor ${name} holds a value that is not a finite number (element ${bad}).`, {
      where,
      hint: 'A model with such weights predicts nothing but NaN; use another copy of the checkpoint.',
    });
  }
}
