/** Asks the browser what this device offers. */

import { askForAdapter } from '../runtime/adapter.ts';
import type { DeviceFacts } from './fit.ts';

export async function readDeviceFacts(): Promise<DeviceFacts> {
  const estimate = await navigator.storage?.estimate?.().catch(() => undefined);
  const found = await askForAdapter();
  const adapter = typeof found === 'string' ? undefined : found;
  const memory = 'deviceMemory' in navigator ? Number(navigator.deviceMemory) : Number.NaN;
  const { quota, usage } = estimate ?? {};
  return {
    storageBytes: quota === undefined ? undefined : quota - (usage ?? 0),
    memoryBytes: Number.isFinite(memory) ? memory * 2 ** 30 : undefined,
    gpuBufferBytes: adapter
      ? Math.min(adapter.limits.maxBufferSize, adapter.limits.maxStorageBufferBindingSize)
      : undefined,
    adapter: adapter ? [adapter.info.vendor, adapter.info.architecture].filter(Boolean).join(' ') : undefined,
    half: adapter?.features.has('shader-f16') ?? false,
  };
}
