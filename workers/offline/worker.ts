/**
 * The service worker: after the first visit the page opens without a network, and a new version waits until it is asked to take over.
 * It answers only for files of its own build, of which the build writes it a list; quotes, models of a hub and streams pass it by.
 *
 * It also gives every answer the two headers that isolate the page, so that threads work on hosts that do not send them, from the second
 * opening on.
 */

import type { FromPage } from './protocol.ts';

declare const self: ServiceWorkerGlobalScope;

/** Written by the build (`scripts/offlineBuild.ts`). */
declare const __BUILD__: {
  /** Of the content of all files. */
  readonly version: string;
  /** Relative to the worker. Kept at once. */
  readonly small: readonly string[];
  /** Kept when they are used: each is tens of megabytes, and a device needs one of them. */
  readonly large: readonly string[];
};

const build = __BUILD__;
const prefix = 'pml-lab-';
const cacheName = `${prefix}${build.version}`;
const addressOf = (path: string): string => new URL(path, self.registration.scope).href;
const known = new Set([...build.small, ...build.large].map(addressOf));

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(cacheName);
      // Past the browser's own cache, which may hold an older version.
      await cache.addAll(build.small.map((path) => new Request(addressOf(path), { cache: 'reload' })));
    })(),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      const old = names.filter((name) => name.startsWith(prefix) && name !== cacheName);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('message', (event) => {
  const message = event.data as FromPage;
  if (message.kind === 'take over') void self.skipWaiting();
  else event.waitUntil(keepRuntime(message.provider));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const address = request.url.replace(/[?#].*$/, '');
  const page = request.mode === 'navigate' && address.startsWith(self.registration.scope);
  if (page) event.respondWith(answer(addressOf('index.html'), request));
  else if (known.has(address)) event.respondWith(answer(address, request));
});

/** From what is kept, else from the network, which is then kept. */
async function answer(address: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(address);
  if (kept) return isolated(kept);
  const fetched = await fetch(request);
  if (fetched.status === 200) await cache.put(address, fetched.clone());
  return isolated(fetched);
}

/** Keeps the executable that a provider needs. */
async function keepRuntime(provider: 'webgpu' | 'wasm'): Promise<void> {
  const cache = await caches.open(cacheName);
  for (const path of build.large.filter((each) => isRuntimeOf(provider, each))) {
    const address = addressOf(path);
    if (!(await cache.match(address))) await cache.add(address);
  }
}

/** The builds of onnxruntime-web, as `src/models/runtime/browser.ts` chooses among them. */
function isRuntimeOf(provider: 'webgpu' | 'wasm', path: string): boolean {
  const flavour = /\.(jspi|asyncify)-/.exec(path)?.[1];
  if (provider === 'wasm') return flavour === undefined;
  return flavour === ('Suspending' in WebAssembly ? 'jspi' : 'asyncify');
}

function isolated(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
