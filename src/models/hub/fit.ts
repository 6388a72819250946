/** Whether a checkpoint fits this device: its needs against what the browser tells about storage, memory and the GPU. */

import type { Precision } from '../types.ts';

/** What the browser tells; undefined where it does not. */
export interface DeviceFacts {
  /** Bytes this page may still store. */
  readonly storageBytes: number | undefined;
  /** Memory of the device, rounded by the browser and never above 8 GB. */
  readonly memoryBytes: number | undefined;
  /** Largest single buffer of the GPU; undefined without one. */
  readonly gpuBufferBytes: number | undefined;
  readonly adapter: string | undefined;
  /** Whether the GPU computes in float16. */
  readonly half: boolean;
}

/** What a checkpoint takes. */
export interface Needs {
  readonly storageBytes: number;
  /** While it is opened: the files, and the weights as the session wants them. */
  readonly memoryBytes: number;
  /** Weights on the GPU or in WASM's memory while it runs. */
  readonly weightBytes: number;
}

export interface Fit {
  readonly verdict: 'fits' | 'tight' | 'too large';
  /** Whole sentences; none where all is well. */
  readonly reasons: readonly string[];
}

/** Bytes a parameter takes in a session; blocks of 32 share a scale of four bytes. */
const bytesPerParameter: Readonly<Record<Precision, number>> = { f32: 4, f16: 2, int8: 1.125, int4: 0.625 };

/** Memory of a 32-bit WASM module. */
const WASM_LIMIT = 4 * 2 ** 30;
const REPORTED_AT_MOST = 8 * 2 ** 30;

export function needsOf(downloadBytes: number, parameters: number, precision: Precision): Needs {
  const weightBytes = parameters * bytesPerParameter[precision];
  const copies = precision === 'f32' ? weightBytes : weightBytes + downloadBytes;
  return { storageBytes: downloadBytes, memoryBytes: downloadBytes + copies, weightBytes };
}

export function judgeFit(needs: Needs, device: DeviceFacts): Fit {
  const reasons: string[] = [];
  let worst: Fit['verdict'] = 'fits';
  const note = (verdict: Fit['verdict'], reason: string): void => {
    reasons.push(reason);
    if (verdict === 'too large' || worst === 'fits') worst = verdict;
  };
  const { storageBytes, memoryBytes } = device;
  if (storageBytes !== undefined && needs.storageBytes > storageBytes) {
    note(
      'too large',
      `It needs ${gigabytes(needs.storageBytes)} of storage; ${gigabytes(storageBytes)} are left for this page.`,
    );
  }
  if (needs.weightBytes > WASM_LIMIT) {
    note(
      'too large',
      `Its weights take ${gigabytes(needs.weightBytes)}, more than a page can hold: choose int8 or int4.`,
    );
  }
  if (memoryBytes !== undefined && needs.memoryBytes > memoryBytes) {
    // The browser says 8 GB of any larger memory too.
    const sure = memoryBytes < REPORTED_AT_MOST;
    note(
      sure ? 'too large' : 'tight',
      `Opening it takes ${gigabytes(needs.memoryBytes)} of memory; this device has ${sure ? '' : 'at least '}${gigabytes(memoryBytes)}.`,
    );
  } else if (memoryBytes !== undefined && needs.memoryBytes > memoryBytes / 2) {
    note(
      'tight',
      `Opening it takes ${gigabytes(needs.memoryBytes)} of the device's ${gigabytes(memoryBytes)} of memory.`,
    );
  }
  return { verdict: worst, reasons };
}

function gigabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
