/**
 * The directory of a zip archive whose members lie in it uncompressed, as PyTorch writes checkpoints. A compressed member is
 * refused, so that an archive never unfolds into more than its own size.
 */

import { fail } from '../../core/errors.ts';

/** A member's bytes, from the start of the archive. */
export interface ZipMember {
  readonly byteOffset: number;
  readonly byteLength: number;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const MOST_MEMBERS = 200_000;

/**
 * Names and places of an archive's members.
 * @throws UserError `checkpoint/zip`
 */
export function readZipDirectory(bytes: Uint8Array, where: string): Map<string, ZipMember> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const broken = (message: string): never =>
    fail('checkpoint/zip', message, { where, hint: 'The file is not a whole PyTorch checkpoint: copy it again.' });
  const end = findEnd(view) ?? broken('The archive has no directory: the file is cut off.');
  const { members, directory } = locate(view, end);
  if (members > MOST_MEMBERS || directory >= bytes.length) broken('The directory of the archive is out of bounds.');
  const found = new Map<string, ZipMember>();
  let at = directory;
  for (let i = 0; i < members; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== DIRECTORY_ENTRY) {
      broken(`Entry ${i} of the archive's directory is broken.`);
    }
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      view.getUint16(at + offset, true),
    ) as [number, number, number];
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (view.getUint16(at + 10, true) !== 0 || view.getUint16(at + 8, true) & 1) {
      broken(`The member ${name} is compressed or encrypted, which PyTorch never does.`);
    }
    const sizes = wideSizes(view, at, at + 46 + nameLength, extraLength);
    if (sizes.packed !== sizes.size) broken(`The member ${name} claims two different sizes.`);
    const { local, size } = sizes;
    if (local + 30 > bytes.length || view.getUint32(local, true) !== LOCAL_HEADER) {
      broken(`The member ${name} does not begin where the directory says.`);
    }
    const byteOffset = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (byteOffset + size > bytes.length) broken(`The file is cut off in the member ${name}.`);
    if (found.has(name)) broken(`The archive has two members called ${name}.`);
    found.set(name, { byteOffset, byteLength: size });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return found;
}

function findEnd(view: DataView): number | undefined {
  const lowest = Math.max(0, view.byteLength - END_BYTES - LONGEST_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= lowest; at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  return undefined;
}

/** Number of members and start of the directory; archives beyond 4 GB or 65 535 members keep them in a second record. */
function locate(view: DataView, end: number): { members: number; directory: number } {
  const plain = { members: view.getUint16(end + 10, true), directory: view.getUint32(end + 16, true) };
  const wide = plain.members === 0xffff || plain.directory === 0xffffffff;
  const locator = end - 20;
  if (!wide || locator < 0 || view.getUint32(locator, true) !== END_64_LOCATOR) return plain;
  const record = Number(view.getBigUint64(locator + 8, true));
  if (record + 56 > view.byteLength || view.getUint32(record, true) !== END_64) return plain;
  return {
    members: Number(view.getBigUint64(record + 32, true)),
    directory: Number(view.getBigUint64(record + 48, true)),
  };
}

/** Sizes and the local header's offset; those that do not fit into 32 bits are in the entry's extra field 1, in this order. */
function wideSizes(
  view: DataView,
  entry: number,
  extra: number,
  extraLength: number,
): { size: number; packed: number; local: number } {
  const narrow = [24, 20, 42].map((offset) => view.getUint32(entry + offset, true));
  let wide = -1;
  for (let at = extra; at + 4 <= extra + extraLength && at + 4 <= view.byteLength; ) {
    const length = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) wide = at + 4;
    at += 4 + length;
  }
  const [size, packed, local] = narrow.map((value) => {
    if (value !== 0xffffffff || wide < 0 || wide + 8 > view.byteLength) return value;
    wide += 8;
    return Number(view.getBigUint64(wide - 8, true));
  }) as [number, number, number];
  return { size, packed, local };
}
