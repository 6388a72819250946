/**
 * The directory of a zip archive and its members. fflate inflates; the directory is read here because fflate neither compares checksums
 * nor reads 64-bit sizes in archives without a 64-bit end record, which is how LEAN's own files are written.
 */

import { Inflate } from 'fflate';
import { partOf, type SeekableSource } from './byteSource.ts';
import { crc32 } from './crc32.ts';
import type { Unpacker } from './unpacked.ts';

const END_OF_DIRECTORY = 0x06054b50;
const END_OF_DIRECTORY_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_LENGTH = 22;
const MAX_COMMENT = 65_535;
const LOCATOR_LENGTH = 20;
const IN_EXTRA_FIELD = 0xffffffff;
/** More than a million members. */
const LONGEST_DIRECTORY = 1 << 27;

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
export async function zipDirectory(source: SeekableSource): Promise<ZipEntry[] | null> {
  try {
    return await readDirectory(source);
  } catch (caught) {
    // A DataView refuses to read behind the end.
    if (caught instanceof RangeError) return null;
    throw caught;
  }
}

/** The packed bytes of a member; `null` where the archive does not hold them. */
export async function packedEntry(source: SeekableSource, entry: ZipEntry): Promise<SeekableSource | null> {
  const header = await source.slice(entry.offset, entry.offset + 30);
  if (header.length < 30) return null;
  const view = viewOf(header);
  const start = entry.offset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  return start + entry.packedSize > source.size ? null : partOf(source, start, start + entry.packedSize);
}

/** Unpacks a member of method 0 or 8, not encrypted; throws where it does not unpack to what the directory says. */
export function memberUnpacker(entry: ZipEntry, emit: (bytes: Uint8Array) => void): Unpacker {
  let length = 0;
  let checksum = 0;
  const take = (bytes: Uint8Array) => {
    length += bytes.length;
    if (length > entry.size) throw new RangeError('more than the directory says');
    checksum = crc32(bytes, checksum);
    if (bytes.length > 0) emit(bytes);
  };
  const stream: Unpacker = entry.method === 0 ? { push: take } : new Inflate(take);
  return {
    push(packed, last) {
      stream.push(packed, last);
      if (last && (length !== entry.size || checksum !== entry.crc)) throw new RangeError('a wrong checksum');
    },
  };
}

async function readDirectory(source: SeekableSource): Promise<ZipEntry[] | null> {
  const tailStart = Math.max(0, source.size - END_LENGTH - MAX_COMMENT - LOCATOR_LENGTH);
  const tail = viewOf(await source.slice(tailStart, source.size));
  let end = tail.byteLength - END_LENGTH;
  while (end >= 0 && tail.getUint32(end, true) !== END_OF_DIRECTORY) end--;
  if (end < 0) return null;
  let count = tail.getUint16(end + 10, true);
  let start = tail.getUint32(end + 16, true);
  if (end >= LOCATOR_LENGTH && tail.getUint32(end - LOCATOR_LENGTH, true) === LOCATOR_64) {
    const end64 = uint64(tail, end - 12);
    const record = viewOf(await source.slice(end64, end64 + 56));
    if (record.getUint32(0, true) !== END_OF_DIRECTORY_64) return null;
    count = uint64(record, 32);
    start = uint64(record, 48);
  }
  const directoryEnd = tailStart + end;
  if (start > directoryEnd || directoryEnd - start > LONGEST_DIRECTORY) return null;
  return readEntries(await source.slice(start, directoryEnd), count);
}

function readEntries(bytes: Uint8Array, count: number): ZipEntry[] | null {
  const view = viewOf(bytes);
  const decoder = new TextDecoder();
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let left = count; left > 0; left--) {
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

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function uint64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}
