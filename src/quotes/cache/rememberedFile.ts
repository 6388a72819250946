/** Reads a dropped file, or finds what it was parsed to before; and keeps what it is parsed to for the next time. */

import type { UserProblem } from '../../core/errors.ts';
import { sourceOf } from '../byteSource.ts';
import { type ReadHooks, type ReadPart, readSource } from '../readFile.ts';
import type { FileOverrides } from '../types.ts';
import { HashedSource, lookOf } from './contentHash.ts';
import { QuoteCache } from './quoteCache.ts';

/** The parts of one file. */
export interface FileRead {
  readonly parts: readonly ReadPart[];
  /** Whether they were parsed on an earlier visit. */
  readonly remembered: boolean;
  /** Why they will not be found next time. */
  readonly storageProblem?: UserProblem;
}

/** As `readFile`; without a cache nothing is kept. */
export async function readRememberedFile(
  name: string,
  file: File,
  overrides: FileOverrides,
  hooks: ReadHooks,
  cache: QuoteCache | undefined,
): Promise<FileRead> {
  const source = sourceOf(file);
  if (!cache) return { parts: await readSource(name, source, overrides, hooks), remembered: false };
  // A file that is gone is reported by the reading proper.
  const look = await lookOf(name, file, source).catch(() => undefined);
  const found = look === undefined ? undefined : await cache.find(look, overrides).catch(() => undefined);
  if (found) return { parts: found, remembered: true };
  const hashed = new HashedSource(source);
  const parts = await readSource(name, hashed, overrides, hooks);
  if (!parts.some(({ quotes, half }) => quotes.length > 0 || half)) return { parts, remembered: false };
  const contentHash = await hashed.hash().catch(() => undefined);
  hooks.signal?.throwIfAborted();
  if (contentHash === undefined) return { parts, remembered: false };
  const key = await QuoteCache.keyOf(contentHash, name, overrides);
  const storageProblem = await cache.put(key, look, overrides, parts);
  return { parts, remembered: false, ...(storageProblem && { storageProblem }) };
}
