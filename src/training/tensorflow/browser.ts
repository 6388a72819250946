/**
 * TensorFlow.js in a browser's worker: WebGPU where the device has it, else WASM on one thread (its threaded build breaks under
 * minifiers, and gains nothing here).
 */

import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { fail } from '../../core/errors.ts';
import { askForAdapter } from '../../models/runtime/adapter.ts';
import type { ProviderPreference } from '../../models/runtime/browser.ts';
import * as tf from './library.ts';

/** Chooses a back end; resolves to its name for people. @throws UserError `runtime/no-tensorflow` */
export async function openTensorflow(preference: ProviderPreference): Promise<string> {
  if (preference !== 'wasm' && (await hasGpu(preference))) {
    await import('@tensorflow/tfjs-backend-webgpu');
    if (await choose('webgpu')) return 'TensorFlow.js on WebGPU';
  }
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': threaded,
  });
  if (preference !== 'webgpu' && (await choose('wasm'))) return 'TensorFlow.js on WASM';
  return fail(
    'runtime/no-tensorflow',
    `TensorFlow.js cannot use ${preference === 'auto' ? 'WASM' : preference} here.`,
    {
      hint: 'Choose the training graph as the engine.',
    },
  );
}

/** An adapter emulated in software is used only on demand. */
async function hasGpu(preference: ProviderPreference): Promise<boolean> {
  const adapter = await askForAdapter();
  return typeof adapter !== 'string' && (preference === 'webgpu' || !adapter.info.isFallbackAdapter);
}

async function choose(backend: string): Promise<boolean> {
  try {
    if (!(await tf.setBackend(backend))) return false;
    await tf.ready();
    return true;
  } catch {
    return false;
  }
}
