/** PyTorch checkpoints as `torch.save` writes them, and broken or hostile ones: pickles opcode by opcode, zips byte by byte. */

const ascii = new TextEncoder();

/** Pieces of a pickle: bytes, or text that stands for its characters. */
export type Piece = number | string | Uint8Array;

export function pickleBytes(...pieces: readonly Piece[]): Uint8Array {
  const out: number[] = [0x80, 2];
  for (const piece of pieces) {
    if (typeof piece === 'number') out.push(piece);
    else out.push(...(typeof piece === 'string' ? ascii.encode(piece) : piece));
  }
  return Uint8Array.from(out);
}

/** BINUNICODE */
export function text(value: string): Uint8Array {
  const bytes = ascii.encode(value);
  return Uint8Array.of(0x58, bytes.length & 255, bytes.length >> 8, 0, 0, ...bytes);
}

/** BININT */
export function int(value: number): Uint8Array {
  const out = new Uint8Array(5);
  out[0] = 0x4a;
  new DataView(out.buffer).setInt32(1, value, true);
  return out;
}

export interface TorchTensor {
  readonly storage?: string;
  readonly key: string;
  readonly elements: number;
  readonly offset?: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** The opcodes that rebuild a tensor. */
export function tensorPieces(tensor: TorchTensor): Piece[] {
  const { storage = 'FloatStorage', key, elements, offset = 0, shape, strides } = tensor;
  const tuple = (values: readonly number[]): Piece[] => ['(', ...values.map(int), 't'];
  return [
    'ctorch._utils\n_rebuild_tensor_v2\n((',
    text('storage'),
    `ctorch\n${storage}\n`,
    text(key),
    text('cpu'),
    int(elements),
    'tQ',
    int(offset),
    ...tuple(shape),
    ...tuple(strides),
    0x89,
    'ccollections\nOrderedDict\n)RtR',
  ];
}

/** A state dict. */
export function statePickle(tensors: Readonly<Record<string, TorchTensor>>): Uint8Array {
  const entries = Object.entries(tensors).flatMap(([name, tensor]) => [text(name), ...tensorPieces(tensor)]);
  return pickleBytes('ccollections\nOrderedDict\n)R(', ...entries, 'u.');
}

/** An archive of stored members; `changes` tampers with the directory entry of a member. */
export function zipOf(
  members: Readonly<Record<string, Uint8Array>>,
  changes: (entry: DataView, name: string) => void = () => {},
): Uint8Array {
  const out: number[] = [];
  const directory: number[] = [];
  for (const [name, data] of Object.entries(members)) {
    const offset = out.length;
    const bytes = ascii.encode(name);
    const local = new DataView(new ArrayBuffer(30));
    local.setUint32(0, 0x04034b50, true);
    for (const at of [18, 22]) local.setUint32(at, data.length, true);
    local.setUint16(26, bytes.length, true);
    out.push(...new Uint8Array(local.buffer), ...bytes, ...data);
    const entry = new DataView(new ArrayBuffer(46));
    entry.setUint32(0, 0x02014b50, true);
    for (const at of [20, 24]) entry.setUint32(at, data.length, true);
    entry.setUint16(28, bytes.length, true);
    entry.setUint32(42, offset, true);
    changes(entry, name);
    directory.push(...new Uint8Array(entry.buffer), ...bytes);
  }
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  for (const at of [8, 10]) end.setUint16(at, Object.keys(members).length, true);
  end.setUint32(12, directory.length, true);
  end.setUint32(16, out.length, true);
  return Uint8Array.from([...out, ...directory, ...new Uint8Array(end.buffer)]);
}

/** A whole checkpoint: the pickle and its storages. */
export function torchArchive(
  pickle: Uint8Array,
  storages: Readonly<Record<string, ArrayBufferView>> = {},
  changes?: (entry: DataView, name: string) => void,
): Uint8Array {
  const members: Record<string, Uint8Array> = { 'archive/data.pkl': pickle };
  for (const [key, { buffer, byteOffset, byteLength }] of Object.entries(storages)) {
    members[`archive/data/${key}`] = new Uint8Array(buffer, byteOffset, byteLength);
  }
  return zipOf(members, changes);
}
