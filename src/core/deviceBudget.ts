/** What this device can be asked to hold, as far as its browser tells: known before work begins that would take more. */

/** Of a small laptop or a phone, where the browser does not tell. */
const UNKNOWN_MEMORY_BYTES = 4 * 2 ** 30;

/**
 * Bytes of memory of the device. Browsers round it and never name more than 8 GB, or 32 GB, so that it cannot tell one device from another.
 */
export function memoryBytes(device: object = globalThis.navigator ?? {}): number {
  const gigabytes = 'deviceMemory' in device ? Number(device.deviceMemory) : Number.NaN;
  return gigabytes > 0 ? gigabytes * 2 ** 30 : UNKNOWN_MEMORY_BYTES;
}

/** Predictions of a run, all symbols together. */
export function predictionBudgetBytes(device?: object): number {
  return memoryBytes(device) / 2;
}

/** Files that are read whole, such as weights; a WebAssembly module cannot have more than 4 GB in any case. */
export function wholeFileBudgetBytes(device?: object): number {
  return Math.min(memoryBytes(device), 4 * 2 ** 30);
}
