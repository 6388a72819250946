/**
 * Zstandard: all frames of a content, within the bounds on what may be unpacked. Loaded only where such a content is met.
 *
 * fzstd unpacks single blocks; headers are read here. It takes as much memory as a frame's header asks for before it has seen a block, and
 * moves all of it for every block however small, so 126 bytes could take two gigabytes and 32 KB half a minute.
 */

import { Decompress } from 'fzstd';
import { fail } from '../../core/errors.ts';
import { type Unpacker, unpackWhole } from './unpacked.ts';

const FRAME = 0xfd2fb528;
/** The last four bits may be anything. */
const SKIPPABLE = 0x184d2a50;
const LONGEST_HEADER = 18;
const MOST_BLOCK = 1 << 17;
/** What `zstd --long=29` asks for; the tool itself refuses more than a quarter of it unless it is told to. */
const MOST_WINDOW = 1 << 29;

/** Anything it throws means that the content is damaged, but for UserError `quotes/zstd-window`. */
export function zstdUnpacker(emit: (bytes: Uint8Array) => void): Unpacker {
  let waiting = new Uint8Array();
  let frame: Frame | undefined;
  let skip = 0;
  let frames = 0;

  /** How many bytes of what is waiting were used up; 0 where it takes more. */
  const step = (bytes: Uint8Array, last: boolean): number => {
    if (skip > 0) {
      const skipped = Math.min(skip, bytes.length);
      skip -= skipped;
      return skipped;
    }
    if (frame) {
      if (bytes.length < 3) return 0;
      const { length, isLast } = blockAt(bytes);
      if (bytes.length < length) return 0;
      frame.unpack(bytes.subarray(0, length));
      if (isLast) {
        skip = frame.hasChecksum ? 4 : 0;
        frame = undefined;
      }
      return length;
    }
    if (bytes.length < LONGEST_HEADER && !last) return 0;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const magic = view.getUint32(0, true);
    frames++;
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      skip = view.getUint32(4, true);
      return 8;
    }
    if (magic !== FRAME) throw new RangeError('no frame');
    const header = headerAt(view);
    frame = new Frame(header.windowBytes, header.hasChecksum, emit);
    return header.length;
  };
  return {
    push(packed, last) {
      const bytes = waiting.length === 0 ? packed : joined(waiting, packed);
      let at = 0;
      while (at < bytes.length) {
        const used = step(bytes.subarray(at), last);
        if (used === 0) break;
        at += used;
      }
      if (last && (at < bytes.length || frame || skip > 0 || frames === 0))
        throw new RangeError('a frame that is cut off');
      waiting = bytes.slice(at);
    },
  };
}

/** @throws UserError `quotes/too-large`, `quotes/bomb`, `quotes/zstd-window`; anything else it throws means that the content is damaged. */
export function unzstd(bytes: Uint8Array): Uint8Array {
  return unpackWhole(bytes, zstdUnpacker);
}

/** The parts of fzstd's state in which blocks look for what was unpacked before them: the end of `w` at `e`. */
interface FzstdState {
  w: Uint8Array;
  e: number;
}

/** A header that asks for 128 KB only, and a block of 16 zeros, without which fzstd would wait for more. */
const START = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 7 << 3, 16 << 3, 0, 0, ...new Uint8Array(16));

/** Unpacks the blocks of one frame. Memory grows with what was unpacked, up to twice the window. */
class Frame {
  private before = new Uint8Array();
  private length = 0;
  private started = false;
  private readonly decoder: Decompress;

  constructor(
    private readonly windowBytes: number,
    readonly hasChecksum: boolean,
    emit: (bytes: Uint8Array) => void,
  ) {
    this.decoder = new Decompress((bytes) => {
      // fzstd now moves its window up by the block and appends it: with the block for a window, it moves nothing.
      if (this.started) this.keep(bytes);
      this.state.w = bytes;
      if (this.started && bytes.length > 0) emit(bytes);
    });
    this.decoder.push(START);
    this.started = true;
  }

  unpack(block: Uint8Array): void {
    this.state.w = this.before.subarray(0, this.length);
    this.state.e = this.length;
    this.decoder.push(block);
  }

  /** fzstd declares it private; its version is pinned. */
  private get state(): FzstdState {
    return (this.decoder as unknown as { s: FzstdState }).s;
  }

  private keep(bytes: Uint8Array): void {
    const needed = this.length + bytes.length;
    if (needed > this.before.length) {
      const kept = this.before.subarray(Math.max(0, this.length - this.windowBytes), this.length);
      const room = Math.max(kept.length + bytes.length, Math.min(2 * needed, 2 * this.windowBytes + MOST_BLOCK));
      const target = room > this.before.length ? new Uint8Array(room) : this.before;
      if (target === this.before) target.copyWithin(0, this.length - kept.length, this.length);
      else target.set(kept);
      this.before = target;
      this.length = kept.length;
    }
    this.before.set(bytes, this.length);
    this.length += bytes.length;
  }
}

/** A block with its header of three bytes; one of a repeated byte holds that alone. */
function blockAt(bytes: Uint8Array): { readonly length: number; readonly isLast: boolean } {
  const header = bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16);
  const [kind, size] = [(header >> 1) & 3, header >> 3];
  if (kind === 3 || size > MOST_BLOCK) throw new RangeError('a block of an unknown kind or size');
  return { length: 3 + (kind === 1 ? 1 : size), isLast: (header & 1) === 1 };
}

/** @throws RangeError where it is cut off or asks for a dictionary; UserError where it asks for too much memory. */
function headerAt(view: DataView): {
  readonly length: number;
  readonly windowBytes: number;
  readonly hasChecksum: boolean;
} {
  const flags = view.getUint8(4);
  const isSingle = (flags & 0x20) !== 0;
  if ((flags & 8) !== 0) throw new RangeError('a reserved bit that is set');
  const dictionaryBytes = [0, 1, 2, 4][flags & 3]!;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6]!;
  let at = 5;
  let windowBytes = 0;
  if (!isSingle) {
    const code = view.getUint8(at++);
    windowBytes = 2 ** (10 + (code >> 3)) * (1 + (code & 7) / 8);
  }
  for (let i = 0; i < dictionaryBytes; i++) {
    if (view.getUint8(at++) !== 0) throw new RangeError('a frame with a dictionary');
  }
  let contentBytes = sizeBytes === 2 ? 256 : 0;
  for (let i = 0; i < sizeBytes; i++) contentBytes += view.getUint8(at++) * 256 ** i;
  if (isSingle) windowBytes = contentBytes;
  if (windowBytes > MOST_WINDOW) {
    fail('quotes/zstd-window', `The Zstandard file asks for a window of ${Math.round(windowBytes / 2 ** 20)} MB.`, {
      hint: 'Unpack it (zstd -d --long=31) and drop what is inside.',
    });
  }
  return { length: at, windowBytes: Math.max(windowBytes, 1024), hasChecksum: (flags & 4) !== 0 };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
