/** The one way the page stops waiting: whatever is awaited goes on, but whoever waits is told at once. */

/** Settles as `promise` does, or rejects with an AbortError as soon as the signal aborts. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  promise.catch(() => {}); // After an abort nobody listens to it any more.
  signal.throwIfAborted();
  let listener = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    listener = () => reject(new DOMException('Cancelled.', 'AbortError'));
    signal.addEventListener('abort', listener, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', listener);
  }
}
