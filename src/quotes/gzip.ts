/** gzip with its checksums: fflate inflates, but compares neither the checksum nor the length that end every member. */

import { Gunzip } from 'fflate';
import { crc32 } from './crc32.ts';
import type { Unpacker } from './unpacked.ts';

/** Header and trailer of a member. */
const SHORTEST_MEMBER = 18;
const TRAILER_BYTES = 8;

/**
 * Unpacks all members of a gzip file, one after the other, as block-wise compressors write them. Anything it throws means that the file is
 * damaged.
 */
export function gunzip(emit: (bytes: Uint8Array) => void): Unpacker {
  let checksum = 0;
  let length = 0;
  let packedLength = 0;
  // A member's end is told when the next one's header was read, which may be a piece later.
  let before = new Uint8Array();
  let here = new Uint8Array();

  const verify = (packedEnd: number) => {
    const trailer = new Uint8Array(TRAILER_BYTES);
    for (let i = 0; i < TRAILER_BYTES; i++) {
      const at = packedEnd - TRAILER_BYTES + i - (packedLength - here.length);
      const byte = at < 0 ? before[before.length + at] : here[at];
      if (byte === undefined) throw new RangeError('a member without its end');
      trailer[i] = byte;
    }
    const view = new DataView(trailer.buffer);
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
      before = new Uint8Array(here);
      here = new Uint8Array(packed);
      packedLength += packed.length;
      if (last && packedLength < SHORTEST_MEMBER) throw new RangeError('a gzip file without its end');
      stream.push(packed, last);
      if (last) verify(packedLength);
    },
  };
}
