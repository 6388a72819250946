/** onnxruntime-web (WASM) in node, for scripts and tests. */

import * as ort from 'onnxruntime-web';
import type { Runtime } from './runtime.ts';

/** Opens the WASM back end; `threads` beyond 1 use worker threads. */
export function openNodeRuntime(threads = 1): Runtime {
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  return { ort, backend: { provider: 'wasm', threads } };
}
