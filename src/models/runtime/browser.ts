/**
 * onnxruntime-web in a browser's worker: WebGPU where the device has it, else WASM with threads where the page is
 * isolated, else WASM. Each build is loaded only when it is the one in use.
 */

import { fail } from '../../core/errors.ts';
import type { BackendInfo, Provider } from '../types.ts';
import { askForAdapter } from './adapter.ts';
import type { OrtModule, Runtime } from './runtime.ts';

export type ProviderPreference = 'auto' | Provider;

/**
 * Opens the preferred back end, or says why it cannot (`auto` falls back to WASM and keeps the reason in the result).
 * @throws UserError `runtime/no-webgpu` when WebGPU is demanded and missing.
 */
export async function openBrowserRuntime(preference: ProviderPreference, strict = false): Promise<Runtime> {
  if (preference === 'wasm') return openWasm();
  const adapter = await findAdapter(preference);
  if (typeof adapter !== 'string') return openWebgpu(adapter, strict);
  if (preference === 'auto') return openWasm(adapter);
  return fail('runtime/no-webgpu', `WebGPU cannot be used: ${adapter}.`, {
    hint: 'Choose the automatic or the WASM back end; it is slower but gives the same results.',
  });
}

/** What a preference comes to on this device, without opening it. */
export async function providerFor(preference: ProviderPreference): Promise<Provider> {
  if (preference !== 'auto') return preference;
  return typeof (await findAdapter(preference)) === 'string' ? 'wasm' : 'webgpu';
}

/** A GPU adapter, or why there is none worth using; one emulated in software is used only on demand. */
async function findAdapter(preference: ProviderPreference): Promise<GPUAdapter | string> {
  const adapter = await askForAdapter();
  if (typeof adapter !== 'string' && preference === 'auto' && adapter.info.isFallbackAdapter) {
    return 'the only WebGPU adapter is emulated in software, which is slower than WASM';
  }
  return adapter;
}

async function openWebgpu(adapter: GPUAdapter, strict: boolean): Promise<Runtime> {
  const { vendor, architecture } = adapter.info;
  const backend: BackendInfo = {
    provider: 'webgpu',
    threads: 1,
    adapter: [vendor, architecture].filter(Boolean).join(' ') || 'unknown GPU',
  };
  // The JSPI build is 10 MB smaller, but needs a browser that can suspend WebAssembly.
  const ort = 'Suspending' in WebAssembly ? await loadJspi() : await loadAsyncify();
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const bufferBytes = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  return { ort, backend, strict, bufferBytes, half: adapter.features.has('shader-f16') };
}

async function openWasm(fallbackReason?: string): Promise<Runtime> {
  const [ort, wasm, mjs] = await Promise.all([
    import('onnxruntime-web/wasm'),
    import('onnxruntime-web/ort-wasm-simd-threaded.wasm?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.mjs?url'),
  ]);
  const threads = self.crossOriginIsolated ? Math.max(1, Math.min(4, navigator.hardwareConcurrency)) : 1;
  configure(ort, wasm.default, mjs.default, threads);
  return { ort, backend: { provider: 'wasm', threads, ...(fallbackReason && { fallbackReason }) } };
}

async function loadJspi(): Promise<OrtModule> {
  const [ort, wasm, mjs] = await Promise.all([
    import('onnxruntime-web/jspi'),
    import('onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url'),
  ]);
  return configure(ort, wasm.default, mjs.default, 1);
}

async function loadAsyncify(): Promise<OrtModule> {
  const [ort, wasm, mjs] = await Promise.all([
    import('onnxruntime-web/webgpu'),
    import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url'),
  ]);
  return configure(ort, wasm.default, mjs.default, 1);
}

function configure(
  ort: OrtModule & {
    readonly env: { logLevel?: string | undefined; readonly wasm: { wasmPaths?: unknown; numThreads?: number } };
  },
  wasm: string,
  mjs: string,
  threads: number,
): OrtModule {
  ort.env.wasm.wasmPaths = { wasm, mjs };
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  return ort;
}
