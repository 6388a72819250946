/**
 * The safetensors format: 8 bytes little-endian header length, a JSON header (name → dtype, shape, data_offsets), then
 * the tensors' bytes. Reading checks everything a broken or hostile file could get wrong before any tensor is touched.
 */

import * as v from 'valibot';
import { fail } from '../../core/errors.ts';

/** Types a safetensors file can hold. */
export const bytesPerElement = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

export type SafetensorsType = keyof typeof bytesPerElement;

export interface StoredTensor {
  readonly type: SafetensorsType;
  readonly shape: readonly number[];
  /** Place from the start of the file. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

export interface SafetensorsFile {
  readonly bytes: Uint8Array;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const index = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entrySchema = v.object({ dtype: v.string(), shape: v.array(index), data_offsets: v.tuple([index, index]) });
const HEADER_START = 8;

/** The limit of the official reader. */
const LONGEST_HEADER = 100_000_000;

/**
 * Reads the header of a safetensors file; the tensors stay in `bytes`.
 * @throws UserError `checkpoint/safetensors` with what is wrong and in which tensor.
 */
export function readSafetensors(bytes: Uint8Array, where: string): SafetensorsFile {
  const broken = (message: string): never =>
    fail('checkpoint/safetensors', message, {
      where,
      hint: 'The file is not a whole safetensors checkpoint: download or copy it again.',
    });
  if (bytes.length < HEADER_START) broken(`The file has ${bytes.length} bytes, too few for a safetensors header.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  const dataStart = HEADER_START + headerLength;
  if (dataStart > bytes.length) {
    broken(`The header claims ${headerLength} bytes, but the file ends after ${bytes.length}.`);
  }
  if (headerLength > LONGEST_HEADER) {
    broken(`The header claims ${headerLength} bytes, more than any checkpoint's (${LONGEST_HEADER}).`);
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(HEADER_START, dataStart)));
  } catch {
    broken('The header is not JSON text.');
  }
  if (!isTable(json)) return broken('The header is not a JSON object.');
  const { __metadata__: metadata, ...entries } = json;
  const texts = metadata ?? {};
  if (!isTable(texts) || !isTextual(texts)) return broken('The __metadata__ of the header are not texts by name.');
  const tensors = new Map<string, StoredTensor>();
  for (const [name, raw] of Object.entries(entries)) {
    const entry = v.safeParse(entrySchema, raw);
    if (!entry.success) return broken(`The header entry of tensor ${name} is malformed.`);
    const { dtype, shape, data_offsets: offsets } = entry.output;
    if (!isKnownType(dtype)) return broken(`Tensor ${name} has the unknown type ${dtype}.`);
    const byteLength = shape.reduce((product, length) => product * length, bytesPerElement[dtype]);
    if (offsets[1] - offsets[0] !== byteLength) {
      broken(
        `Tensor ${name} of shape [${shape}] and type ${dtype} needs ${byteLength} bytes, not ${offsets[1] - offsets[0]}.`,
      );
    }
    if (dataStart + offsets[1] > bytes.length) {
      broken(`The file is cut off: tensor ${name} ends at byte ${dataStart + offsets[1]} of ${bytes.length}.`);
    }
    tensors.set(name, { type: dtype, shape, byteOffset: dataStart + offsets[0], byteLength });
  }
  checkLayout(tensors, dataStart, bytes.length, broken);
  return { bytes, tensors, metadata: texts };
}

/** The format wants the tensors one behind the other, each byte in exactly one of them. */
function checkLayout(
  tensors: ReadonlyMap<string, StoredTensor>,
  dataStart: number,
  fileEnd: number,
  broken: (message: string) => never,
): void {
  const inOrder = [...tensors].sort(([, a], [, b]) => a.byteOffset - b.byteOffset || a.byteLength - b.byteLength);
  let end = dataStart;
  let before = '';
  for (const [name, { byteOffset, byteLength }] of inOrder) {
    if (byteOffset < end) broken(`The tensors ${before} and ${name} overlap.`);
    if (byteOffset > end) broken(`There are ${byteOffset - end} bytes of no tensor before ${name}.`);
    end = byteOffset + byteLength;
    before = name;
  }
  if (end < fileEnd) broken(`There are ${fileEnd - end} bytes of no tensor at the end of the file.`);
}

/** The values of a float tensor (or of whole numbers of one byte), converted to float32; a copy unless it is an aligned F32 tensor. */
export function floatValues(file: Pick<SafetensorsFile, 'bytes'>, tensor: StoredTensor): Float32Array {
  const start = file.bytes.byteOffset + tensor.byteOffset;
  const aligned = (width: number): ArrayBufferLike =>
    start % width === 0
      ? file.bytes.buffer
      : new Uint8Array(file.bytes.subarray(tensor.byteOffset, tensor.byteOffset + tensor.byteLength)).buffer;
  const at = (width: number): number => (start % width === 0 ? start : 0);
  const count = tensor.byteLength / bytesPerElement[tensor.type];
  switch (tensor.type) {
    case 'F32':
      return new Float32Array(aligned(4), at(4), count);
    case 'F64':
      return Float32Array.from(new Float64Array(aligned(8), at(8), count));
    case 'F16':
      return Float32Array.from(new Uint16Array(aligned(2), at(2), count), halfToFloat);
    case 'BF16': {
      const words = Uint32Array.from(new Uint16Array(aligned(2), at(2), count), (half) => half << 16);
      return new Float32Array(words.buffer);
    }
    case 'I8':
      return Float32Array.from(new Int8Array(aligned(1), at(1), count));
    default:
      throw new TypeError(`${tensor.type} is not a float type`);
  }
}

/** The bytes of a tensor as they lie in a file. */
export interface StoredValues {
  readonly type: SafetensorsType;
  readonly bytes: Uint8Array;
}

/** What is written: float32, float16 as its bits, or bytes of any type. */
export type WrittenValues = Float32Array | Uint16Array | StoredValues;

/** A safetensors file of tensors in the order given; the header is padded so that the data are aligned. */
export function writeSafetensors(
  tensors: Iterable<readonly [name: string, shape: readonly number[], values: WrittenValues]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const list = Array.from(tensors, ([name, shape, values]) => [name, shape, storedValues(values)] as const);
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, shape, values] of list) {
    header[name] = { dtype: values.type, shape, data_offsets: [end, end + values.bytes.length] };
    end += values.bytes.length;
  }
  const text = JSON.stringify(header);
  const json = new TextEncoder().encode(text + ' '.repeat((8 - (new TextEncoder().encode(text).length % 8)) % 8));
  const out = new Uint8Array(HEADER_START + json.length + end);
  new DataView(out.buffer).setBigUint64(0, BigInt(json.length), true);
  out.set(json, HEADER_START);
  let offset = HEADER_START + json.length;
  for (const [, , values] of list) {
    out.set(values.bytes, offset);
    offset += values.bytes.length;
  }
  return out;
}

function storedValues(values: WrittenValues): StoredValues {
  if ('bytes' in values) return values;
  const type = values instanceof Uint16Array ? 'F16' : 'F32';
  return { type, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}

function isKnownType(type: string): type is SafetensorsType {
  return Object.hasOwn(bytesPerElement, type);
}

// Written out because a schema library drops keys like `constructor`, which are names like any other here.
function isTable(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function isTextual(table: Readonly<Record<string, unknown>>): table is Readonly<Record<string, string>> {
  return Object.values(table).every((value) => typeof value === 'string');
}

/** IEEE 754 binary16 → number. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
