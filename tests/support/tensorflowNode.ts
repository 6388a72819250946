/** TensorFlow.js on WASM in node, for tests. */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '../../src/training/tensorflow/library.ts';

/** Chooses the WASM back end; resolves to its name for people. */
export async function openTensorflowInNode(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths(join(dirname(entry), 'dist/'));
  await tf.setBackend('wasm');
  await tf.ready();
  return 'TensorFlow.js on WASM';
}
