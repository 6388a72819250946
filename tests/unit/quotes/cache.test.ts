import fc from 'fast-check';
import { gzipSync, strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../../src/core/sha256.ts';
import { memorySource, PIECE_BYTES } from '../../../src/quotes/bytes/byteSource.ts';
import { HashedSource } from '../../../src/quotes/cache/contentHash.ts';
import { checksum, DamagedPack, packValue, unpackMeta, unpackValue } from '../../../src/quotes/cache/pack.ts';
import { QuoteCache } from '../../../src/quotes/cache/quoteCache.ts';
import { readRememberedFile } from '../../../src/quotes/cache/rememberedFile.ts';
import { assemble } from '../../../src/quotes/import.ts';
import { MemoryStorage } from '../../support/memoryStorage.ts';

const csv = (bid: number, rows = 50) =>
  `time,bid,ask\n${Array.from({ length: rows }, (_, i) => `${1_709_285_400 + i},${bid},${bid + 1}\n`).join('')}bad\n`;
const dropped = (text: string | Uint8Array, name = 'x.csv', lastModified = 1) =>
  new File([typeof text === 'string' ? text : new Uint8Array(text)], name, { lastModified });
/** Reads a file and keeps what is worth keeping. */
async function read(file: File, storage: MemoryStorage, overrides = {}) {
  const cache = new QuoteCache(storage);
  const { parts, remembered, keepAs } = await readRememberedFile(file.name, file, overrides, {}, cache);
  return { parts, remembered, storageProblem: keepAs && (await cache.put(keepAs, parts)) };
}
const entries = ({ files }: MemoryStorage) => [...files.keys()].filter((name) => name.endsWith('.quotes'));

describe('a packed value', () => {
  test('comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.float64Array({ maxLength: 20 }),
        fc.uint32Array({ maxLength: 20 }),
        fc.uint8Array({ maxLength: 20 }),
        fc.oneof(fc.double(), fc.string()),
        async (a, b, c, extra) => {
          const value = { list: [{ a, again: a.subarray(1) }, b], c, extra, none: null, special: Number.NaN };
          const blob = new Blob(packValue({ rows: 1 / 0 }, value).map((part) => new Uint8Array(part)));
          const want = { ...value, extra: Object.is(extra, -0) ? 0 : extra };
          expect(await unpackValue(blob)).toEqual(want);
          expect(await unpackMeta(blob)).toEqual({ rows: Number.POSITIVE_INFINITY });
        },
      ),
    );
  });

  test('is known to be damaged whichever byte is changed, and wherever it is cut off', async () => {
    const parts = packValue({ m: 1 }, { a: new Float64Array([1, 2, 3]), b: Uint8Array.of(4, 5) });
    const whole = Buffer.concat(parts);
    // Padding holds nothing that could be damaged.
    const paddingAt = new Set([
      whole.length - 1,
      whole.length - 2,
      whole.length - 3,
      whole.length - 4,
      whole.length - 5,
      whole.length - 6,
    ]);
    const headLength = parts[0]!.length;
    for (let at = 0; at < whole.length; at++) {
      const inPadding =
        paddingAt.has(at) || (at >= headLength && at < headLength + parts[1]!.length) || (at >= 20 && at < 24);
      const changed = Uint8Array.from(whole);
      changed[at]! ^= 1;
      const result = unpackValue(new Blob([changed]));
      if (inPadding) await result;
      else await expect(result).rejects.toThrow();
    }
    for (const length of [0, 10, 24, headLength - 1, headLength + 20]) {
      await expect(unpackValue(new Blob([Uint8Array.from(whole.subarray(0, length))]))).rejects.toThrow(DamagedPack);
    }
  });

  test('a checksum changes with every bit and with the order of words', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 70 }), fc.nat(), fc.nat(7), (bytes, at, bit) => {
        const changed = bytes.slice();
        changed[at % bytes.length]! ^= 1 << bit;
        expect(checksum(changed)).not.toBe(checksum(bytes));
      }),
    );
    const words = new Uint8Array(new Uint32Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer);
    const turned = new Uint8Array(new Uint32Array([5, 2, 3, 4, 1, 6, 7, 8]).buffer);
    expect(checksum(turned)).not.toBe(checksum(words));
  });
});

describe('the hash of a content', () => {
  const bytes = Uint8Array.from({ length: PIECE_BYTES + 1000 }, (_, i) => i % 251);
  const expected = async () => {
    const hashes = [await sha256(bytes.subarray(0, PIECE_BYTES)), await sha256(bytes.subarray(PIECE_BYTES))];
    return sha256(strToU8(`${bytes.length}:${hashes.join()}`));
  };

  test('is the same read through, read in part, and not read at all', async () => {
    const through = new HashedSource(memorySource(bytes));
    for await (const _ of through.pieces());
    const inPart = new HashedSource(memorySource(bytes));
    for await (const _ of inPart.pieces(7, 100_000)) break;
    const hashes = await Promise.all(
      [through, inPart, new HashedSource(memorySource(bytes))].map((each) => each.hash()),
    );
    expect(hashes).toEqual([await expected(), await expected(), await expected()]);
  });

  test('reads nothing twice that was read in whole pieces', async () => {
    let slices = 0;
    const source = memorySource(bytes);
    const counting = {
      ...source,
      slice: (a: number, b: number) => {
        slices++;
        return source.slice(a, b);
      },
    };
    const through = new HashedSource(counting);
    for await (const _ of through.pieces());
    await through.hash();
    expect(slices).toBe(0);
  });
});

describe('a file that was read before', () => {
  test.each<[string, (text: string) => string | Uint8Array, string]>([
    ['plain', (text) => text, 'x.csv'],
    ['packed', (text) => gzipSync(strToU8(text)), 'x.csv.gz'],
    [
      'an archive',
      (text) => zipSync({ 'a.csv': strToU8(text), 'b.csv': strToU8(csv(9)), 'no.txt': strToU8('x') }),
      'x.zip',
    ],
  ])('%s: gives the same series and reports again without being parsed', async (_, write, name) => {
    const storage = new MemoryStorage();
    // Archives hold the second they were made in.
    const content = write(csv(5));
    const first = await read(dropped(content, name), storage);
    const again = await read(dropped(content, name), storage);
    expect([first.remembered, again.remembered]).toEqual([false, true]);
    expect(await assemble(again.parts)).toEqual(await assemble(first.parts));
    expect(entries(storage)).toHaveLength(1);
  });

  test('is parsed anew after any change, under another name, and with other overrides', async () => {
    const storage = new MemoryStorage();
    await read(dropped(csv(5)), storage);
    const others = [
      read(dropped(csv(6)), storage),
      read(dropped(csv(5), 'y.csv'), storage),
      read(dropped(csv(5)), storage, { policies: { locked: 'drop' } }),
      read(dropped(csv(5), 'x.csv', 2), storage),
    ];
    expect((await Promise.all(others)).map(({ remembered }) => remembered)).toEqual([false, false, false, false]);
    // The last has the same content: it is looked at anew, and its entry is there already.
    expect(entries(storage)).toHaveLength(4);
    expect((await read(dropped(csv(5), 'x.csv', 2), storage)).remembered).toBe(true);
  });

  test('is parsed anew where its entry is damaged, and the entry is made anew', async () => {
    for (const at of [2, 60, -40]) {
      const storage = new MemoryStorage();
      const first = await read(dropped(csv(5)), storage);
      await storage.damage(entries(storage)[0]!, at);
      const again = await read(dropped(csv(5)), storage);
      expect(again.remembered).toBe(false);
      expect(again.parts).toEqual(first.parts);
      expect((await read(dropped(csv(5)), storage)).remembered).toBe(true);
    }
  });

  test('that holds no quotes is not kept', async () => {
    const storage = new MemoryStorage();
    await read(dropped('Dear reader'), storage);
    expect(storage.files.size).toBe(0);
  });

  test('halves of a pair are kept, and still find each other', async () => {
    const storage = new MemoryStorage();
    const bids = dropped('time,bid\n1709285400,1\n', 'x_bid.csv');
    const asks = dropped('time,ask\n1709285400,2\n', 'x_ask.csv');
    const visit = async () => Promise.all([read(bids, storage), read(asks, storage)]);
    await visit();
    const again = await visit();
    expect(again.map(({ remembered }) => remembered)).toEqual([true, true]);
    const { series } = await assemble(again.flatMap(({ parts }) => parts));
    expect([series[0]!.bid[0], series[0]!.ask[0]]).toEqual([1, 2]);
  });
});

describe('remembered quotes', () => {
  test('are listed, the last used first, opened without their file, and forgotten', async () => {
    const storage = new MemoryStorage();
    const cache = new QuoteCache(storage);
    for (const name of ['a.csv', 'b.csv', 'c.csv']) await read(dropped(csv(5), name), storage);
    await read(dropped(csv(5), 'a.csv'), storage);
    const listed = await cache.list();
    expect(listed.map(({ file }) => file)).toEqual(['a.csv', 'c.csv', 'b.csv']);
    expect(listed[0]).toMatchObject({
      symbols: ['A'],
      rows: 50,
      firstMs: 1_709_285_400_000,
      lastMs: 1_709_285_449_000,
    });
    expect(listed[0]!.storedBytes).toBe(storage.files.get(entries(storage)[0]!)!.size);
    const parts = await cache.open(listed[1]!.key);
    expect((await assemble(parts!)).series[0]!.symbol).toBe('C');
    expect((await cache.list())[0]!.file).toBe('c.csv');
    await cache.forget(listed[0]!.key);
    expect((await cache.list()).map(({ file }) => file)).toEqual(['c.csv', 'b.csv']);
    expect((await read(dropped(csv(5), 'a.csv'), storage)).remembered).toBe(false);
    await cache.forgetAll();
    expect(storage.files.size).toBe(0);
    expect(await cache.open(listed[1]!.key)).toBeUndefined();
  });

  test('used longest ago make room for new ones', async () => {
    const storage = new MemoryStorage();
    await read(dropped(csv(5, 1000), 'a.csv'), storage);
    await read(dropped(csv(5, 1000), 'b.csv'), storage);
    storage.quota = 32e6 + 60_000;
    await read(dropped(csv(5, 1000), 'c.csv'), storage);
    expect((await new QuoteCache(storage).list()).map(({ file }) => file)).toEqual(['c.csv', 'b.csv']);
  });

  test('make room as well where the storage holds less than it claims', async () => {
    const storage = new MemoryStorage();
    await read(dropped(csv(5, 1000), 'a.csv'), storage);
    storage.claimedQuota = Number.POSITIVE_INFINITY;
    storage.quota = 40_000;
    const { storageProblem } = await read(dropped(csv(5, 1000), 'b.csv'), storage);
    expect(storageProblem).toBeUndefined();
    expect((await new QuoteCache(storage).list()).map(({ file }) => file)).toEqual(['b.csv']);
    expect([...storage.files.keys()].filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('that do not fit are in use all the same, and a sentence says so', async () => {
    const storage = new MemoryStorage();
    storage.quota = 1000;
    for (const claimed of [undefined, Number.POSITIVE_INFINITY]) {
      storage.claimedQuota = claimed;
      const { parts, storageProblem } = await read(dropped(csv(5, 1000)), storage);
      expect(parts[0]!.report.rowsKept).toBe(1000);
      expect(storageProblem).toMatchObject({
        code: 'quotes/storage-full',
        message: "The browser's storage has no room for 1 MB of quotes: they are in use but not remembered.",
      });
      expect([...storage.files.keys()]).toEqual([]);
    }
  });

  test('are written once by two tabs at the same time', async () => {
    const storage = new MemoryStorage();
    const both = await Promise.all([read(dropped(csv(5)), storage), read(dropped(csv(5)), storage)]);
    expect(both.map(({ storageProblem }) => storageProblem)).toEqual([undefined, undefined]);
    expect(entries(storage)).toHaveLength(1);
    expect([...storage.files.keys()].filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect((await read(dropped(csv(5)), storage)).remembered).toBe(true);
  });

  test('half written ones of a closed tab are swept up after an hour', async () => {
    const storage = new MemoryStorage();
    storage.files.set('old.tmp', new File(['x'], 'old.tmp', { lastModified: Date.now() - 4_000_000 }));
    storage.files.set('new.tmp', new File(['x'], 'new.tmp', { lastModified: Date.now() }));
    await read(dropped(csv(5)), storage);
    expect(storage.files.has('old.tmp')).toBe(false);
    expect(storage.files.has('new.tmp')).toBe(true);
  });

  test('a storage that fails in any other way is a sentence', async () => {
    const storage = new MemoryStorage();
    storage.rename = async () => Promise.reject(new TypeError('no disk'));
    const { parts, storageProblem } = await read(dropped(csv(5)), storage);
    expect(parts[0]!.report.rowsKept).toBe(50);
    expect(storageProblem?.message).toBe(
      "The quotes are in use but could not be kept in the browser's storage (no disk).",
    );
  });
});
