/** Arrays that several workers read in place: shared memory where the page is isolated, and what to do where it is not. */

/** Whether this thread may share memory with others. */
export function canShare(): boolean {
  return globalThis.crossOriginIsolated === true && typeof SharedArrayBuffer !== 'undefined';
}

/** The same numbers in shared memory, copied once; unchanged where they are there already, or where memory cannot be shared. */
export function toShared(values: Float64Array): Float64Array {
  if (!canShare() || isShared(values)) return values;
  const shared = new Float64Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}

export function isShared(values: Float64Array): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && values.buffer instanceof SharedArrayBuffer;
}

/**
 * A part to send to a worker, and the buffers to transfer with it: a view of shared memory, read in place; else a copy of just this part,
 * which is given away. (A view of memory that is not shared would be sent with everything around it.)
 */
export function partToSend(values: Float64Array, start: number, endExclusive: number) {
  if (isShared(values)) return { part: values.subarray(start, endExclusive), transfers: [] };
  const part = values.slice(start, endExclusive);
  return { part, transfers: [part.buffer] };
}
