/** gzip with its checksums: fflate inflates, but compares neither the checksum nor the length that end every member. */

import { Gunzip } from 'fflate';
import { crc32 } from './crc32.ts';
import { feed, Unpacked } from './unpacked.ts';

/** Header and trailer of a member. */
const SHORTEST_MEMBER = 18;

/**
 * All members of a gzip file, one after the other, as block-wise compressors write them.
 * @throws UserError `quotes/too-large`, `quotes/bomb`; anything else it throws means that the file is damaged.
 */
export function gunzip(bytes: Uint8Array): Uint8Array {
  if (bytes.length < SHORTEST_MEMBER) throw new RangeError('a gzip file without its end');
  const unpacked = new Unpacked(bytes.length);
  const members = [{ packedStart: 0, start: 0 }];
  const stream = new Gunzip((chunk) => unpacked.push(chunk));
  stream.onmember = (packedStart) => members.push({ packedStart, start: unpacked.length });
  feed(bytes, (chunk, last) => stream.push(chunk, last));
  const whole = unpacked.whole();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  members.forEach(({ start }, i) => {
    const next = members[i + 1] ?? { packedStart: bytes.length, start: whole.length };
    const content = whole.subarray(start, next.start);
    const checksum = view.getUint32(next.packedStart - 8, true);
    const length = view.getUint32(next.packedStart - 4, true);
    if (length !== content.length % 2 ** 32 || checksum !== crc32(content)) throw new RangeError('a wrong checksum');
  });
  return whole;
}
