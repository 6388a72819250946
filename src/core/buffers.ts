/** What of a value can be handed to another thread without a copy. */

/** Every buffer under the typed arrays of a plain value, each once, for a transfer list. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const visit = (each: unknown): void => {
    if (ArrayBuffer.isView(each)) {
      if (each.buffer instanceof ArrayBuffer) buffers.add(each.buffer);
    } else if (typeof each === 'object' && each !== null) {
      for (const inner of Object.values(each)) visit(inner);
    }
  };
  visit(value);
  return [...buffers];
}
