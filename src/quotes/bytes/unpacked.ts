/** Contents that are unpacked while they are read, and the bounds on that: a few kilobytes shall not fill the memory of a tab. */

import { fail } from '../../core/errors.ts';
import { type ByteSource, memorySource, type Piece } from './byteSource.ts';

/** Rows beyond this would not fit into a tab as columns either. */
const MAX_BYTES = 100e9;
/** Quotes shrink to a fifth or a fiftieth, not to less than this part; sizes up to `HARMLESS_BYTES` are let pass. */
const MAX_RATIO = 300;
const HARMLESS_BYTES = 64e6;
/** Contents up to this size stay unpacked once they were read through. */
const KEPT_BYTES = 16e6;
/** How much is unpacked in one go. */
const PACKED_PIECE_BYTES = 1 << 18;

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
    fail('quotes/too-large', 'The file is larger than 100 GB once unpacked.', { hint: 'Split it by day.' });
  }
}

/** Takes packed bytes, hands over unpacked ones through the callback it was made with; throws where they are damaged. */
export interface Unpacker {
  push(packed: Uint8Array, last: boolean): void;
}

/**
 * What `packed` unpacks to, bounded. `make` is called for every reading; what it throws that is no UserError means damage and is
 * given to `damaged`.
 */
export function unpackedSource(
  packed: ByteSource,
  size: number | undefined,
  make: (emit: (bytes: Uint8Array) => void) => Unpacker,
  damaged: (caught: unknown) => never,
): ByteSource {
  let whole: ByteSource | undefined;

  async function* unpack(): AsyncGenerator<Piece> {
    let waiting: Uint8Array[] = [];
    let kept: Uint8Array[] | undefined = [];
    let total = 0;
    const packedBytes = packed.size ?? packed.packedBytes;
    const unpacker = make((bytes) => {
      total += bytes.length;
      checkUnpacked(packedBytes, total);
      waiting.push(bytes);
    });
    const push = (bytes: Uint8Array, last: boolean) => {
      try {
        unpacker.push(bytes, last);
      } catch (caught) {
        damaged(caught);
      }
    };
    const flush = function* (share: number) {
      const ready = waiting;
      waiting = [];
      if (total > KEPT_BYTES) kept = undefined;
      for (const bytes of ready) {
        kept?.push(bytes);
        yield { bytes, share };
      }
    };
    let held: Piece | undefined;
    for await (const piece of packed.pieces(0, PACKED_PIECE_BYTES)) {
      if (held) {
        push(held.bytes, false);
        yield* flush(held.share);
      }
      held = { bytes: piece.bytes.slice(), share: piece.share };
    }
    push(held?.bytes ?? new Uint8Array(), true);
    yield* flush(1);
    if (kept) whole = memorySource(concatenate(kept, total));
  }

  return {
    size,
    packedBytes: packed.packedBytes,
    slice: undefined,
    async *pieces(start = 0) {
      if (whole) return yield* whole.pieces(start);
      let skip = start;
      for await (const { bytes, share } of unpack()) {
        if (skip < bytes.length) yield { bytes: skip > 0 ? bytes.subarray(skip) : bytes, share };
        skip = Math.max(0, skip - bytes.length);
      }
    },
  };
}

/** Everything a packed content in memory holds, within the same bounds. @throws what the unpacker throws. */
export function unpackWhole(bytes: Uint8Array, make: (emit: (bytes: Uint8Array) => void) => Unpacker): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  const unpacker = make((part) => {
    total += part.length;
    checkUnpacked(bytes.length, total);
    parts.push(part);
  });
  // In pieces, so that a stream that unpacks to too much is stopped on the way.
  for (let at = 0; at < bytes.length; at += PACKED_PIECE_BYTES) {
    unpacker.push(bytes.subarray(at, at + PACKED_PIECE_BYTES), at + PACKED_PIECE_BYTES >= bytes.length);
  }
  return concatenate(parts, total);
}

function concatenate(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
