import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { toProblem } from '../../../src/core/errors.ts';
import { Sha256Stream } from '../../../src/core/sha256Stream.ts';
import { openCheckpoint } from '../../../src/models/checkpoint.ts';
import { CheckpointLibrary, type DownloadProgress } from '../../../src/models/hub/library.ts';
import { defaultHub, parseRepositoryName, readRepository } from '../../../src/models/hub/repository.ts';
import { judgeFile, pauseMs } from '../../../src/models/hub/responses.ts';
import { COMMIT, type Misbehaviour, type RunningHub, startHub } from '../../support/hubServer.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { smallTtm } from '../../support/smallTtm.ts';

const small = smallTtm();
const config = new TextEncoder().encode(small.configJson);
const weights = small.weights;
const REPO = 'lab/small';
const FOLDER = `checkpoints/${encodeURIComponent(defaultHub)}--lab--small@${COMMIT.slice(0, 12)}`;

let hub: RunningHub | undefined;

afterEach(async () => {
  await hub?.close();
  hub = undefined;
});

interface Session {
  readonly library: CheckpointLibrary;
  readonly store: MemoryStore;
  readonly waits: number[];
  readonly progress: DownloadProgress[];
  readonly access: { base: string; token?: string };
  get(token?: string, signal?: AbortSignal): Promise<unknown>;
}

/** The hub on this machine in the place of the official one. */
const throughHub = (url: string, init: RequestInit): Promise<Response> =>
  fetch(url.replace(`${defaultHub}/`, `${hub?.base ?? 'http://127.0.0.1:9'}/`), init);

/** A hub with one repository whose weights (or description) misbehave, and a library in memory whose pauses take no time. */
async function session(fault: Misbehaviour = {}, key = 'model.safetensors', room?: number): Promise<Session> {
  hub = await startHub({
    files: { [REPO]: { 'config.json': config, 'model.safetensors': weights } },
    faults: { [key]: fault },
  });
  const store = new MemoryStore(room);
  const waits: number[] = [];
  const progress: DownloadProgress[] = [];
  const wait = async (ms: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    waits.push(ms);
  };
  const base = defaultHub;
  const library = new CheckpointLibrary({ fetch: throughHub, store, wait, stallMs: 300 });
  return {
    library,
    store,
    waits,
    progress,
    access: { base },
    get: async (token, signal = new AbortController().signal) => {
      const access = { base, ...(token && { token }) };
      const repository = await library.lookUp(REPO, access, signal);
      return library.download(repository, access, (one) => progress.push(one), signal);
    },
  };
}

const refused = async (work: Promise<unknown>) =>
  toProblem(await work.then(() => new Error('nothing went wrong')).catch((caught: unknown) => caught));

describe('a download', () => {
  it('brings a checkpoint that opens, says how far it is, and is listed and deleted', async () => {
    const { library, get, progress } = await session();
    await get();
    const kept = await library.list();
    expect(kept).toMatchObject([{ repo: REPO, commit: COMMIT, whole: true, bytes: config.length + weights.length }]);
    const model = await openCheckpoint(await library.open(kept[0]!.id));
    expect(model.card).toMatchObject({ name: REPO, weightsSha256: createHash('sha256').update(weights).digest('hex') });
    const received = progress.filter(({ stage }) => stage === 'receiving').map((one) => one.received);
    expect(received.at(-1)).toBe(config.length + weights.length);
    expect(received).toEqual([...received].sort((a, b) => a - b));
    await library.remove(kept[0]!.id);
    expect(await library.list()).toEqual([]);
  });

  it('goes on where the connection broke off, as often as it must, and asks for nothing twice', async () => {
    const { get, store, waits } = await session({ breakAfter: 20_000 });
    await get();
    expect(store.files.get(`${FOLDER}/model.safetensors`)).toEqual(weights);
    const ranges = hub!.requests.flatMap((line) => /bytes=(\d+)-/.exec(line)?.[1] ?? []).map(Number);
    expect(ranges.length).toBe(Math.ceil(weights.length / 20_000) - 1);
    expect(ranges).toEqual([...new Set(ranges)].sort((a, b) => a - b));
    expect(waits.every((ms) => ms === 1000)).toBe(true);
  });

  it('can be paused and goes on later from what is kept, in another session too', async () => {
    const { get, library, store, access } = await session({ slowMs: 20 });
    const pausing = new AbortController();
    const running = get(undefined, pausing.signal);
    while ((await store.size(`${FOLDER}/model.safetensors.part`)) === 0) await new Promise((r) => setTimeout(r, 5));
    pausing.abort();
    expect((await refused(running)).code).toBe('cancelled');
    const here = await store.size(`${FOLDER}/model.safetensors.part`);
    const [paused] = await library.list();
    expect(paused).toMatchObject({
      whole: false,
      bytes: config.length + here,
      totalBytes: config.length + weights.length,
    });
    const signal = new AbortController().signal;
    const later = new CheckpointLibrary({ fetch: throughHub, store, wait: async () => {}, stallMs: 300 });
    await later.download(await later.resumable(paused!.id), access, () => {}, signal);
    expect(store.files.get(`${FOLDER}/model.safetensors`)).toEqual(weights);
    expect(hub!.requests.at(-1)).toContain(`bytes=${here}-`);
    expect(hub!.requests.filter((line) => line.endsWith('config.json'))).toHaveLength(1);
  });

  it('begins anew where the server knows no ranges', async () => {
    const { get, store } = await session({ ignoreRange: true, breakAfter: 20_000, times: 1 });
    await get();
    expect(store.files.get(`${FOLDER}/model.safetensors`)).toEqual(weights);
  });

  it('takes a connection without data for broken', async () => {
    const { get, store, progress } = await session({ stallAfter: 20_000 });
    await get();
    expect(store.files.get(`${FOLDER}/model.safetensors`)).toEqual(weights);
    expect(progress.filter(({ stage }) => stage === 'waiting')).toMatchObject([{ reason: 'no data came for a while' }]);
  });

  it('waits as long as the hub asks, and else longer each time', async () => {
    const asked = await session({ status: 429, times: 2, retryAfter: '7' });
    await asked.get();
    expect(asked.waits).toEqual([7000, 7000]);
    await hub!.close();
    const failing = await session({ status: 503, times: 3 });
    await failing.get();
    expect(failing.waits).toEqual([1000, 2000, 4000]);
  });

  it('works without reported lengths and hashes', async () => {
    const { get, store, library } = await session({ silent: true });
    await get();
    expect(store.files.get(`${FOLDER}/model.safetensors`)).toEqual(weights);
    expect(await library.list()).toMatchObject([{ whole: true, totalBytes: undefined }]);
  });

  it('sends a token to a gated repository and stores it nowhere', async () => {
    const { get, store } = await session({ token: 'hf_secret' });
    expect((await refused(get())).code).toBe('hub/gated');
    await get('hf_secret');
    for (const bytes of store.files.values())
      expect(new TextDecoder('latin1').decode(bytes)).not.toContain('hf_secret');
  });
});

describe('another hub than the official one', () => {
  const signal = new AbortController().signal;

  it('is not asked for anything before somebody agrees, nor one that the page may not reach', async () => {
    const { library } = await session();
    expect(await refused(library.lookUp(REPO, { base: hub!.base }, signal))).toMatchObject({ code: 'hub/not-asked' });
    const far = { base: 'https://hub.example', clicked: true };
    expect(await refused(library.lookUp(REPO, far, signal))).toMatchObject({ code: 'network/not-allowed' });
    expect(hub!.requests).toEqual([]);
  });

  it('is sent no token, and what it gives bears its name', async () => {
    const sent: (string | null)[] = [];
    const { store } = await session();
    const library = new CheckpointLibrary({
      fetch: (url, init) => {
        sent.push(new Headers(init.headers).get('authorization'));
        return fetch(url, init);
      },
      store,
      wait: async () => {},
      stallMs: 300,
    });
    const access = { base: `${hub!.base}/`, token: 'hf_secret', clicked: true };
    const kept = await library.download(await library.lookUp(REPO, access, signal), access, () => {}, signal);
    const name = `${hub!.base.replace('http://', '')}/${REPO}`;
    expect(kept).toMatchObject({ name, hub: hub!.base, whole: true });
    expect((await openCheckpoint(await library.open(kept.id))).card.name).toBe(name);
    expect(sent.length).toBeGreaterThan(2);
    expect(sent.every((header) => header === null)).toBe(true);
  });

  it('is believed about its own files only: the official repository of the same name and commit is downloaded afresh', async () => {
    const { library, get } = await session();
    const access = { base: hub!.base, clicked: true };
    await library.download(await library.lookUp(REPO, access, signal), access, () => {}, signal);
    const before = hub!.requests.length;
    await get();
    expect(hub!.requests.slice(before).filter((line) => line.includes('/resolve/'))).toHaveLength(2);
    expect((await library.list()).map(({ name }) => name).sort()).toEqual(
      [`${hub!.base.replace('http://', '')}/${REPO}`, REPO].sort(),
    );
  });

  it('of which a checkpoint was downloaded before hubs were noted is said to be unknown', async () => {
    const { library, store, get } = await session();
    await get();
    for (const [path, bytes] of [...store.files]) {
      store.files.delete(path);
      const text = new TextDecoder().decode(bytes);
      const old = path.endsWith('download.json') ? new TextEncoder().encode(text.replace(/"hub":"[^"]*",/, '')) : bytes;
      store.files.set(path.replace(FOLDER, 'checkpoints/lab--small@old'), old);
    }
    expect((await library.list()).map(({ name }) => name)).toEqual([`${REPO} (of a hub that was not noted)`]);
  });
});

describe('a download that cannot succeed ends in a sentence, and keeps what is good', () => {
  it.each<[string, Misbehaviour, string, string, number]>([
    ['a page', { html: true }, 'hub/html', 'The hub answered with a web page instead of model.safetensors.', 0],
    [
      'another length',
      { reportedBytes: 99 },
      'hub/length',
      `model.safetensors has ${weights.length} bytes, but the hub reports 99.`,
      0,
    ],
    [
      'another content',
      { reportedSha256: 'ab'.repeat(32) },
      'hub/hash',
      'model.safetensors arrived damaged: its SHA-256 is ',
      0,
    ],
    ['no such file', { status: 404 }, 'hub/not-found', 'The hub has no model.safetensors.', 0],
    [
      'not allowed',
      { status: 401 },
      'hub/gated',
      'The hub gives model.safetensors only to those it knows (status 401).',
      0,
    ],
    [
      'forbidden',
      { status: 403 },
      'hub/gated',
      'The hub gives model.safetensors only to those it knows (status 403).',
      0,
    ],
    ['too many requests', { status: 429 }, 'hub/interrupted', 'broke off 5 times in a row: the hub asks to wait.', 0],
    [
      'a failing server',
      { status: 500 },
      'hub/interrupted',
      'broke off 5 times in a row: the hub failed (status 500).',
      0,
    ],
    ['an odd status', { status: 418 }, 'hub/status', 'The hub answered with status 418', 0],
  ])('%s', async (_, fault, code, sentence, kept) => {
    const { get, store, library } = await session(fault);
    const problem = await refused(get());
    expect(problem.code).toBe(code);
    expect(problem.message).toContain(sentence);
    expect(problem.hint).toBeTruthy();
    expect(await store.size(`${FOLDER}/model.safetensors.part`)).toBe(kept);
    expect(await store.size(`${FOLDER}/model.safetensors`)).toBe(0);
    expect(store.files.get(`${FOLDER}/config.json`)).toEqual(config);
    const opening = await refused(library.open(FOLDER.slice('checkpoints/'.length)));
    expect(opening.code).toBe('hub/not-kept');
  });

  it('a full storage', async () => {
    const { get } = await session({}, 'model.safetensors', config.length + 600 + Math.floor(weights.length / 2));
    expect(await refused(get())).toMatchObject({ code: 'hub/storage-full' });
  });

  it.each<[string, Misbehaviour, string]>([
    ['an unknown repository', { status: 404 }, 'hub/not-found'],
    ['a gated repository', { status: 403 }, 'hub/gated'],
    ['a page as description', { html: true }, 'hub/answer'],
    ['a hub that is overrun', { status: 429 }, 'hub/interrupted'],
  ])('%s', async (_, fault, code) => {
    const { get } = await session(fault, 'api');
    expect(await refused(get())).toMatchObject({ code });
  });

  it('no hub at all', async () => {
    const { get } = await session();
    await hub!.close();
    expect(await refused(get())).toMatchObject({ code: 'hub/interrupted' });
    hub = undefined;
  });
});

describe('which files make a checkpoint', () => {
  const chosen = (...names: readonly string[]) =>
    readRepository(defaultHub, REPO, { sha: 'abc', siblings: names.map((rfilename) => ({ rfilename })) }).files.map(
      ({ path }) => path,
    );

  it.each<[readonly string[], readonly string[]]>([
    [
      ['README.md', 'config.json', 'model.safetensors', 'pytorch_model.bin'],
      ['config.json', 'model.safetensors'],
    ],
    [
      [
        'config.json',
        'model-00001-of-00002.safetensors',
        'model-00002-of-00002.safetensors',
        'model.safetensors.index.json',
      ],
      [
        'config.json',
        'model-00001-of-00002.safetensors',
        'model-00002-of-00002.safetensors',
        'model.safetensors.index.json',
      ],
    ],
    [['torch_model.ckpt', 'README.md'], ['torch_model.ckpt']],
    [
      ['onnx/model.onnx', 'pytorch_model.bin', 'config.json'],
      ['config.json', 'pytorch_model.bin'],
    ],
    [
      ['model.onnx', 'model.onnx_data'],
      ['model.onnx', 'model.onnx_data'],
    ],
  ])('of %j', (names, want) => {
    expect(chosen(...names)).toEqual(want);
  });

  it('is a question with an answer, or a sentence', () => {
    expect(() => chosen('README.md', 'weights.h5')).toThrow(
      'holds no weights this page can read: README.md, weights.h5.',
    );
  });
});

describe('names of repositories', () => {
  it.each<[string, string, string]>([
    ['amazon/chronos-bolt-tiny', 'amazon/chronos-bolt-tiny', 'main'],
    ['  ibm-granite/granite-timeseries-ttm-r2@1024-96-r2 ', 'ibm-granite/granite-timeseries-ttm-r2', '1024-96-r2'],
    ['https://huggingface.co/google/timesfm-2.0-500m-pytorch/', 'google/timesfm-2.0-500m-pytorch', 'main'],
    ['https://huggingface.co/a/b/tree/dev', 'a/b', 'dev'],
  ])('%s', (typed, repo, revision) => {
    expect(parseRepositoryName(typed)).toEqual({ repo, revision });
  });

  it.each(['', 'timesfm', 'a/b/c', '../../etc/passwd', 'a/..', 'a b/c'])('%j is none', (typed) => {
    expect(() => parseRepositoryName(typed)).toThrow('is no repository name');
  });
});

describe('the decisions of a download', () => {
  const head = { contentType: null, contentLength: null, contentRange: null, retryAfter: null };

  it('take bytes only where they belong', () => {
    const request = { path: 'w', have: 10, expected: 30 };
    const partial = (contentRange: string) => judgeFile(request, { ...head, status: 206, contentRange });
    expect(partial('bytes 10-29/30')).toEqual({ kind: 'take', offset: 10, total: 30 });
    expect(partial('bytes 0-29/30')).toEqual({ kind: 'restart' });
    expect(partial('nonsense')).toEqual({ kind: 'restart' });
    expect(partial('bytes 10-39/40')).toMatchObject({ kind: 'refuse', problem: { code: 'hub/length' } });
    const hidden = (contentLength: string) => judgeFile(request, { ...head, status: 206, contentLength });
    expect(hidden('20')).toEqual({ kind: 'take', offset: 10, total: 30 });
    expect(hidden('30')).toEqual({ kind: 'restart' });
    expect(judgeFile(request, { ...head, status: 200 })).toEqual({ kind: 'take', offset: 0, total: 30 });
    expect(judgeFile(request, { ...head, status: 416 })).toEqual({ kind: 'restart' });
    expect(judgeFile({ ...request, have: 30 }, { ...head, status: 416 })).toEqual({ kind: 'complete' });
  });

  it('wait at most half a minute of their own accord', () => {
    expect([1, 2, 3, 9].map((failures) => pauseMs(failures, undefined))).toEqual([1000, 2000, 4000, 30_000]);
  });
});

describe('SHA-256 in pieces', () => {
  it('is SHA-256, however the data are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }), (pieces) => {
        const ours = new Sha256Stream();
        const theirs = createHash('sha256');
        for (const piece of pieces) {
          ours.update(piece);
          theirs.update(piece);
        }
        expect(ours.finish()).toBe(theirs.digest('hex'));
      }),
    );
  });
});
