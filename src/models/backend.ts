/** Back ends in words. */

import type { BackendInfo } from './types.ts';

/** "WebGPU (nvidia ampere)", "WASM with 4 threads" */
export function describeBackend(backend: BackendInfo): string {
  if (backend.provider === 'webgpu') return `WebGPU (${backend.adapter ?? 'unknown adapter'})`;
  return backend.threads === 1 ? 'WASM on one thread' : `WASM with ${backend.threads} threads`;
}
