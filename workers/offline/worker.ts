/**
 * The service worker: after the first visit the page opens without a network, and a new version waits until it is asked to take over.
 * It answers only for files of its own build, of which the build writes it a list; quotes, models of a hub and streams pass it by.
 *
 * A file is kept when its content is the build's, and a version when all of its files are: on a host where only half of a version has arrived, or that
 * answers for a missing file with a page, the version before stays.
 *
 * It also gives every answer the headers that isolate the page and bound what pages and workers may reach, on hosts that do not send them,
 * from the second opening on.
 */

// Types only: a service worker is one file.
import type { BuildList, BuiltFile, FromPage } from './protocol.ts';

declare const self: ServiceWorkerGlobalScope;
declare const __BUILD__: BuildList;

const build = __BUILD__;
const cacheName = `${build.prefix}${build.version}`;
const addressOf = (path: string): string => new URL(path, self.registration.scope).href;
const known = new Map([...build.small, ...build.large].map((file) => [addressOf(file.path), file]));

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      if (await keptIsBroken()) void self.skipWaiting();
      const outcomes = await Promise.allSettled(build.small.map(keep));
      const failed = outcomes.find(({ status }) => status === 'rejected');
      if (!failed) return;
      await caches.delete(cacheName);
      throw new Error('A file of this version is not there, or is not the build’s: it is not taken.');
    })(),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      const old = names.filter((name) => name.startsWith(build.prefix) && name !== cacheName);
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
  if (page && (address === self.registration.scope || !known.has(address))) {
    event.respondWith(answerPage(addressOf('index.html'), request));
  } else if (page) event.respondWith(answerPage(address, request));
  else if (known.has(address)) event.respondWith(answerFile(address));
});

/** A page as it is kept, else whatever the server has: one of another version asks for that version's files. */
async function answerPage(address: string, request: Request): Promise<Response> {
  const kept = await (await caches.open(cacheName)).match(address);
  return isolated(kept ?? (await fetch(request)));
}

/** A file of this version: from what is kept, else from the network, which is then kept. */
async function answerFile(address: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(address);
  if (kept) return isolated(kept);
  const file = known.get(address);
  const fetched = file && (await fetchChecked(file));
  if (!fetched) {
    // Scripts of two versions would not fit together.
    return new Response('The server no longer has this version of the file.', { status: 404 });
  }
  await cache.put(address, fetched.clone()).catch(() => {}); // Where there is no room it is fetched again.
  return isolated(fetched);
}

/** Keeps a file. @throws where the server has none with the build's content */
async function keep(file: BuiltFile): Promise<void> {
  const fetched = await fetchChecked(file);
  if (!fetched) throw new Error(`The server has another ${file.path} than the build.`);
  await (await caches.open(cacheName)).put(addressOf(file.path), fetched);
}

/** A file from the server, past the browser's own cache, which may hold an older one; undefined where it is not the build's to the bit. */
async function fetchChecked(file: BuiltFile): Promise<Response | undefined> {
  const response = await fetch(addressOf(file.path), { cache: 'reload' });
  const isPage = response.headers.get('Content-Type')?.includes('text/html') ?? false;
  if (response.status !== 200 || isPage !== file.path.endsWith('.html')) return undefined;
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hex !== file.sha256) return undefined;
  // Of the answer's headers only the type says something about these bytes: they were unpacked.
  return new Response(bytes, { headers: { 'Content-Type': typeOf(file.path, response) } });
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript',
  mjs: 'text/javascript',
  css: 'text/css',
  json: 'application/json',
  wasm: 'application/wasm',
};

/** Browsers execute scripts and stylesheets by their type only, whatever the host calls them. */
function typeOf(path: string, response: Response): string {
  const known = types[path.slice(path.lastIndexOf('.') + 1)];
  return known ?? response.headers.get('Content-Type') ?? 'application/octet-stream';
}

/** Whether a version before this one kept a page in place of a script: then nothing opens until another version takes over. */
async function keptIsBroken(): Promise<boolean> {
  for (const name of await caches.keys()) {
    if (!name.startsWith(build.prefix) || name === cacheName) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (!/\.m?js$/.test(request.url)) continue;
      if ((await cache.match(request))?.headers.get('Content-Type')?.includes('text/html')) return true;
    }
  }
  return false;
}

/** Keeps the executable that a provider needs. */
async function keepRuntime(provider: 'webgpu' | 'wasm'): Promise<void> {
  const cache = await caches.open(cacheName);
  for (const file of build.large.filter(({ path }) => isRuntimeOf(provider, path))) {
    if (!(await cache.match(addressOf(file.path)))) await keep(file);
  }
}

/** The builds of onnxruntime-web, as `src/models/runtime/browser.ts` chooses among them. */
function isRuntimeOf(provider: 'webgpu' | 'wasm', path: string): boolean {
  const flavour = /\.(jspi|asyncify)-/.exec(path)?.[1];
  if (provider === 'wasm') return flavour === undefined;
  return flavour === ('Suspending' in WebAssembly ? 'jspi' : 'asyncify');
}

function isolated(response: Response): Response {
  // Of a redirect, or of an answer that may not be read, nothing can be changed.
  if (response.type === 'opaqueredirect' || response.type === 'opaque') return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(build.headers)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
