/** Reads protobuf wire format field by field, keeping where each lies, so that what is not changed can be copied byte by byte. */

import { fail } from '../../core/errors.ts';

/** One field of a message. */
export interface Field {
  readonly number: number;
  /** The whole field, tag included. */
  readonly raw: Uint8Array;
  /** Of a length-delimited field: what is inside; of any other: nothing. */
  readonly bytes: Uint8Array;
  /** Of a varint: its value; beyond 2^53 it is rounded. Negative numbers are two's complement of 64 bits. */
  readonly value: number;
}

const VARINT = 0;
const FIXED_64 = 1;
const DELIMITED = 2;
const FIXED_32 = 5;
const nothing: Uint8Array = new Uint8Array();

/**
 * The fields of a message, in order.
 * @throws UserError `checkpoint/onnx` for bytes that are no message.
 */
export function readFields(bytes: Uint8Array, where: string): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const broken = (): never =>
    fail('checkpoint/onnx', 'The file is not a whole ONNX model: its protobuf structure is broken.', {
      where,
      hint: 'Export or copy the model again.',
    });
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) return broken();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
    return broken();
  };
  while (at < bytes.length) {
    const start = at;
    const tag = varint();
    const number = Math.floor(tag / 8);
    const kind = tag % 8;
    if (number < 1) broken();
    let value = 0;
    let inside = nothing;
    if (kind === VARINT) value = varint();
    else if (kind === FIXED_64) at += 8;
    else if (kind === FIXED_32) at += 4;
    else if (kind === DELIMITED) {
      const length = varint();
      if (length < 0 || length > bytes.length - at) broken();
      inside = bytes.subarray(at, at + length);
      at += length;
    } else broken();
    if (at > bytes.length) broken();
    fields.push({ number, raw: bytes.subarray(start, at), bytes: inside, value });
  }
  return fields;
}

/** The text of a string field. */
export function textOf({ bytes }: Field): string {
  return new TextDecoder().decode(bytes);
}

/** Values of a repeated integer field, packed or not. */
export function integersOf(fields: readonly Field[], number: number, where: string): number[] {
  return fields
    .filter((field) => field.number === number)
    .flatMap((field) => (field.bytes.length === 0 ? [field.value] : unpack(field.bytes, where)));
}

function unpack(bytes: Uint8Array, where: string): number[] {
  const values: number[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (shift > 70n) {
      fail('checkpoint/onnx', 'The model holds a number that is too long.', { where, hint: 'Export the model again.' });
    }
    if (byte < 0x80) {
      values.push(Number(BigInt.asIntN(64, value)));
      value = 0n;
      shift = 0n;
    }
  }
  return values;
}
