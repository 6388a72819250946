/** Registers the service worker and tells how far it is: whether the page would open without a network, and whether a new version waits. */

import { createSignal } from 'solid-js';
import { type FromPage, PREFIX } from './protocol.ts';

export type OfflineState =
  /** Not built in, or not allowed by the browser. */
  | 'none'
  | 'preparing'
  | 'ready'
  /** A new version has been loaded and waits. */
  | 'update';

const [state, setState] = createSignal<OfflineState>('none');
let registration: ServiceWorkerRegistration | undefined;

export const offlineState = state;

/** Once, when the page starts; never throws, because the page works without. */
export async function prepareOffline(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  try {
    setState('preparing');
    follow(await serviceWorker.register('./sw.js'));
  } catch {
    setState('none');
  }
}

function follow(current: ServiceWorkerRegistration): void {
  registration = current;
  const look = (): void => {
    if (current.waiting && navigator.serviceWorker.controller) setState('update');
    else if (current.active) setState('ready');
  };
  const watch = (worker: ServiceWorker | null): void => worker?.addEventListener('statechange', look);
  watch(current.installing);
  current.addEventListener('updatefound', () => watch(current.installing));
  look();
}

/**
 * Opens the page as its server has it: the copy that is kept for opening it without a network is forgotten first. Runs, results, quotes and models
 * that are kept lie elsewhere and stay. (`index.html` does the same where no script of the page could be loaded.)
 */
export async function loadAnew(): Promise<void> {
  try {
    await (await navigator.serviceWorker?.getRegistration('./'))?.unregister();
    for (const name of await caches.keys()) if (name.startsWith(PREFIX)) await caches.delete(name);
  } finally {
    location.reload();
  }
}

/** Changes to the new version and opens the page again. */
export function takeUpdate(): void {
  const waiting = registration?.waiting;
  if (!waiting) return;
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.postMessage({ kind: 'take over' } satisfies FromPage);
}

/** Keeps what a provider needs to execute models without a network. */
export async function keepRuntime(provider: 'webgpu' | 'wasm'): Promise<void> {
  if (state() === 'none') return;
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage({ kind: 'keep', provider } satisfies FromPage);
}
