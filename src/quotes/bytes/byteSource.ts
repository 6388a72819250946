/** Bytes that are read in pieces: of a file on the disk, of memory, or of a part of either. Nothing holds more than a few pieces. */

import { fail } from '../../core/errors.ts';

/** Large enough that waiting for it costs little, small enough that a cancellation is heard. */
export const PIECE_BYTES = 1 << 22;

/** A run of bytes, good until the next one is asked for: its memory is then used again. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** Part of the source that is behind, this piece included: from 0 to 1. */
  readonly share: number;
}

export interface ByteSource {
  /** `undefined` where only unpacking to the end would tell. */
  readonly size: number | undefined;
  /** What the source takes on the disk, for progress. */
  readonly packedBytes: number;
  /** All bytes from `start` on, in order, in pieces that end where multiples of `pieceBytes` do. May be called again. */
  pieces(start?: number, pieceBytes?: number): AsyncIterable<Piece>;
  /** Any range, cut at the end; `undefined` where that would mean unpacking everything before it. */
  readonly slice: ((start: number, endExclusive: number) => Promise<Uint8Array>) | undefined;
}

/** A source whose ranges can be had in any order. */
export interface SeekableSource extends ByteSource {
  readonly size: number;
  readonly slice: (start: number, endExclusive: number) => Promise<Uint8Array>;
}

export function isSeekable(source: ByteSource): source is SeekableSource {
  return source.slice !== undefined && source.size !== undefined;
}

/** @throws what reading a `Blob` throws, as UserError `quotes/file-changed`. */
export function sourceOf(content: Uint8Array | Blob): SeekableSource {
  return content instanceof Uint8Array ? memorySource(content) : blobSource(content);
}

/** Bytes in memory; pieces and slices are views of them. */
export function memorySource(bytes: Uint8Array): SeekableSource {
  return seekable(bytes.length, async (start, endExclusive) => bytes.subarray(start, endExclusive));
}

function blobSource(blob: Blob): SeekableSource {
  const read = (start: number, endExclusive: number) =>
    unchanged(async () => {
      const bytes = new Uint8Array(await blob.slice(start, endExclusive).arrayBuffer());
      return bytes.length === Math.min(endExclusive, blob.size) - start ? bytes : changed();
    });
  const source = seekable(blob.size, read);
  return {
    ...source,
    async *pieces(start = 0, pieceBytes = PIECE_BYTES) {
      const reader = byteReader(blob.slice(start));
      if (!reader) return yield* source.pieces(start, pieceBytes);
      // Two buffers in turn: the next piece is on its way while this one is worked on. New ones for every piece would pile up by the
      // hundred megabytes before the collector minds them.
      const fill = async (buffer: ArrayBuffer, at: number) => {
        const bytes = await unchanged(() =>
          fillBuffer(reader, buffer, Math.min(pieceEnd(at, pieceBytes), blob.size) - at),
        );
        return bytes ?? changed();
      };
      let spare = new ArrayBuffer(Math.min(pieceBytes, blob.size));
      let coming = start < blob.size ? fill(new ArrayBuffer(spare.byteLength), start) : undefined;
      underway.add(reader);
      try {
        for (let at = start; at < blob.size; at = pieceEnd(at, pieceBytes)) {
          const bytes = await coming!;
          const next = pieceEnd(at, pieceBytes);
          coming = next < blob.size ? fill(spare, next) : undefined;
          coming?.catch(() => {});
          yield { bytes, share: Math.min(1, next / blob.size) };
          spare = bytes.buffer;
        }
      } finally {
        underway.delete(reader);
        reader.cancel().catch(() => {});
      }
    },
  };
}

/** Readers with a read on its way: one that only its own read refers to may be collected, and the read then never ends. */
const underway = new Set<ReadableStreamBYOBReader>();

/** `undefined` where the platform's blobs cannot be read into buffers of ours. */
function byteReader(blob: Blob): ReadableStreamBYOBReader | undefined {
  try {
    return blob.stream().getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
}

/** The next `size` bytes in the buffer's memory; `undefined` where there are not as many. The buffer itself is used up. */
async function fillBuffer(reader: ReadableStreamBYOBReader, buffer: ArrayBuffer, size: number) {
  let memory = buffer;
  for (let filled = 0; filled < size; ) {
    const { value, done } = await reader.read(new Uint8Array(memory, filled, size - filled));
    if (done || !value) return undefined;
    memory = value.buffer;
    filled += value.length;
  }
  return new Uint8Array(memory, 0, size);
}

/** What browsers throw for a file that was written to, moved or removed since it was chosen, as a problem. */
async function unchanged<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (caught) {
    if (caught instanceof DOMException && caught.name !== 'AbortError') return changed();
    throw caught;
  }
}

function changed(): never {
  return fail('quotes/file-changed', 'The file changed or disappeared while it was read.', {
    hint: 'Drop it again once nothing writes to it.',
  });
}

/** The bytes `[start, endExclusive)` of another source. */
export function partOf(source: SeekableSource, start: number, endExclusive: number): SeekableSource {
  const read = (from: number, to: number) => source.slice(start + from, Math.min(start + to, endExclusive));
  return seekable(endExclusive - start, read);
}

/** Where the piece that begins at a byte ends: whatever the start of a reading, the pieces behind the first are the same. */
function pieceEnd(at: number, pieceBytes: number): number {
  return (Math.floor(at / pieceBytes) + 1) * pieceBytes;
}

function seekable(size: number, read: (start: number, endExclusive: number) => Promise<Uint8Array>): SeekableSource {
  const slice = (start: number, endExclusive: number) => read(start, Math.min(endExclusive, size));
  return {
    size,
    packedBytes: size,
    slice,
    async *pieces(start = 0, pieceBytes = PIECE_BYTES) {
      // The next piece is on its way while this one is worked on.
      let coming = start < size ? slice(start, pieceEnd(start, pieceBytes)) : undefined;
      for (let at = start; at < size; at = pieceEnd(at, pieceBytes)) {
        const bytes = await coming!;
        const next = pieceEnd(at, pieceBytes);
        coming = next < size ? slice(next, pieceEnd(next, pieceBytes)) : undefined;
        // Whoever stops early leaves it unread; its failure is then nobody's.
        coming?.catch(() => {});
        yield { bytes, share: Math.min(1, next / size) };
      }
    },
  };
}

/** The first bytes, fewer where there are no more. */
export async function readHead(source: ByteSource, bytes: number): Promise<Uint8Array> {
  if (source.slice) return source.slice(0, bytes);
  const head = new Collector();
  for await (const piece of source.pieces(0)) {
    head.push(piece.bytes);
    if (head.length >= bytes) break;
  }
  return head.whole().subarray(0, bytes);
}

/** Everything, for formats that cannot be read in pieces. @throws UserError `quotes/too-large` beyond `limitBytes`. */
export async function readAll(source: ByteSource, limitBytes: number, what: string): Promise<Uint8Array> {
  const all = new Collector();
  const check = (size: number) => {
    if (size <= limitBytes) return;
    fail('quotes/too-large', `${what} above ${limitBytes / 1e6} MB do not fit into memory in one piece.`, {
      hint: 'Split the file, or write it as CSV.',
    });
  };
  check(source.size ?? 0);
  if (isSeekable(source)) return source.slice(0, source.size);
  for await (const { bytes } of source.pieces(0)) {
    check(all.length + bytes.length);
    all.push(bytes);
  }
  return all.whole();
}

/** Puts pieces together. */
class Collector {
  private readonly parts: Uint8Array[] = [];
  length = 0;

  push(bytes: Uint8Array): void {
    this.parts.push(bytes.slice());
    this.length += bytes.length;
  }

  whole(): Uint8Array {
    if (this.parts.length === 1) return this.parts[0]!;
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}

/** The same bytes; `before` is called, and waited for, ahead of every piece and slice: to report, to breathe, to stop by throwing. */
export function watched(source: ByteSource, before: (share: number) => Promise<void>): ByteSource {
  const { size, packedBytes, slice } = source;
  return {
    size,
    packedBytes,
    slice:
      slice &&
      (async (start, endExclusive) => {
        await before(size ? Math.min(1, start / size) : 0);
        return slice(start, endExclusive);
      }),
    async *pieces(start, pieceBytes) {
      for await (const piece of source.pieces(start, pieceBytes)) {
        await before(piece.share);
        yield piece;
      }
    },
  };
}
