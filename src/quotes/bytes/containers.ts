/**
 * Opens what was dropped: contents as they are, gzip, Zstandard, and zip with any number of members (each of which may be gzip or
 * Zstandard once more). Told apart by content, unpacked while it is read. What unpacks to too much, or to far more than any quotes
 * would, is refused.
 */

import { fail, toProblem, UserError, type UserProblem } from '../../core/errors.ts';
import { startsWith } from '../table/signatures.ts';
import { type ByteSource, readHead, type SeekableSource } from './byteSource.ts';
import { gunzip } from './gzip.ts';
import { checkUnpacked, unpackedSource } from './unpacked.ts';
import { memberUnpacker, packedEntry, type ZipEntry, zipDirectory } from './zip.ts';

/** One content out of a dropped file, or why it could not be had. */
export type Opened =
  | { readonly member?: string; readonly source: ByteSource }
  | { readonly member?: string; readonly problem: UserProblem };

/** Never throws for what is in the file: a member that cannot be opened is a problem of its own. */
export async function openFile(name: string, source: SeekableSource): Promise<Opened[]> {
  try {
    if (isZip(await readHead(source, 4))) return await openZip(name, source);
    return [{ source: await decompress(name, source) }];
  } catch (caught) {
    return [{ problem: { where: name, ...toProblem(caught) } }];
  }
}

async function openZip(name: string, source: SeekableSource): Promise<Opened[]> {
  const directory = await zipDirectory(source);
  if (directory === null) {
    fail('quotes/zip-truncated', 'The zip file is truncated or damaged: the directory at its end is missing.', {
      hint: 'Download it again and drop the whole file.',
      where: name,
    });
  }
  const members = directory.filter(({ name: member }) => !member.endsWith('/') && !member.startsWith('__MACOSX/'));
  if (members.length === 0) {
    fail('quotes/zip-empty', 'The zip file holds no files.', { hint: 'Drop a zip with quotes.', where: name });
  }
  // Members may share their packed bytes, so all of them together are held against the file.
  checkUnpacked(
    source.size,
    members.reduce((sum, { size }) => sum + size, 0),
  );
  const opened: Opened[] = [];
  for (const entry of members) {
    const member = entry.name;
    const where = `${name} › ${member}`;
    try {
      opened.push({ member, source: await decompress(where, await openMember(where, source, entry), true) });
    } catch (caught) {
      opened.push({ member, problem: { where, ...toProblem(caught) } });
    }
  }
  return opened;
}

async function openMember(where: string, archive: SeekableSource, entry: ZipEntry): Promise<ByteSource> {
  if (entry.encrypted || (entry.method !== 0 && entry.method !== 8)) {
    const how = entry.encrypted ? 'encrypted' : `packed by an unusual method (${entry.method})`;
    fail('quotes/zip-method', `The zip file is ${how}.`, { hint: 'Unpack it and drop the files inside.', where });
  }
  const damaged = () =>
    fail(
      'quotes/zip-damaged',
      'This part of the zip file is damaged: it does not unpack to what the archive says it holds.',
      { hint: 'Download the file again.', where },
    );
  const packed = await packedEntry(archive, entry);
  return unpackedSource(packed ?? damaged(), entry.size, (emit) => memberUnpacker(entry, emit), rethrown(damaged));
}

/** The content of a gzip or Zstandard file, or the source as it is. An archive inside of either, or of a zip, is refused. */
async function decompress(where: string, source: ByteSource, inArchive = false): Promise<ByteSource> {
  const head = await readHead(source, 8);
  let content = source;
  if (isGzip(head)) {
    const damaged = () => damagedFile('gzip', 'gzip', where);
    content = unpackedSource(source, undefined, gunzip, rethrown(damaged));
  } else if (isZstd(head)) {
    const { zstdUnpacker } = await import('./zstd.ts');
    const damaged = () => damagedFile('zstd', 'Zstandard', where);
    content = unpackedSource(source, undefined, zstdUnpacker, rethrown(damaged));
  } else if (!(inArchive && isZip(head))) {
    return source;
  }
  const inner = await readHead(content, 8);
  if (isZip(inner) || isGzip(inner) || isZstd(inner)) {
    fail('quotes/nested', 'There is an archive inside the archive, which is not opened.', {
      hint: 'Unpack the outer one and drop the inner one.',
      where,
    });
  }
  return content;
}

/** Problems worded for people pass; whatever else an unpacker throws means damage. */
function rethrown(damaged: () => never): (caught: unknown) => never {
  return (caught) => {
    if (caught instanceof UserError) throw caught;
    return damaged();
  };
}

function damagedFile(code: string, kind: string, where: string): never {
  return fail(`quotes/${code}-damaged`, `The ${kind} file is truncated or damaged.`, {
    hint: 'Download the file again.',
    where,
  });
}

function isGzip(head: Uint8Array): boolean {
  return startsWith(head, '\x1f\x8b');
}

function isZstd(head: Uint8Array): boolean {
  return startsWith(head, '\x28\xb5\x2f\xfd');
}

/** By its first member's header, or by the end of an empty directory. */
function isZip(head: Uint8Array): boolean {
  return startsWith(head, 'PK\x03\x04') || startsWith(head, 'PK\x05\x06');
}
