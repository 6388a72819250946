/**
 * The directory of a zip archive and its members. fflate inflates; the directory is read here because fflate neither compares checksums
 * nor reads 64-bit sizes in archives without a 64-bit end record, which is how LEAN's own files are written.
 */

import { inflateSync } from 'fflate';
import { crc32 } from './crc32.ts';

const END_OF_DIRECTORY = 0x06054b50;
const END_OF_DIRECTORY_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_LENGTH = 22;
const MAX_COMMENT = 65_535;
const IN_EXTRA_FIELD = 0xffffffff;

/** One member as the archive's directory describes it. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Byte offset of the member's own header. */
  readonly offset: number;
}

/** All members of an archive; `null` where the directory at its end is missing or broken, as in a truncated file. */
export function zipDirectory(bytes: Uint8Array): ZipEntry[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return readDirectory(bytes, view);
  } catch (caught) {
    // A DataView refuses to read behind the end.
    if (caught instanceof RangeError) return null;
    throw caught;
  }
}

/** A member's content; `null` where it does not unpack to what the directory says. Needs method 0 or 8, not encrypted. */
export function unzipEntry(bytes: Uint8Array, entry: ZipEntry): Uint8Array | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { offset, packedSize, size, method } = entry;
  if (offset + 30 > bytes.length) return null;
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + packedSize > bytes.length) return null;
  const packed = bytes.subarray(start, start + packedSize);
  try {
    const content = method === 0 ? packed.slice() : inflateSync(packed, { out: new Uint8Array(size) });
    return content.length === size && crc32(content) === entry.crc ? content : null;
  } catch {
    return null;
  }
}

function readDirectory(bytes: Uint8Array, view: DataView): ZipEntry[] | null {
  let end = bytes.length - END_LENGTH;
  const lowest = Math.max(0, end - MAX_COMMENT);
  while (end >= lowest && view.getUint32(end, true) !== END_OF_DIRECTORY) end--;
  if (end < lowest) return null;
  let count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (end >= 20 && view.getUint32(end - 20, true) === LOCATOR_64) {
    const end64 = uint64(view, end - 12);
    if (view.getUint32(end64, true) !== END_OF_DIRECTORY_64) return null;
    count = uint64(view, end64 + 32);
    at = uint64(view, end64 + 48);
  }
  const decoder = new TextDecoder();
  const entries: ZipEntry[] = [];
  for (; count > 0; count--) {
    if (view.getUint32(at, true) !== DIRECTORY_ENTRY) return null;
    const nameEnd = at + 46 + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const sizes = {
      size: view.getUint32(at + 24, true),
      packedSize: view.getUint32(at + 20, true),
      offset: view.getUint32(at + 42, true),
    };
    readExtraField(view, nameEnd, extraEnd, sizes);
    entries.push({
      name: decoder.decode(bytes.subarray(at + 46, nameEnd)),
      method: view.getUint16(at + 10, true),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      crc: view.getUint32(at + 16, true),
      ...sizes,
    });
    at = extraEnd + view.getUint16(at + 32, true);
  }
  return entries;
}

/** The 64-bit extra field holds, in this order, those of the three values whose own field is full. */
function readExtraField(
  view: DataView,
  start: number,
  end: number,
  sizes: { size: number; packedSize: number; offset: number },
): void {
  for (let at = start; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let value = at + 4;
    for (const name of ['size', 'packedSize', 'offset'] as const) {
      if (sizes[name] !== IN_EXTRA_FIELD) continue;
      sizes[name] = uint64(view, value);
      value += 8;
    }
    return;
  }
}

function uint64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}
