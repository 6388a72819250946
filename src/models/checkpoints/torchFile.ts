/**
 * PyTorch's zip checkpoints (`torch.save` since 1.6: `pytorch_model.bin`, `torch_model.ckpt`): a pickle that describes the tensors,
 * and one uncompressed member for each storage. The tensors stay where they are in the file.
 */

import { fail } from '../../core/errors.ts';
import { sizeOf, stridesOf } from '../graph/ir.ts';
import { PickleGlobal, type PickleHost, type PickleObject, type PickleValue, readPickle } from './pickle.ts';
import { bytesPerElement, type SafetensorsType } from './safetensors.ts';
import type { TableTensor, TensorTable } from './tensors.ts';
import { readZipDirectory, type ZipMember } from './zip.ts';

const storageTypes: Readonly<Record<string, SafetensorsType>> = {
  'torch.DoubleStorage': 'F64',
  'torch.FloatStorage': 'F32',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
};

const functions = new Set([
  'collections.OrderedDict',
  'torch.Size',
  'torch._utils._rebuild_tensor',
  'torch._utils._rebuild_tensor_v2',
  'torch._utils._rebuild_parameter',
  'torch._utils._rebuild_parameter_with_state',
  'torch._tensor._rebuild_from_type_v2',
]);

/** Keys below which training frameworks keep the weights. */
const weightKeys = ['state_dict', 'model_state_dict', 'model', 'module', 'net', 'weights', 'params'];

interface Storage extends PickleObject {
  readonly kind: 'storage';
  readonly type: SafetensorsType;
  readonly member: ZipMember;
}

interface Rebuilt extends PickleObject {
  readonly kind: 'tensor';
  readonly tensor: TableTensor;
}

/** True for the first bytes of a zip archive. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/**
 * Reads the tensors of a checkpoint by name.
 * @throws UserError `checkpoint/zip`, `checkpoint/pickle` or `checkpoint/torch` with what is wrong.
 */
export function readTorchFile(bytes: Uint8Array, where: string): TensorTable {
  const members = readZipDirectory(bytes, where);
  const pickleName = [...members.keys()].find((name) => name === 'data.pkl' || name.endsWith('/data.pkl'));
  if (pickleName === undefined) {
    return fail('checkpoint/torch', 'The archive holds no data.pkl, so it is no PyTorch checkpoint.', {
      where,
      hint: 'Drop the checkpoint file itself (model.safetensors, pytorch_model.bin or torch_model.ckpt), not an archive of it.',
    });
  }
  const root = pickleName.slice(0, -'data.pkl'.length);
  const contents = (name: string): Uint8Array | undefined => {
    const member = members.get(root + name);
    return member && bytes.subarray(member.byteOffset, member.byteOffset + member.byteLength);
  };
  const order = contents('byteorder');
  if (order && new TextDecoder().decode(order).trim() !== 'little') {
    fail('checkpoint/torch', 'The checkpoint was written on a big-endian machine.', {
      where,
      hint: 'Convert it to safetensors.',
    });
  }
  const host = new TensorHost(members, `${root}data/`, where);
  const value = readPickle(contents('data.pkl')!, host, where);
  const tensors = new Map<string, TableTensor>();
  for (const [name, entry] of weightsIn(value)) {
    if (typeof name === 'string' && isTensor(entry)) tensors.set(name, entry.tensor);
  }
  if (tensors.size === 0) {
    fail('checkpoint/torch', 'The checkpoint holds no tensors by name.', {
      where,
      hint: 'Save the state dict of the model: torch.save(model.state_dict(), file).',
    });
  }
  return { files: [bytes], tensors, metadata: {} };
}

class TensorHost implements PickleHost {
  constructor(
    private readonly members: ReadonlyMap<string, ZipMember>,
    private readonly dataFolder: string,
    private readonly where: string,
  ) {}

  knows(name: string): boolean {
    return functions.has(name) || Object.hasOwn(storageTypes, name);
  }

  call = (name: string, args: readonly PickleValue[]): PickleValue | undefined => {
    switch (name) {
      case 'collections.OrderedDict':
        return new Map();
      case 'torch.Size':
        return Array.isArray(args[0]) ? args[0] : undefined;
      case 'torch._utils._rebuild_tensor':
      case 'torch._utils._rebuild_tensor_v2':
        return this.rebuild(args);
      case 'torch._utils._rebuild_parameter':
      case 'torch._utils._rebuild_parameter_with_state':
        return args[0];
      case 'torch._tensor._rebuild_from_type_v2': {
        // (function, type, its arguments, state): a tensor of a subclass.
        const [made, , given] = args;
        return made instanceof PickleGlobal && Array.isArray(given) ? this.call(made.name, given) : undefined;
      }
      default:
        return undefined;
    }
  };

  persistent = (id: PickleValue): PickleValue => {
    const [tag, type, key, , elements] = Array.isArray(id) ? id : [];
    const stored = type instanceof PickleGlobal ? storageTypes[type.name] : undefined;
    const member = this.members.get(`${this.dataFolder}${String(key)}`);
    if (tag !== 'storage' || stored === undefined) return this.broken('a storage has no known type');
    if (!member) return this.broken(`the storage ${String(key)} is missing`);
    if (typeof elements !== 'number' || elements * bytesPerElement[stored] !== member.byteLength) {
      return this.broken(`the storage ${String(key)} has another size than it claims`);
    }
    const storage: Storage = { kind: 'storage', type: stored, member };
    return storage;
  };

  /** (storage, offset, shape, strides, …) in elements; no element may lie outside of the storage. */
  private rebuild(args: readonly PickleValue[]): Rebuilt {
    const [storage, offset, shape, strides] = args;
    if (!isStorage(storage) || !isIndex(offset) || !isShape(shape) || !isShape(strides)) {
      return this.broken('a tensor is described wrongly');
    }
    if (shape.length !== strides.length) return this.broken('a tensor has more axes than strides');
    const width = bytesPerElement[storage.type];
    const stored = storage.member.byteLength / width;
    const empty = shape.includes(0);
    const touched = empty ? 0 : 1 + shape.reduce((sum, length, axis) => sum + (length - 1) * strides[axis]!, 0);
    // Strides of 0 would let a few bytes stand for a tensor of any size.
    if (offset + touched > stored || sizeOf(shape) > stored) return this.broken('a tensor is larger than its storage');
    const rowMajor = stridesOf(shape);
    const inOrder = empty || shape.every((length, axis) => length === 1 || strides[axis] === rowMajor[axis]);
    const tensor: TableTensor = {
      type: storage.type,
      shape,
      byteOffset: storage.member.byteOffset + offset * width,
      byteLength: touched * width,
      file: 0,
      ...(!inOrder && { strides }),
    };
    return { kind: 'tensor', tensor };
  }

  private broken(what: string): never {
    return fail('checkpoint/torch', `The checkpoint is broken: ${what}.`, {
      where: this.where,
      hint: 'Download or copy the checkpoint again.',
    });
  }
}

/** The table of weights: the value itself, or what it holds under one of the usual keys. */
function weightsIn(value: PickleValue): ReadonlyMap<PickleValue, PickleValue> {
  if (!(value instanceof Map)) return new Map();
  for (const key of weightKeys) {
    const inner = value.get(key);
    if (inner instanceof Map) return inner;
  }
  return value;
}

function isTensor(value: PickleValue): value is Rebuilt {
  return isObject(value) && value.kind === 'tensor';
}

function isStorage(value: PickleValue | undefined): value is Storage {
  return value !== undefined && isObject(value) && value.kind === 'storage';
}

function isObject(value: PickleValue): value is PickleObject {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

function isIndex(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isShape(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.every(isIndex);
}
