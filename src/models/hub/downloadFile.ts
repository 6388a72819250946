/**
 * Downloads one file into a store: goes on where an earlier try ended, tries again with growing pauses, and checks length and
 * SHA-256 at the end. Decisions are in `responses.ts`; the network, the clock and the store are given from outside.
 */

import { isAbort, UserError, type UserProblem } from '../../core/errors.ts';
import { Sha256Stream } from '../../core/sha256Stream.ts';
import { type FileStore, isFull, writeWhole } from '../../storage/files.ts';
import {
  exhausted,
  judgeFile,
  MOST_FAILURES,
  pauseMs,
  type ResponseHead,
  wrongHash,
  wrongLength,
} from './responses.ts';

export interface DownloadTools {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly store: FileStore;
  /** Resolves after a pause, or rejects when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A connection without a byte for this long counts as broken. */
  readonly stallMs: number;
}

export interface FileDownload {
  readonly url: string;
  /** Where it goes; until it is whole it is called `<target>.part`. */
  readonly target: string;
  /** Name for people. */
  readonly path: string;
  readonly bytes: number | undefined;
  readonly sha256: string | undefined;
  /** Sent to the hub and kept nowhere. */
  readonly token: string | undefined;
}

export type FileProgress =
  | { readonly kind: 'receiving'; readonly received: number; readonly total: number | undefined }
  | { readonly kind: 'waiting'; readonly ms: number; readonly reason: string }
  | { readonly kind: 'verifying' };

/**
 * Resolves with the file's SHA-256 when it is whole and in its place.
 * @throws UserError `hub/…`; AbortError when paused. In both cases what came is kept, unless its content is wrong.
 */
export async function downloadFile(
  file: FileDownload,
  tools: DownloadTools,
  onProgress: (progress: FileProgress) => void,
  signal: AbortSignal,
): Promise<string> {
  const part = `${file.target}.part`;
  let failures = 0;
  for (;;) {
    signal.throwIfAborted();
    const before = await tools.store.size(part);
    const outcome = await attempt(file, part, before, tools, onProgress, signal);
    if (outcome.kind === 'whole') break;
    if (outcome.kind === 'restart') {
      await tools.store.remove(part);
      if (before > 0) continue;
    }
    failures = (await tools.store.size(part)) > before ? 1 : failures + 1;
    const reason = outcome.kind === 'retry' ? outcome.reason : 'its answers make no sense';
    if (failures >= MOST_FAILURES) throw new UserError(exhausted(file.path, reason));
    const ms = pauseMs(failures, outcome.kind === 'retry' ? outcome.afterMs : undefined);
    onProgress({ kind: 'waiting', ms, reason });
    await tools.wait(ms, signal);
  }
  onProgress({ kind: 'verifying' });
  const hash = await hashOf((await tools.store.open(part)) ?? new Blob(), signal);
  if (file.sha256 !== undefined && hash !== file.sha256) {
    await tools.store.remove(part);
    throw new UserError(wrongHash(file.path, hash, file.sha256));
  }
  await tools.store.rename(part, file.target);
  return hash;
}

type Outcome =
  | { readonly kind: 'whole' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs?: number | undefined };

/** One request and as much of its body as comes. */
async function attempt(
  file: FileDownload,
  part: string,
  have: number,
  tools: DownloadTools,
  onProgress: (progress: FileProgress) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  if (file.bytes !== undefined && have === file.bytes) return { kind: 'whole' };
  if (file.bytes !== undefined && have > file.bytes) return { kind: 'restart' };
  const stall = new Stall(tools.stallMs, signal);
  try {
    const headers: Record<string, string> = {};
    if (have > 0) headers.Range = `bytes=${have}-`;
    if (file.token) headers.Authorization = `Bearer ${file.token}`;
    stall.alive();
    const response = await tools.fetch(file.url, { headers, signal: stall.signal, redirect: 'follow' });
    const verdict = judgeFile({ path: file.path, have, expected: file.bytes }, headOf(response));
    if (verdict.kind !== 'take') {
      await response.body?.cancel();
      if (verdict.kind === 'refuse') throw new UserError(verdict.problem);
      return verdict.kind === 'complete' ? { kind: 'whole' } : verdict;
    }
    const { offset, total } = verdict;
    const received = await receive(response, { part, offset, total }, tools, stall, onProgress);
    if (total === undefined || received === total) return { kind: 'whole' };
    if (received < total) return { kind: 'retry', reason: 'the connection was closed early' };
    await tools.store.remove(part);
    throw new UserError(wrongLength(file.path, received, total));
  } catch (caught) {
    signal.throwIfAborted();
    if (caught instanceof UserError) throw caught;
    const full = storageProblem(caught, file.path);
    if (full) throw new UserError(full);
    if (stall.expired) return { kind: 'retry', reason: 'no data came for a while' };
    return { kind: 'retry', reason: isAbort(caught) ? 'the connection was closed' : textOf(caught) };
  } finally {
    stall.end();
  }
}

interface Target {
  readonly part: string;
  readonly offset: number;
  readonly total: number | undefined;
}

/** Writes the body; returns the file's length afterwards, also if the body breaks off. */
async function receive(
  response: Response,
  { part, offset, total }: Target,
  { store }: DownloadTools,
  stall: Stall,
  onProgress: (progress: FileProgress) => void,
): Promise<number> {
  const writer = await store.append(part, offset);
  let received = offset;
  try {
    const reader = response.body!.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return received;
      stall.alive();
      writer.write(value);
      received += value.length;
      onProgress({ kind: 'receiving', received, total });
      // One byte too many is enough to know that the file is wrong.
      if (total !== undefined && received > total) {
        await reader.cancel();
        return received;
      }
    }
  } finally {
    await writer.close();
  }
}

/** Aborts a request through which nothing comes. */
class Stall {
  private readonly controller = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly follow = (): void => this.controller.abort();
  expired = false;

  constructor(
    private readonly limitMs: number,
    private readonly outer: AbortSignal,
  ) {
    outer.addEventListener('abort', this.follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  alive(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.expired = true;
      this.controller.abort();
    }, this.limitMs);
  }

  end(): void {
    clearTimeout(this.timer);
    this.outer.removeEventListener('abort', this.follow);
  }
}

/** What is read of an answer's headers. */
export function headOf({ status, headers }: Response): ResponseHead {
  return {
    status,
    contentType: headers.get('content-type'),
    // The length of a compressed body says nothing about the file.
    contentLength: headers.get('content-encoding') ? null : headers.get('content-length'),
    contentRange: headers.get('content-range'),
    retryAfter: headers.get('retry-after'),
  };
}

/** Writes a small file whole or not at all. @throws UserError `hub/storage-full` */
export async function writeFile(store: FileStore, path: string, bytes: Uint8Array): Promise<void> {
  await writeWhole(store, path, [bytes]).catch((caught: unknown) => {
    const full = storageProblem(caught, path);
    throw full ? new UserError(full) : caught;
  });
}

/** SHA-256 of a file that may be larger than memory. */
async function hashOf(blob: Blob, signal: AbortSignal): Promise<string> {
  const hash = new Sha256Stream();
  const reader = blob.stream().getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    signal.throwIfAborted();
    hash.update(piece.value);
  }
  return hash.finish();
}

function storageProblem(caught: unknown, path: string): UserProblem | undefined {
  if (!isFull(caught)) return undefined;
  return {
    code: 'hub/storage-full',
    message: `There is no room left for ${path} in this browser's storage.`,
    hint: 'Delete checkpoints that are kept on this device, or free space on its disk, and resume.',
  };
}

function textOf(caught: unknown): string {
  return (caught instanceof Error ? caught.message : String(caught)).replace(/\.$/, '') || 'the network failed';
}
