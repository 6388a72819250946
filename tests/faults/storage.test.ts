/**
 * What is kept on a device when keeping fails: the n-th change for all n, in every way, killed pages, damage, what earlier and later versions
 * wrote. What is there afterwards is what was there before, or what was to be, and never something else.
 */

import { describe, expect, test } from 'vitest';
import { createStored } from '../../src/app/lab/data/stored.ts';
import { toProblem } from '../../src/core/errors.ts';
import { sha256 } from '../../src/core/sha256.ts';
import { fileJobStore, sealedStore } from '../../src/forecasts/jobStore.ts';
import { forecastLimit, noteUse, setForecastLimit, tidy } from '../../src/forecasts/tidying.ts';
import { loadFiles } from '../../src/models/checkpoints/readWeights.ts';
import { CheckpointLibrary } from '../../src/models/hub/library.ts';
import { QuoteCache } from '../../src/quotes/cache/quoteCache.ts';
import { browserStorage } from '../../src/quotes/cache/storage.ts';
import { createRecording, listRecordings, readRecording, removeRecording } from '../../src/quotes/recording/storage.ts';
import { readBytes, writeWhole } from '../../src/storage/files.ts';
import { ifUnused, whileInUse } from '../../src/storage/inUse.ts';
import { memoryFiles, memoryHost } from '../../src/storage/memoryFiles.ts';
import { privateFiles } from '../../src/storage/privateFiles.ts';
import { RECORD_VERSION, readRecords, writeRecord } from '../../src/studies/runRecord.ts';
import { type FaultKind, FaultyFiles } from '../support/faultyFiles.ts';
import { MemoryStore } from '../support/memoryStore.ts';

const kinds: readonly FaultKind[] = ['full', 'short', 'error', 'killed'];
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const before = bytesOf('what was there before');
const after = bytesOf('what is to be there from now on, which is longer');

/** Does something with the n-th change failing, for every n until none fails, in every way. */
async function failingEverywhere(
  prepare: (files: MemoryStore) => Promise<void>,
  work: (files: FaultyFiles) => Promise<void>,
  check: (files: MemoryStore, failed: unknown, kind: FaultKind) => Promise<void>,
): Promise<number> {
  let faults = 0;
  for (const kind of kinds) {
    for (let n = 0; ; n++) {
      const inner = new MemoryStore();
      await prepare(inner);
      const files = new FaultyFiles(inner, n, kind);
      const failed = await work(files).then(
        () => undefined,
        (caught: unknown) => caught,
      );
      await check(inner, failed, kind);
      if (files.changes <= n) break;
      faults++;
    }
  }
  return faults;
}

describe('a change that fails, whichever it is and however', () => {
  test('leaves a file as it was, or as it was to be', async () => {
    const faults = await failingEverywhere(
      (files) => writeWhole(files, 'folder/file', [before]),
      (files) => writeWhole(files, 'folder/file', [after.subarray(0, 20), after.subarray(20)]),
      async (files, failed) => {
        expect(files.files.get('folder/file')).toEqual(failed === undefined ? after : before);
      },
    );
    expect(faults).toBeGreaterThanOrEqual(16);
  });

  test('leaves a job done, or to be done', async () => {
    await failingEverywhere(
      async () => {},
      (files) => fileJobStore(files).put('job', after),
      async (files, failed) => {
        const store = fileJobStore(files);
        expect(await store.keys()).toEqual(failed === undefined ? ['job'] : []);
        expect(await store.get('job')).toEqual(failed === undefined ? after : undefined);
      },
    );
  });

  test('leaves remembered quotes whole or not there, and the files in use all the same', async () => {
    const part = { report: { file: 'a.csv' }, quotes: [] } as unknown as Parameters<QuoteCache['put']>[1][number];
    await failingEverywhere(
      async () => {},
      async (files) => {
        const problem = await new QuoteCache((await browserStorage(files))!).put({ key: 'key', seenAs: 'look' }, [
          part,
        ]);
        if (problem) throw problem;
      },
      async (files) => {
        const cache = new QuoteCache((await browserStorage(files))!);
        const found = await cache.find('look');
        if (found) expect(found).toEqual([part]);
        for (const { file } of await cache.list()) expect(file).toBe('a.csv');
      },
    );
  });

  test('leaves a checkpoint whole, or not listed as whole', async () => {
    const checkpoint = { name: 'own', configJson: '{}', weights: after };
    await failingEverywhere(
      async () => {},
      async (files) => void (await libraryOn(files).keep(checkpoint)),
      async (files, failed) => {
        const kept = await libraryOn(files).list();
        expect(kept.map(({ whole }) => whole)).toEqual(failed === undefined ? [true] : []);
        if (failed !== undefined) return;
        const opened = await libraryOn(files).open(kept[0]!.id);
        expect((await loadFiles(opened.files))[0]!.bytes).toEqual(after);
      },
    );
  });

  test('leaves a recording with whole rows', async () => {
    await failingEverywhere(
      async () => {},
      async (files) => {
        const recording = await createRecording('r.csv', files);
        recording.append('time,bid,ask\n');
        recording.append('1,100,101\n');
        recording.append('2,100,101\n');
        await recording.finish();
      },
      async (files, _, kind) => {
        const text = new TextDecoder().decode(files.files.get('recordings/r.csv'));
        expect('time,bid,ask\n1,100,101\n2,100,101\n'.startsWith(text) || kind === 'short').toBe(true);
        // Where a device says less than it should, the writer itself notices ("4294967288", below).
        if (kind !== 'short') expect(text === '' || text.endsWith('\n')).toBe(true);
      },
    );
  });
});

function libraryOn(store: FaultyFiles | MemoryStore): CheckpointLibrary {
  return new CheckpointLibrary({
    store,
    fetch: () => Promise.reject(new Error('offline')),
    wait: async () => {},
    stallMs: 1,
  });
}

describe('a device that is full', () => {
  test('says so with how to make room', () => {
    expect(toProblem(new DOMException('', 'QuotaExceededError'))).toMatchObject({
      code: 'storage/full',
      hint: expect.stringContaining('forget kept forecasts'),
    });
  });

  test('is noticed though it says that it wrote 4294967288 bytes, as Chromium does in private windows', async () => {
    const disk = fakeDisk({ fullAt: 30 });
    const files = privateFiles(disk.root);
    await expect(writeWhole(files, 'runs/a', [after])).rejects.toMatchObject({ name: 'QuotaExceededError' });
    expect(disk.names()).toEqual([]);
    await writeWhole(files, 'runs/a', [after.subarray(0, 20)]);
    expect(disk.names()).toEqual(['runs/a']);
  });

  test('is noticed where bytes are lost after they were written', async () => {
    const disk = fakeDisk({ loses: 3 });
    await expect(writeWhole(privateFiles(disk.root), 'a', [after])).rejects.toMatchObject({
      name: 'QuotaExceededError',
    });
    expect(disk.names()).toEqual([]);
  });
});

describe('what was damaged on the device', () => {
  const record = (id: string) =>
    writeRecord({
      ...{ version: RECORD_VERSION, id, title: id, startedMs: 1, seconds: 2, state: 'finished', share: 1, slope: null },
      ...{ kind: 'run', manifest: {} as never },
    });

  test('hides itself and nothing else', async () => {
    const files = new MemoryStore();
    const store = sealedStore(fileJobStore(files, 'runs'));
    for (const id of ['a', 'b', 'c', 'd', 'e']) await store.put(id, record(id));
    files.files.get('runs/b')![90]! ^= 1;
    files.files.set('runs/c', new Uint8Array());
    files.files.set('runs/d', bytesOf('{"version":1,"id":"d","startedMs":"yesterday"}'));
    const damaged: string[] = [];
    const records = await readRecords(store, (key) => damaged.push(key));
    expect(records.map(({ id }) => id)).toEqual(['e', 'a']);
    expect(damaged.sort()).toEqual(['b', 'c', 'd']);
    await expect(store.get('b')).rejects.toMatchObject({ problem: { code: 'storage/damaged', where: 'b' } });
  });

  test('is told from what an earlier version wrote, which opens, and a later one, which is left alone', async () => {
    const files = new MemoryStore();
    const store = sealedStore(fileJobStore(files, 'runs'));
    // Version 0.1.0 kept plain JSON without a checksum.
    files.files.set('runs/old', record('old'));
    const later = new TextDecoder().decode(record('later')).replace('"version":1', '"version":99');
    files.files.set('runs/later', bytesOf(later));
    const damaged: string[] = [];
    expect((await readRecords(store, (key) => damaged.push(key))).map(({ id }) => id)).toEqual(['old']);
    expect(damaged).toEqual([]);
    expect(files.files.has('runs/later')).toBe(true);
  });

  test('is no checkpoint any more: each file is held against its SHA-256', async () => {
    const files = new MemoryStore();
    const { id } = await libraryOn(files).keep({ name: 'own', configJson: '{"a":1}', weights: after.slice() });
    const weights = files.files.get(`checkpoints/${id}/model.safetensors`)!;
    weights[3]! ^= 4;
    const { files: opened } = await libraryOn(files).open(id);
    await expect(loadFiles(opened)).rejects.toMatchObject({ problem: { code: 'checkpoint/damaged' } });
    weights[3]! ^= 4;
    expect((await loadFiles((await libraryOn(files).open(id)).files))[0]!.bytes).toEqual(after);
    files.files.get(`checkpoints/${id}/config.json`)![1]! ^= 4;
    await expect(libraryOn(files).open(id)).rejects.toMatchObject({ problem: { where: 'config.json' } });
  });

  test('opens as version 0.1.0 kept it: a checkpoint with its note', async () => {
    const files = new MemoryStore();
    const folder = 'checkpoints/owner--name@0123456789ab';
    const arrived = await sha256(after);
    files.files.set(`${folder}/model.safetensors`, after);
    const note = { repo: 'owner/name', commit: '0123456789abcdef', files: [{ path: 'model.safetensors', arrived }] };
    files.files.set(`${folder}/download.json`, bytesOf(JSON.stringify(note)));
    const [kept] = await libraryOn(files).list();
    expect(kept).toMatchObject({ repo: 'owner/name', whole: true });
    expect((await loadFiles((await libraryOn(files).open(kept!.id)).files))[0]!.bytes).toEqual(after);
  });
});

describe('kept forecasts', () => {
  const fill = async (files: MemoryStore, count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      await fileJobStore(files).put(`job${i}`, new Uint8Array(1000));
      await noteUse(files, 'study-jobs', [`job${i}`], i);
    }
  };

  test('stay below their bound: those used longest ago go first', async () => {
    const files = new MemoryStore();
    await fill(files, 10);
    expect(await forecastLimit(files, 'study-jobs')).toBe(2e9);
    await setForecastLimit(files, 'study-jobs', 4500);
    await noteUse(files, 'study-jobs', ['job0', 'job1'], 100);
    expect(await tidy(files, 'study-jobs', 100)).toEqual({ removed: 6, bytes: 4000 });
    expect([...(await fileJobStore(files).keys())].sort()).toEqual(['job0', 'job1', 'job8', 'job9']);
    await setForecastLimit(files, 'study-jobs', Number.POSITIVE_INFINITY);
    expect(await forecastLimit(files, 'study-jobs')).toBe(Number.POSITIVE_INFINITY);
    expect((await tidy(files, 'study-jobs', 100))?.removed).toBe(0);
  });

  test('that nobody has noted, or whose notes are damaged, count by when they were written', async () => {
    const files = new MemoryStore();
    for (let i = 0; i < 3; i++) await fileJobStore(files).put(`job${i}`, new Uint8Array(1000));
    files.files.set('study-jobs.uses', bytesOf('[["job1",[9e15,1000]],["job2"'));
    await setForecastLimit(files, 'study-jobs', 1000);
    expect(await tidy(files, 'study-jobs')).toEqual({ removed: 2, bytes: 1000 });
  });

  test('are left alone while a run is under way, wherever', async () => {
    const files = new MemoryStore();
    await fill(files, 3);
    await setForecastLimit(files, 'study-jobs', 0);
    await whileInUse('study-jobs', async () => {
      expect(await tidy(files, 'study-jobs')).toBeUndefined();
      expect(await ifUnused('another', async () => 1)).toBe(1);
    });
    expect((await tidy(files, 'study-jobs'))?.removed).toBe(3);
  });

  test('and the bound of them survive a change that fails', async () => {
    await failingEverywhere(
      (files) => fill(files, 3),
      async (files) => {
        await setForecastLimit(files, 'study-jobs', 1500);
        await noteUse(files, 'study-jobs', ['job0'], 50);
        await tidy(files, 'study-jobs', 60);
      },
      async (files) => {
        // Whatever failed, the next time comes to the same end.
        await setForecastLimit(files, 'study-jobs', 1500);
        await noteUse(files, 'study-jobs', ['job0'], 70);
        await tidy(files, 'study-jobs', 80);
        const keys = await fileJobStore(files).keys();
        expect(keys.length).toBeLessThanOrEqual(1);
      },
    );
  });
});

describe('“Forget my data”', () => {
  test.each([true, false])(
    'takes everything, and checkpoints where it is asked for them: %s',
    async (checkpointsToo) => {
      const gone: string[] = [];
      const forget = (what: string) => async () => void gone.push(what);
      const quotes = { stored: async () => [], forget: async () => {}, forgetAll: forget('quotes') };
      const recording = { state: { kept: [{ name: 'r.csv' }] }, remove: forget('recording') };
      const own = recording as unknown as Parameters<typeof createStored>[1];
      const stored = createStored(quotes, own, forget('runs'), forget('checkpoints'));
      await stored.forgetAll(checkpointsToo);
      expect(stored.state.problem).toBeUndefined();
      expect(gone.sort()).toEqual([...(checkpointsToo ? ['checkpoints'] : []), 'quotes', 'recording', 'runs']);
    },
  );
});

describe('where the browser keeps nothing', () => {
  test('everything is in one place, for the page and whoever it lends it to', async () => {
    let changes = 0;
    const host = memoryHost(() => changes++);
    const [page, worker] = [memoryFiles(host), memoryFiles(host)];
    expect(await page.lasting()).toBe(false);
    await fileJobStore(worker, 'runs').put('a', after);
    expect(await fileJobStore(page, 'runs').get('a')).toEqual(after);
    expect(await browserStorage(page)).toBeUndefined();
    const recording = await createRecording('r.csv', worker);
    recording.append('time\n');
    expect(await listRecordings(page)).toEqual([]);
    expect(await (await recording.finish()).text()).toBe('time\n');
    expect((await listRecordings(page)).map(({ name, bytes }) => [name, bytes])).toEqual([['r.csv', 5]]);
    expect(await (await readRecording('r.csv', page)).text()).toBe('time\n');
    const { id } = await new CheckpointLibrary({
      ...{ store: worker, fetch: () => Promise.reject(new Error()), wait: async () => {}, stallMs: 1 },
    }).keep({ name: 'own', configJson: '{}', weights: after });
    expect(await readBytes(page, `checkpoints/${id}/model.safetensors`)).toEqual(after);
    await removeRecording('r.csv', page);
    expect(await listRecordings(worker)).toEqual([]);
    expect(changes).toBeGreaterThan(0);
    await page.remove('checkpoints');
    expect((await worker.list('checkpoints')).length).toBe(0);
  });
});

/** A private file system with a disk that lies. */
function fakeDisk({ fullAt = Number.POSITIVE_INFINITY, loses = 0 }) {
  const contents = new Map<string, Uint8Array>();
  const missing = (): never => {
    throw new DOMException('not there', 'NotFoundError');
  };
  const fileAt = (path: string) => ({
    kind: 'file',
    getFile: async () => new File([(contents.get(path) ?? missing()) as Uint8Array<ArrayBuffer>], path),
    async createSyncAccessHandle() {
      let bytes = contents.get(path) ?? new Uint8Array();
      return {
        truncate: (size: number) => {
          bytes = bytes.slice(0, size);
        },
        write: (more: Uint8Array, { at }: { at: number }) => {
          if (at + more.length > fullAt) return 4294967288;
          const whole = new Uint8Array(Math.max(bytes.length, at + more.length));
          whole.set(bytes);
          whole.set(more, at);
          bytes = whole;
          return more.length;
        },
        flush: () => {
          bytes = bytes.slice(0, bytes.length - loses);
        },
        getSize: () => bytes.length,
        close: () => void contents.set(path, bytes),
      };
    },
    async move(folder: { readonly prefix: string }, name: string) {
      contents.set(`${folder.prefix}${name}`, contents.get(path)!);
      contents.delete(path);
    },
  });
  const folderAt = (prefix: string): object => ({
    prefix,
    getDirectoryHandle: async (name: string) => folderAt(`${prefix}${name}/`),
    getFileHandle: async (name: string, { create = false } = {}) => {
      const path = `${prefix}${name}`;
      if (!contents.has(path)) create ? contents.set(path, new Uint8Array()) : missing();
      return fileAt(path);
    },
    removeEntry: async (name: string) => contents.delete(`${prefix}${name}`) || missing(),
  });
  return { root: folderAt('') as FileSystemDirectoryHandle, names: () => [...contents.keys()] };
}
