/** Bounds on what a compressed file may unpack to, so that a few kilobytes cannot fill the memory of a tab. */

import { fail } from '../core/errors.ts';

/** Larger contents would not fit beside their columns into a tab. */
const MAX_BYTES = 3e9;
/** Quotes shrink to a fifth or a fiftieth, not to less than this part; sizes up to `HARMLESS_BYTES` are let pass. */
const MAX_RATIO = 300;
const HARMLESS_BYTES = 64e6;

/** @throws UserError `quotes/too-large`, `quotes/bomb` where `packedBytes` may not unpack to so much. */
export function checkUnpacked(packedBytes: number, unpackedBytes: number): void {
  if (unpackedBytes > HARMLESS_BYTES && unpackedBytes > packedBytes * MAX_RATIO) {
    fail(
      'quotes/bomb',
      `The file unpacks to more than ${MAX_RATIO} times its size, which quotes do not: it was not opened.`,
      {
        hint: 'If it does hold quotes, unpack it and drop what is inside.',
      },
    );
  }
  if (unpackedBytes > MAX_BYTES) {
    fail('quotes/too-large', 'The file is larger than 3 GB once unpacked.', { hint: 'Split it by day.' });
  }
}

/** Collects what a decompressor gives, as long as it stays within bounds. */
export class Unpacked {
  private readonly chunks: Uint8Array[] = [];
  /** Bytes so far. */
  length = 0;

  constructor(private readonly packedBytes: number) {}

  /** Keeps the chunk itself. @throws UserError `quotes/too-large`, `quotes/bomb`. */
  push(chunk: Uint8Array): void {
    this.length += chunk.length;
    checkUnpacked(this.packedBytes, this.length);
    this.chunks.push(chunk);
  }

  whole(): Uint8Array {
    if (this.chunks.length === 1) return this.chunks[0]!;
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }
}

/** Hands bytes over in pieces, so that a stream that unpacks to too much is stopped on the way. */
export function feed(bytes: Uint8Array, push: (chunk: Uint8Array, last: boolean) => void): void {
  const piece = 1 << 18;
  for (let at = 0; at < bytes.length; at += piece) push(bytes.subarray(at, at + piece), at + piece >= bytes.length);
}
