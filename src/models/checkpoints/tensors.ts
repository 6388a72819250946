/** The tensors of a checkpoint, whatever files hold them: where each lies, and its values. */

import { sizeOf, stridesOf } from '../graph/ir.ts';
import { floatValues, type SafetensorsFile, type StoredTensor } from './safetensors.ts';

export interface TableTensor extends StoredTensor {
  /** Index into the table's files. */
  readonly file: number;
  /** In elements, where the values do not lie row by row; `byteLength` then covers all they touch. */
  readonly strides?: readonly number[];
}

export interface TensorTable {
  readonly files: readonly Uint8Array[];
  readonly tensors: ReadonlyMap<string, TableTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A single safetensors file as a table. */
export function tableOf(file: SafetensorsFile): TensorTable {
  const tensors = new Map([...file.tensors].map(([name, tensor]) => [name, { ...tensor, file: 0 }]));
  return { files: [file.bytes], tensors, metadata: file.metadata };
}

/** The values of a float tensor, row by row, as float32. */
export function tableValues(table: TensorTable, tensor: TableTensor): Float32Array {
  const stored = floatValues({ bytes: table.files[tensor.file]! }, tensor);
  if (!tensor.strides) return stored;
  const { shape, strides } = tensor;
  const rowMajor = stridesOf(shape);
  return Float32Array.from({ length: sizeOf(shape) }, (_, i) => {
    let at = 0;
    for (let axis = 0; axis < shape.length; axis++) {
      at += (Math.floor(i / rowMajor[axis]!) % shape[axis]!) * strides[axis]!;
    }
    return stored[at]!;
  });
}
