/**
 * Opens what was dropped: contents as they are, gzip, Zstandard, and zip with any number of members (each of which may be gzip or
 * Zstandard once more). Told apart by content. What unpacks to too much, or to far more than any quotes would, is refused.
 */

import { toProblem, UserError, type UserProblem } from '../core/errors.ts';
import { gunzip } from './gzip.ts';
import { startsWith } from './signatures.ts';
import type { QuoteFile } from './types.ts';
import { checkUnpacked } from './unpacked.ts';
import { unzipEntry, type ZipEntry, zipDirectory } from './zip.ts';

/** One content out of a dropped file, or why it could not be had. */
export type Opened =
  | { readonly member?: string; readonly bytes: Uint8Array }
  | { readonly member?: string; readonly problem: UserProblem };

/** Never throws: a member that cannot be opened is a problem of its own. */
export async function openFile(file: QuoteFile): Promise<Opened[]> {
  const { name, bytes } = file;
  try {
    if (isZip(bytes)) return await openZip(name, bytes);
    return [{ bytes: await decompress(name, bytes) }];
  } catch (caught) {
    return [{ problem: { where: name, ...toProblem(caught) } }];
  }
}

async function openZip(name: string, bytes: Uint8Array): Promise<Opened[]> {
  const directory = zipDirectory(bytes);
  if (directory === null) {
    throw problem(
      'quotes/zip-truncated',
      name,
      'The zip file is truncated or damaged: the directory at its end is missing.',
      'Download it again and drop the whole file.',
    );
  }
  const members = directory.filter(({ name: member }) => !member.endsWith('/') && !member.startsWith('__MACOSX/'));
  if (members.length === 0)
    throw problem('quotes/zip-empty', name, 'The zip file holds no files.', 'Drop a zip with quotes.');
  // Members may share their packed bytes, so all of them together are held against the file.
  checkUnpacked(
    bytes.length,
    members.reduce((sum, { size }) => sum + size, 0),
  );
  const opened: Opened[] = [];
  for (const entry of members) {
    const member = entry.name;
    const where = `${name} › ${member}`;
    try {
      opened.push({ member, bytes: await decompress(where, unzipMember(where, bytes, entry), true) });
    } catch (caught) {
      opened.push({ member, problem: { where, ...toProblem(caught) } });
    }
  }
  return opened;
}

function unzipMember(where: string, bytes: Uint8Array, entry: ZipEntry): Uint8Array {
  if (entry.encrypted || (entry.method !== 0 && entry.method !== 8)) {
    const how = entry.encrypted ? 'encrypted' : `packed by an unusual method (${entry.method})`;
    throw problem('quotes/zip-method', where, `The zip file is ${how}.`, 'Unpack it and drop the files inside.');
  }
  const content = unzipEntry(bytes, entry);
  if (content === null) {
    throw problem(
      'quotes/zip-damaged',
      where,
      'This part of the zip file is damaged: it does not unpack to what the archive says it holds.',
      'Download the file again.',
    );
  }
  return content;
}

/** The content of a gzip or Zstandard file, or the bytes as they are. An archive inside of either, or of a zip, is refused. */
async function decompress(where: string, bytes: Uint8Array, inArchive = false): Promise<Uint8Array> {
  let content = bytes;
  if (startsWith(bytes, '\x1f\x8b')) content = unpackGzip(where, bytes);
  else if (startsWith(bytes, '\x28\xb5\x2f\xfd')) content = await unpackZstd(where, bytes);
  else if (!(inArchive && isZip(bytes))) return bytes;
  if (isZip(content) || startsWith(content, '\x1f\x8b') || startsWith(content, '\x28\xb5\x2f\xfd')) {
    throw problem(
      'quotes/nested',
      where,
      'There is an archive inside the archive, which is not opened.',
      'Unpack the outer one and drop the inner one.',
    );
  }
  return content;
}

function unpackGzip(where: string, bytes: Uint8Array): Uint8Array {
  try {
    return gunzip(bytes);
  } catch (caught) {
    if (caught instanceof UserError) throw caught;
    throw problem('quotes/gzip-damaged', where, 'The gzip file is truncated or damaged.', 'Download the file again.');
  }
}

async function unpackZstd(where: string, bytes: Uint8Array): Promise<Uint8Array> {
  const { unzstd } = await import('./zstd.ts');
  try {
    return unzstd(bytes);
  } catch (caught) {
    if (caught instanceof UserError) throw caught;
    throw problem(
      'quotes/zstd-damaged',
      where,
      'The Zstandard file is truncated or damaged.',
      'Download the file again.',
    );
  }
}

/** By its first member's header, or by the end of an empty directory. */
function isZip(bytes: Uint8Array): boolean {
  return startsWith(bytes, 'PK\x03\x04') || startsWith(bytes, 'PK\x05\x06');
}

function problem(code: string, where: string, message: string, hint: string): UserError {
  return new UserError({ code, message, hint, where });
}
