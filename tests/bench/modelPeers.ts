/** What model benchmarks compare with, where it is installed (`npm run bench:peers`): official classes in PyTorch, onnxruntime-node. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Ort from 'onnxruntime-web';
import { peerModules, peerPython } from '../../scripts/benchPeers.ts';
import type { LoadedModel } from '../../src/models/checkpoint.ts';
import { writeSafetensors } from '../../src/models/checkpoints/safetensors.ts';
import type { OrtModule, Runtime } from '../../src/models/runtime/runtime.ts';

export interface PeerForecasts {
  /** [rows, horizon] */
  readonly forecasts: readonly number[];
  readonly seconds: number;
}

/** Contexts [rows, length] through the official class; a sentence where that cannot be. */
export function torchForecasts(
  model: LoadedModel,
  configJson: string,
  contexts: Float32Array,
  options: { readonly length: number; readonly threads: number; readonly repeats: number },
): PeerForecasts | string {
  return askTorch<PeerForecasts>('peer.py', model, configJson, (folder) => {
    writeFileSync(join(folder, 'contexts.bin'), new Uint8Array(contexts.buffer));
    return { contexts: join(folder, 'contexts.bin'), rows: contexts.length / options.length, ...options };
  });
}

/** Asks a script beside this file about a model. `request` writes what else it reads into its folder and says so. */
export function askTorch<Answer>(
  script: string,
  model: LoadedModel,
  configJson: string,
  request: (folder: string) => object,
): Answer | string {
  if (!existsSync(peerPython)) return 'PyTorch absent';
  const folder = mkdtempSync(join(tmpdir(), 'pml-peer-'));
  try {
    const tensors = [...model.table.tensors].map(
      ([name, { shape }]) => [name, shape, model.weights.values(name)] as const,
    );
    // The official class insists on a fraction.
    writeFileSync(join(folder, 'config.json'), configJson.replace(/"pad_val":(\d+)/, '"pad_val":$1.0'));
    writeFileSync(join(folder, 'model.safetensors'), writeSafetensors(tensors, { format: 'pt' }));
    const output = execFileSync(peerPython, [join(import.meta.dirname, script)], {
      input: JSON.stringify({ family: model.card.family, folder, ...request(folder) }),
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: 2 ** 28,
      env: { ...process.env, HF_HUB_OFFLINE: '1' },
    });
    return JSON.parse(output.toString().split('\n').at(-1)!) as Answer;
  } catch (caught) {
    const lines = caught instanceof Error && 'stderr' in caught ? String(caught.stderr).trim().split('\n') : [];
    return `no official class (${lines.at(-1) ?? 'it failed'})`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** onnxruntime-node as a runtime; undefined where it is not installed. It reads external data from files only. */
export function openNativeRuntime(threads: number): Runtime | undefined {
  if (!existsSync(join(peerModules, 'onnxruntime-node'))) return undefined;
  const native = createRequire(join(peerModules, 'index.js'))('onnxruntime-node') as OrtModule;
  const create = async (bytes: Uint8Array, given: Ort.InferenceSession.SessionOptions) => {
    const folder = mkdtempSync(join(tmpdir(), 'pml-native-'));
    try {
      writeFileSync(join(folder, 'model.onnx'), bytes);
      for (const part of given.externalData ?? []) {
        if (typeof part === 'object' && part.data instanceof Uint8Array)
          writeFileSync(join(folder, part.path), part.data);
      }
      const options = {
        graphOptimizationLevel: 'all',
        intraOpNumThreads: threads,
        executionProviders: ['cpu'],
      } as const;
      return await native.InferenceSession.create(join(folder, 'model.onnx'), options);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  // Only `create` with bytes is ever called.
  const ort = { Tensor: native.Tensor, InferenceSession: { create } } as unknown as OrtModule;
  return { ort, backend: { provider: 'wasm', threads } };
}
