/** LZ4 frames, as Arrow files compress their buffers with: no dictionaries; checksums are passed over. */

import { checkUnpacked } from './unpacked.ts';

const MAGIC = 0x184d2204;
const SHORTEST_MATCH = 4;

/**
 * The content of one frame.
 * @throws UserError `quotes/too-large`, `quotes/bomb`; RangeError for a frame that is damaged.
 */
export function decodeLz4Frame(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new RangeError('no LZ4 frame');
  const flags = view.getUint8(4);
  const [withSize, withBlockChecksums, withDictionary] = [flags & 8, flags & 16, flags & 1];
  if (withDictionary) throw new RangeError('an LZ4 frame with a dictionary');
  const output = new Output(bytes.length);
  for (let at = 7 + (withSize ? 8 : 0); ; ) {
    const header = view.getUint32(at, true);
    if (header === 0) return output.whole();
    const start = at + 4;
    const end = start + (header & 0x7fffffff);
    if (end > bytes.length) throw new RangeError('an LZ4 block that is cut off');
    const block = bytes.subarray(start, end);
    if (header >>> 31) output.append(block);
    else decodeBlock(block, output);
    at = end + (withBlockChecksums ? 4 : 0);
  }
}

/** Sequences of literals and of matches in what was unpacked before, blocks before included. */
function decodeBlock(block: Uint8Array, output: Output): void {
  let at = 0;
  const next = () => {
    const byte = block[at++];
    if (byte === undefined) throw new RangeError('an LZ4 sequence that is cut off');
    return byte;
  };
  const longer = (length: number) => {
    if (length < 15) return length;
    let total = length;
    for (let byte = 255; byte === 255; total += byte) byte = next();
    return total;
  };
  while (at < block.length) {
    const token = next();
    const literals = longer(token >> 4);
    if (at + literals > block.length) throw new RangeError('LZ4 literals that are cut off');
    output.append(block.subarray(at, at + literals));
    at += literals;
    if (at === block.length) return;
    const distance = next() | (next() << 8);
    output.repeat(distance, longer(token & 15) + SHORTEST_MATCH);
  }
}

/** Grows as needed, within bounds. */
class Output {
  private bytes: Uint8Array;
  private length = 0;

  constructor(private readonly packedBytes: number) {
    this.bytes = new Uint8Array(packedBytes * 4 + 64);
  }

  append(piece: Uint8Array): void {
    this.reserve(piece.length);
    this.bytes.set(piece, this.length);
    this.length += piece.length;
  }

  /** Appends what stands `distance` bytes before the end; a match may run into what it writes. */
  repeat(distance: number, count: number): void {
    if (distance === 0 || distance > this.length) throw new RangeError('an LZ4 match before the beginning');
    this.reserve(count);
    const { bytes } = this;
    for (const end = this.length + count; this.length < end; this.length++) {
      bytes[this.length] = bytes[this.length - distance]!;
    }
  }

  whole(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    checkUnpacked(this.packedBytes, needed);
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}
