/**
 * Parsed quotes of files that were read before. An entry is named by a hash of the file's content, its name, the overrides and the
 * parser's version, so that it is never out of date; it is written under another name first and then renamed, so that it is there whole
 * or not at all. Files in the storage: `<key>.quotes` an entry, `<key>.used` when it was used last, `<look>-<key>.seen` that a file of
 * this look has this entry, `*.tmp` what is being written.
 */

import type { UserProblem } from '../../core/errors.ts';
import { sha256 } from '../../core/sha256.ts';
import { isFull, UNFINISHED } from '../../storage/files.ts';
import type { ReadPart } from '../readFile.ts';
import type { StoredQuotes } from '../types.ts';
import { packValue, unpackMeta, unpackValue } from './pack.ts';
import type { CacheStorage } from './storage.ts';

/** To be raised with every change of what files are parsed to: entries of other versions are not found any more, and fade away. */
const PARSER_VERSION = 2;

const KEY_LENGTH = 40;
/** Left free for the rest of the page, and for what file systems add. */
const MARGIN_BYTES = 32e6;
/** What is being written for longer than this was left behind by a tab that closed. */
const ABANDONED_MS = 3_600_000;

/** What an entry is called, and what a file looks like that has it. */
export interface EntryName {
  readonly key: string;
  readonly seenAs: string | undefined;
}

type Meta = Omit<StoredQuotes, 'storedBytes' | 'usedMs'>;

export class QuoteCache {
  constructor(private readonly storage: CacheStorage) {}

  /** The parts that a file seen as this was parsed to; `undefined` where that is not known, or damaged. */
  async find(seenAs: string): Promise<ReadPart[] | undefined> {
    const prefix = `${seenAs}-`;
    const seen = (await this.storage.names()).find((name) => name.startsWith(prefix) && name.endsWith('.seen'));
    if (seen === undefined) return undefined;
    return this.open(seen.slice(prefix.length, -'.seen'.length));
  }

  /** The parts of an entry; `undefined` where there is none. A damaged one is removed. */
  async open(key: string): Promise<ReadPart[] | undefined> {
    try {
      const file = await this.storage.open(`${key}.quotes`);
      if (!file) return undefined;
      const parts = (await unpackValue(file)) as { readonly parts: ReadPart[] };
      await this.touch(key);
      return parts.parts;
    } catch {
      await this.forget(key);
      return undefined;
    }
  }

  /**
   * Keeps parts under a name. The entries used longest ago make room. Resolves to why they could not be kept, to `undefined` where they
   * are.
   */
  async put({ key, seenAs }: EntryName, parts: readonly ReadPart[]): Promise<UserProblem | undefined> {
    try {
      await this.sweep();
      return await this.storage.exclusively(key, async () => {
        const problem = await this.write(key, parts);
        if (problem === undefined && seenAs !== undefined) await this.storage.write(`${seenAs}-${key}.seen`, []);
        return problem;
      });
    } catch (caught) {
      return notKept(caught instanceof Error ? caught.message : String(caught));
    }
  }

  /** All entries, the last used first. */
  async list(): Promise<StoredQuotes[]> {
    const entries = (await this.storage.names()).filter((name) => name.endsWith('.quotes'));
    const listed: StoredQuotes[] = [];
    for (const name of entries) {
      const key = name.slice(0, -'.quotes'.length);
      try {
        const file = await this.storage.open(name);
        if (!file) continue;
        const meta = (await unpackMeta(file)) as Meta;
        const used = await this.storage.open(`${key}.used`);
        listed.push({ ...meta, key, storedBytes: file.size, usedMs: (used ?? file).lastModified });
      } catch {
        await this.forget(key);
      }
    }
    return listed.sort((a, b) => b.usedMs - a.usedMs || (a.key < b.key ? -1 : 1));
  }

  async forget(key: string): Promise<void> {
    const names = await this.storage.names();
    await this.removeAll(names.filter((name) => name.startsWith(key) || name.endsWith(`-${key}.seen`)));
  }

  async forgetAll(): Promise<void> {
    await this.removeAll(await this.storage.names());
  }

  private async write(key: string, parts: readonly ReadPart[]): Promise<UserProblem | undefined> {
    if (await this.storage.open(`${key}.quotes`)) {
      await this.touch(key);
      return undefined;
    }
    const packed = packValue(metaOf(key, parts), { parts });
    const bytes = packed.reduce((sum, { length }) => sum + length, 0);
    const temporary = `${key}.${crypto.randomUUID()}.tmp`;
    for (;;) {
      if (!(await this.makeRoom(bytes, key))) return noRoom(bytes);
      try {
        await this.storage.write(temporary, packed);
        await this.storage.rename(temporary, `${key}.quotes`);
        await this.touch(key);
        return undefined;
      } catch (caught) {
        await this.storage.remove(temporary).catch(() => {});
        if (!isFull(caught)) throw caught;
        // The storage had promised more than it has: one entry less, and again.
        if (!(await this.evictOldest(key))) return noRoom(bytes);
      }
    }
  }

  private async makeRoom(bytes: number, sparing: string): Promise<boolean> {
    while ((await this.storage.room()) < bytes + MARGIN_BYTES) {
      if (!(await this.evictOldest(sparing))) return false;
    }
    return true;
  }

  private async evictOldest(sparing: string): Promise<boolean> {
    const oldest = (await this.list()).findLast(({ key }) => key !== sparing);
    if (!oldest) return false;
    await this.forget(oldest.key);
    return true;
  }

  private async touch(key: string): Promise<void> {
    await this.storage.write(`${key}.used`, [new Uint8Array(1)]).catch(() => {});
  }

  /** Removes what closed tabs left half written. */
  private async sweep(): Promise<void> {
    for (const name of await this.storage.names()) {
      if (!name.endsWith('.tmp') && !name.endsWith(UNFINISHED)) continue;
      const file = await this.storage.open(name).catch(() => undefined);
      if (file && Date.now() - file.lastModified > ABANDONED_MS) await this.storage.remove(name).catch(() => {});
    }
  }

  /** What is in use elsewhere just now may refuse to go, and is then swept up later. */
  private async removeAll(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.storage.remove(name).catch(() => {})));
  }
}

function metaOf(key: string, parts: readonly ReadPart[]): Meta {
  const reports = parts.map(({ report }) => report);
  const quotes = parts.flatMap((part) => part.quotes);
  const starts = quotes.map(({ timeMs }) => timeMs[0] ?? Number.NaN);
  const ends = quotes.map(({ timeMs }) => timeMs.at(-1) ?? Number.NaN);
  return {
    key,
    file: reports[0]?.file ?? '',
    symbols: [...new Set(quotes.map(({ symbol }) => symbol))].sort(),
    rows: quotes.reduce((sum, { timeMs }) => sum + timeMs.length, 0),
    firstMs: starts.length > 0 ? Math.min(...starts) : Number.NaN,
    lastMs: ends.length > 0 ? Math.max(...ends) : Number.NaN,
  };
}

/** A name for what a file is parsed to, made of what tells the file (a content hash, a look) and what else decides. */
export async function nameOf(...parts: readonly unknown[]): Promise<string> {
  return (await sha256(new TextEncoder().encode(JSON.stringify([PARSER_VERSION, ...parts])))).slice(0, KEY_LENGTH);
}

function noRoom(bytes: number): UserProblem {
  return {
    code: 'quotes/storage-full',
    message: `The browser's storage has no room for ${Math.ceil(bytes / 1e6)} MB of quotes: they are in use but not remembered.`,
    hint: 'Forget data you do not need, or free space on the disk; the file can be dropped again at any time.',
  };
}

function notKept(why: string): UserProblem {
  return {
    code: 'quotes/storage-failed',
    message: `The quotes are in use but could not be kept in the browser's storage (${why}).`,
    hint: 'The file can be dropped again at any time.',
  };
}
