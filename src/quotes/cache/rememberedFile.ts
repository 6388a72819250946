/** Reads a dropped file, or finds what it was parsed to before. */

import { sourceOf } from '../bytes/byteSource.ts';
import { type ReadHooks, type ReadPart, readSource } from '../readFile.ts';
import type { FileOverrides } from '../types.ts';
import { HashedSource, lookOf } from './contentHash.ts';
import { type EntryName, nameOf, type QuoteCache } from './quoteCache.ts';

/** The parts of one file. */
export interface FileRead {
  readonly parts: readonly ReadPart[];
  /** Whether they were parsed on an earlier visit. */
  readonly remembered: boolean;
  /** Set where they are worth keeping: under which name (`QuoteCache.put`). */
  readonly keepAs?: EntryName;
}

/** As `readFile`; without a cache everything is parsed. */
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
  const seenAs = look === undefined ? undefined : await nameOf(look, overrides);
  const found = seenAs === undefined ? undefined : await cache.find(seenAs).catch(() => undefined);
  if (found) return { parts: found, remembered: true };
  const hashed = new HashedSource(source);
  const parts = await readSource(name, hashed, overrides, hooks);
  if (!parts.some(({ quotes, half }) => quotes.length > 0 || half)) return { parts, remembered: false };
  const contentHash = await hashed.hash().catch(() => undefined);
  hooks.signal?.throwIfAborted();
  if (contentHash === undefined) return { parts, remembered: false };
  return { parts, remembered: false, keepAs: { key: await nameOf(contentHash, name, overrides), seenAs } };
}
