/** A model hub on this machine that can misbehave in every way a real one, or the network before it, does. Node only. */

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the answers about one file go wrong; counts are of requests. */
export interface Misbehaviour {
  /** Answers with this status so many times (default: always). */
  readonly status?: number;
  readonly times?: number;
  readonly retryAfter?: string;
  /** Closes the connection after so many bytes of each answer, so many times. */
  readonly breakAfter?: number;
  /** Sends nothing after so many bytes, once. */
  readonly stallAfter?: number;
  /** Milliseconds between pieces of 16 kB. */
  readonly slowMs?: number;
  readonly html?: boolean;
  readonly ignoreRange?: boolean;
  /** Reports another length, another hash, or none. */
  readonly reportedBytes?: number;
  readonly reportedSha256?: string;
  readonly silent?: boolean;
  /** Only for those who send this token. */
  readonly token?: string;
}

export interface HubContents {
  /** Repository → path → bytes. */
  readonly files: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>>;
  /** Path (or `api` for the description) → what goes wrong. */
  readonly faults?: Readonly<Record<string, Misbehaviour>>;
  readonly licence?: string;
}

export interface RunningHub {
  readonly base: string;
  /** Method and path of every request, with its range. */
  readonly requests: string[];
  close(): Promise<void>;
}

export const COMMIT = 'c0ffee0123456789c0ffee0123456789c0ffee01';

export async function startHub(contents: HubContents): Promise<RunningHub> {
  const requests: string[] = [];
  const counts = new Map<string, number>();
  const server = createServer((request, response) => void answer(contents, counts, requests, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { base: `http://127.0.0.1:${port}`, requests, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function answer(
  { files, faults = {}, licence }: HubContents,
  counts: Map<string, number>,
  requests: string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://hub');
  const { range } = request.headers;
  // Answers to pages from elsewhere, as the real hub gives them.
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Allow-Headers', 'authorization, range');
  response.setHeader('Access-Control-Expose-Headers', 'content-range, content-length, retry-after');
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  if (request.method === 'OPTIONS') return void response.writeHead(204).end();
  requests.push(`${url.pathname}${range ? ` ${range}` : ''}`);
  const described = /^\/api\/models\/([^/]+\/[^/]+)/.exec(url.pathname)?.[1];
  const [, repo = '', path = ''] = /^\/([^/]+\/[^/]+)\/resolve\/[^/]+\/(.+)$/.exec(url.pathname) ?? [];
  const held = files[described ?? repo];
  const bytes = held?.[path];
  if (!held || (!described && !bytes)) return void response.writeHead(404).end('not found');
  const key = described ? 'api' : path;
  const fault = faults[key] ?? {};
  const seen = counts.get(key) ?? 0;
  counts.set(key, seen + 1);
  const active = seen < (fault.times ?? Number.POSITIVE_INFINITY);
  if (fault.token !== undefined && request.headers.authorization !== `Bearer ${fault.token}`) {
    return void response.writeHead(401).end();
  }
  if (fault.status !== undefined && active) {
    return void response.writeHead(fault.status, fault.retryAfter ? { 'Retry-After': fault.retryAfter } : {}).end();
  }
  if (fault.html) {
    return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Sign in</title>');
  }
  if (described) {
    response.setHeader('Content-Type', 'application/json');
    return void response.end(JSON.stringify(describe(held, faults, licence)));
  }
  await send(bytes!, fault, active && seen === 0, active, range, response);
}

function describe(
  held: Readonly<Record<string, Uint8Array>>,
  faults: Readonly<Record<string, Misbehaviour>>,
  licence: string | undefined,
): object {
  const siblings = Object.entries(held).map(([rfilename, bytes]) => {
    const { silent, reportedBytes, reportedSha256 } = faults[rfilename] ?? {};
    if (silent) return { rfilename };
    const size = reportedBytes ?? bytes.length;
    const sha256 = reportedSha256 ?? createHash('sha256').update(bytes).digest('hex');
    return { rfilename, size, ...(rfilename === 'config.json' ? {} : { lfs: { sha256, size, pointerSize: 134 } }) };
  });
  return { id: 'x', sha: COMMIT, gated: false, siblings, ...(licence && { cardData: { license: licence } }) };
}

const PIECE = 16 * 1024;

async function send(
  bytes: Uint8Array,
  fault: Misbehaviour,
  first: boolean,
  active: boolean,
  range: string | undefined,
  response: ServerResponse,
): Promise<void> {
  const start = range && !fault.ignoreRange ? Number(/bytes=(\d+)-/.exec(range)?.[1] ?? 0) : 0;
  if (start >= bytes.length && bytes.length > 0) {
    return void response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
  }
  response.writeHead(start > 0 ? 206 : 200, {
    'Content-Type': 'application/octet-stream',
    'Content-Length': bytes.length - start,
    ...(start > 0 && { 'Content-Range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
  });
  const breakAt = fault.breakAfter !== undefined && active ? start + fault.breakAfter : Number.POSITIVE_INFINITY;
  const stallAt = fault.stallAfter !== undefined && first ? start + fault.stallAfter : Number.POSITIVE_INFINITY;
  for (let at = start; at < bytes.length; at += PIECE) {
    const end = Math.min(at + PIECE, bytes.length, breakAt, stallAt);
    await new Promise<void>((resolve) => response.write(bytes.subarray(at, end), () => resolve()));
    if (end === stallAt) return;
    if (end === breakAt) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return void response.destroy();
    }
    if (fault.slowMs) await new Promise((resolve) => setTimeout(resolve, fault.slowMs));
    if (response.destroyed) return;
  }
  response.end();
}
