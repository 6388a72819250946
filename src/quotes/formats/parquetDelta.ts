/** Parquet's delta encoding, walked over before it is decoded: hyparquet trusts the lengths in it. */

import { readVarint } from './thrift.ts';

/** Where `count` numbers end. @throws RangeError where they do not fit the bytes. */
export function endOfDelta(bytes: Uint8Array, start: number, count: number): number {
  return walk(bytes, start, count, () => {});
}

/** What texts that share their beginnings with the one before unpack to, in bytes. @throws RangeError where lengths do not fit. */
export function deltaLengths(bytes: Uint8Array, start: number, count: number): number {
  let total = 0;
  const add = (length: number) => {
    if (!(length >= 0 && length <= 0x7fffffff)) throw new RangeError('a length that is none');
    total += length;
  };
  walk(bytes, walk(bytes, start, count, add), count, add);
  return total;
}

function walk(bytes: Uint8Array, start: number, count: number, onValue: (value: number) => void): number {
  let at = start;
  const varint = () => {
    const { value, end } = readVarint(bytes, at);
    at = end;
    return value;
  };
  const signed = () => {
    const value = varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  const [block, parts] = [varint(), varint()];
  varint();
  let value = signed();
  if (count > 0) onValue(value);
  const each = block / parts;
  // As the format says: whole blocks of 128, their parts of 32.
  if (!(each >= 8 && each % 8 === 0 && block <= 1 << 20)) throw new RangeError('blocks of no size');
  for (let seen = 1; seen < count; ) {
    const least = signed();
    const widths = at;
    at += parts;
    if (at > bytes.length) throw new RangeError('a block that is cut off');
    for (let part = 0; part < parts && seen < count; part++) {
      const bits = bytes[widths + part]!;
      if (bits > 64) throw new RangeError('numbers of more than 64 bits');
      const inPart = Math.min(each, count - seen);
      if ((inPart * bits) / 8 > bytes.length - at) throw new RangeError('a block that is cut off');
      for (let i = 0; i < inPart; i++) {
        value += least + bitsAt(bytes, at, i * bits, bits);
        onValue(value);
      }
      seen += inPart;
      at += (each * bits) / 8;
    }
  }
  return Math.min(at, bytes.length);
}

/** Little-endian bits; of those beyond 2⁵³ the lowest are lost. */
function bitsAt(bytes: Uint8Array, start: number, bit: number, bits: number): number {
  let value = 0;
  for (let i = 0; i < bits; ) {
    const at = bit + i;
    const take = Math.min(8 - (at & 7), bits - i);
    value += (((bytes[start + (at >> 3)] ?? 0) >> (at & 7)) & (2 ** take - 1)) * 2 ** i;
    i += take;
  }
  return value;
}
