/** Fetches public sample files into the user's browser, once: what was fetched is checked, kept in the browser's cache and found there again. */

import { fail } from '../../../core/errors.ts';
import { sha256 } from '../../../core/sha256.ts';
import type { OnProgress } from '../../../core/types.ts';
import { type Sample, type SampleFile, sampleBytes, sampleUrl } from '../../../quotes/samples.ts';
import type { DroppedFile } from './droppedFiles.ts';

/** Name of the browser's cache. */
const CACHE = 'pml-samples';

/**
 * All files of a sample. `onProgress` counts bytes.
 * @throws UserError where a file cannot be had or is not what it should be; an AbortError when the signal aborts.
 */
export async function fetchSample(
  sample: Sample,
  address: string,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<DroppedFile[]> {
  const total = sampleBytes(sample);
  const fetched: DroppedFile[] = [];
  let before = 0;
  for (const file of sample.files) {
    const report = (bytes: number): void =>
      onProgress({ stage: `Fetching ${nameOf(file)}`, done: before + bytes, total, unit: 'bytes' });
    const url = sampleUrl(address, sample.source, file.path);
    const bytes = (await fromCache(file)) ?? (await fromNetwork(url, file, report, signal));
    signal.throwIfAborted();
    before += file.bytes;
    report(0);
    // Of no date of its own, so that the same sample is the same file each time.
    fetched.push({ path: file.path, file: new File([bytes], nameOf(file), { lastModified: 0 }) });
  }
  return fetched;
}

/** Deletes every sample that is kept. */
export async function forgetSamples(): Promise<void> {
  if ('caches' in globalThis) await caches.delete(CACHE);
}

async function fromNetwork(
  url: string,
  file: SampleFile,
  report: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const where = nameOf(file);
  const response = await fetch(url, { signal }).catch((caught: unknown) => {
    signal.throwIfAborted();
    const why = caught instanceof Error ? caught.message : String(caught);
    return fail('samples/unreachable', `The sample could not be fetched: ${why}.`, {
      where,
      hint: `Check the connection to ${new URL(url).host} and try again; nothing else is affected.`,
    });
  });
  if (!response.ok) {
    fail('samples/refused', `The server answered ${response.status} instead of the sample.`, {
      where,
      hint: response.status === 429 ? 'Wait a minute and try again.' : 'Try again later.',
    });
  }
  const bytes = await readBody(response, file, report, signal);
  if (bytes.length !== file.bytes || (await sha256(bytes)) !== file.sha256) {
    fail('samples/changed', `What the server sent (${bytes.length} bytes) is not the sample (${file.bytes} bytes).`, {
      where,
      hint: 'A proxy may have answered in its place; try again on another connection.',
    });
  }
  await toCache(file, bytes);
  return bytes;
}

/** Reads at most one byte more than there should be: whatever sends more is not the sample. */
async function readBody(
  response: Response,
  file: SampleFile,
  report: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(file.bytes + 1);
  let length = 0;
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done || length === bytes.length) break;
      const piece = value.subarray(0, bytes.length - length);
      bytes.set(piece, length);
      length += piece.length;
      report(length);
    }
  } catch (caught) {
    signal.throwIfAborted();
    const why = caught instanceof Error ? caught.message : String(caught);
    fail('samples/interrupted', `The download broke off after ${length} of ${file.bytes} bytes: ${why}.`, {
      where: nameOf(file),
      hint: 'Try again; files that came whole are kept.',
    });
  } finally {
    await reader?.cancel().catch(() => {});
  }
  return bytes.slice(0, length);
}

/** Named by content: an address cannot bring back something else. */
function cacheKey({ sha256: hash }: SampleFile): string {
  return new URL(`samples/${hash}`, document.baseURI).href;
}

async function fromCache(file: SampleFile): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!('caches' in globalThis)) return undefined;
  const response = await (await caches.open(CACHE)).match(cacheKey(file));
  return response && new Uint8Array(await response.arrayBuffer());
}

/** A full or forbidden cache is no reason to withhold the sample. */
async function toCache(file: SampleFile, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  if (!('caches' in globalThis)) return;
  await caches
    .open(CACHE)
    .then((cache) => cache.put(cacheKey(file), new Response(bytes)))
    .catch(() => {});
}

function nameOf({ path }: SampleFile): string {
  return path.split('/').at(-1) ?? path;
}
