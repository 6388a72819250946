/** Opens what was dropped: plain text as it is, gzip, and zip with any number of members. Told apart by content. */

import { Gunzip } from 'fflate';
import { toProblem, UserError, type UserProblem } from '../core/errors.ts';
import type { QuoteFile } from './types.ts';
import { unzipEntry, type ZipEntry, zipDirectory } from './zip.ts';

/** Larger texts would not fit beside their columns into a tab. */
const MAX_TEXT_BYTES = 3e9;

/** One text out of a dropped file, or why it could not be had. */
export type Opened =
  | { readonly member?: string; readonly bytes: Uint8Array }
  | { readonly member?: string; readonly problem: UserProblem };

/** Never throws: a member that cannot be opened is a problem of its own. */
export function openFile(file: QuoteFile): Opened[] {
  const { name, bytes } = file;
  try {
    if (startsWith(bytes, 0x50, 0x4b)) return openZip(name, bytes);
    if (startsWith(bytes, 0x1f, 0x8b)) return [{ bytes: gunzip(name, bytes) }];
    return [{ bytes }];
  } catch (caught) {
    return [{ problem: toProblem(caught) }];
  }
}

function openZip(name: string, bytes: Uint8Array): Opened[] {
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
  return members.map((entry) => {
    const member = entry.name;
    try {
      const content = unzipMember(`${name} › ${member}`, bytes, entry);
      return { member, bytes: startsWith(content, 0x1f, 0x8b) ? gunzip(member, content) : content };
    } catch (caught) {
      return { member, problem: toProblem(caught) };
    }
  });
}

function unzipMember(where: string, bytes: Uint8Array, entry: ZipEntry): Uint8Array {
  if (entry.encrypted || (entry.method !== 0 && entry.method !== 8)) {
    const how = entry.encrypted ? 'encrypted' : `packed by an unusual method (${entry.method})`;
    throw problem('quotes/zip-method', where, `The zip file is ${how}.`, 'Unpack it and drop the files inside.');
  }
  if (entry.size > MAX_TEXT_BYTES) {
    throw problem('quotes/too-large', where, 'The file is larger than 3 GB once unpacked.', 'Split it by day.');
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

/** All members of a gzip file, one after the other, as block-wise compressors write them. */
function gunzip(where: string, bytes: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    new Gunzip((chunk) => {
      length += chunk.length;
      chunks.push(chunk);
    }).push(bytes, true);
  } catch {
    length = -1;
  }
  if (length < 0) {
    throw problem('quotes/gzip-damaged', where, 'The gzip file is truncated or damaged.', 'Download the file again.');
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function problem(code: string, where: string, message: string, hint: string): UserError {
  return new UserError({ code, message, hint, where });
}

function startsWith(bytes: Uint8Array, first: number, second: number): boolean {
  return bytes[0] === first && bytes[1] === second;
}
