/** gzip with its checksums: fflate inflates, but compares neither the checksum nor the length that end every member. */

import { Gunzip } from 'fflate';
import { crc32 } from './crc32.ts';
import type { Unpacker } from './unpacked.ts';

/** Header and trailer of a member. */
const SHORTEST_MEMBER = 18;
const TRAILER_BYTES = 8;
/** More than a member's header and the trailer before it take. */
const TAIL_BYTES = 1 << 17;

/**
 * Unpacks all members of a gzip file, one after the other, as block-wise compressors write them. Anything it throws means that the file is
 * damaged.
 */
export function gunzip(emit: (bytes: Uint8Array) => void): Unpacker {
  let checksum = 0;
  let length = 0;
  let packedLength = 0;
  // A member's end is told when the next one's header was read, which may be some pieces later.
  let tail = new Uint8Array();

  const verify = (packedEnd: number) => {
    const start = tail.length - (packedLength - packedEnd) - TRAILER_BYTES;
    if (start < 0) throw new RangeError('a member without its end');
    const view = new DataView(tail.buffer, tail.byteOffset + start, TRAILER_BYTES);
    if (view.getUint32(0, true) !== checksum || view.getUint32(4, true) !== length % 2 ** 32) {
      throw new RangeError('a wrong checksum');
    }
    checksum = 0;
    length = 0;
  };
  const stream = new Gunzip((bytes) => {
    checksum = crc32(bytes, checksum);
    length += bytes.length;
    if (bytes.length > 0) emit(bytes);
  });
  stream.onmember = verify;
  return {
    push(packed, last) {
      tail = endOf(tail, packed);
      packedLength += packed.length;
      if (last && packedLength < SHORTEST_MEMBER) throw new RangeError('a gzip file without its end');
      stream.push(packed, last);
      if (last) verify(packedLength);
    },
  };
}

/** The last bytes of both. */
function endOf(before: Uint8Array, packed: Uint8Array): Uint8Array<ArrayBuffer> {
  const kept = before.subarray(Math.max(0, before.length + packed.length - TAIL_BYTES));
  const both = new Uint8Array(kept.length + packed.length);
  both.set(kept);
  both.set(packed, kept.length);
  return both;
}
