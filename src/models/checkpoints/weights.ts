/**
 * A checkpoint's weights as a session wants them: float32 and float16 tensors stay in place in the checkpoint's file;
 * other float types (bfloat16, float64), which onnxruntime-web cannot take, are converted into a second one.
 */

import { fail } from '../../core/errors.ts';
import { sizeOf, type Tensor } from '../graph/ir.ts';
import type { WeightLocation } from '../graph/onnx/emit.ts';
import { floatValues, type SafetensorsFile, type StoredTensor } from './safetensors.ts';

/** Files a session is given, and where in them each weight lies. */
export interface WeightStore {
  readonly files: readonly { readonly path: string; readonly data: Uint8Array }[];
  readonly locate: (name: string) => WeightLocation;
  /** A weight's values as float32. */
  readonly values: (name: string) => Float32Array;
}

/**
 * Checks that the file holds every weight the graph asks for, in the right shape and without NaN, and lays them out.
 * @throws UserError naming the tensor, and both shapes where they differ.
 */
export function storeWeights(file: SafetensorsFile, wanted: ReadonlyMap<string, Tensor>, where: string): WeightStore {
  for (const [name, tensor] of wanted) checkTensor(file, name, tensor.shape, where);
  const inPlace = (tensor: StoredTensor): boolean => tensor.type === 'F32' || tensor.type === 'F16';
  const converted = [...wanted.keys()].filter((name) => !inPlace(file.tensors.get(name)!));
  const offsets = new Map<string, number>();
  let end = 0;
  for (const name of converted) {
    offsets.set(name, end);
    end += 4 * sizeOf(file.tensors.get(name)!.shape);
  }
  const side = new Float32Array(end / 4);
  for (const [name, offset] of offsets) side.set(floatValues(file, file.tensors.get(name)!), offset / 4);

  const original = { path: 'checkpoint.safetensors', data: file.bytes };
  const extra = { path: 'converted.bin', data: new Uint8Array(side.buffer) };
  return {
    files: converted.length > 0 ? [original, extra] : [original],
    values: (name) => floatValues(file, file.tensors.get(name)!),
    locate: (name) => {
      const tensor = file.tensors.get(name)!;
      const offset = offsets.get(name);
      if (offset !== undefined) {
        return { path: extra.path, type: 'float32', byteOffset: offset, byteLength: 4 * sizeOf(tensor.shape) };
      }
      const { byteOffset, byteLength } = tensor;
      return { path: original.path, type: tensor.type === 'F16' ? 'float16' : 'float32', byteOffset, byteLength };
    },
  };
}

function checkTensor(file: SafetensorsFile, name: string, shape: readonly number[], where: string): void {
  const tensor = file.tensors.get(name);
  if (!tensor) {
    fail(
      'checkpoint/missing-tensor',
      `The weights have no tensor ${name}, which the config asks for in shape [${shape.join(', ')}].`,
      {
        where,
        hint: 'Check that config.json and model.safetensors belong to the same checkpoint.',
      },
    );
  }
  if (String(tensor.shape) !== String(shape)) {
    fail(
      'checkpoint/shape',
      `Tensor ${name} has the shape [${tensor.shape.join(', ')}], but the config asks for [${shape.join(', ')}].`,
      { where, hint: 'Check that config.json and model.safetensors belong to the same checkpoint.' },
    );
  }
  if (!['F64', 'F32', 'F16', 'BF16'].includes(tensor.type)) {
    fail('checkpoint/type', `Tensor ${name} holds ${tensor.type} values; weights must be floating-point numbers.`, {
      where,
    });
  }
  const bad = floatValues(file, tensor).findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    fail('checkpoint/not-finite', `Tensor ${name} holds a value that is not a finite number (element ${bad}).`, {
      where,
      hint: 'A model with such weights predicts nothing but NaN; use another copy of the checkpoint.',
    });
  }
}
