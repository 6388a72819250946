/** Lets a worker hear messages (cancel, above all) between two pieces of a long computation. */

/** Channels with a message on its way: one that nobody refers to may be collected, and its message with it. */
const underway = new Set<MessageChannel>();

/** Resolves in a later task of the event loop, without the 4 ms that nested timers are held back. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    underway.add(channel);
    channel.port1.onmessage = () => {
      channel.port1.close();
      underway.delete(channel);
      resolve();
    };
    channel.port2.postMessage(null);
  });
}

/** Called between two pieces of work; rejects with an AbortError once the work is cancelled. */
export type Pause = () => Promise<void>;

/** A pause that costs nothing unless the event loop was kept waiting for `patienceMs`. */
export function pauses(signal?: AbortSignal, patienceMs = 40): Pause {
  let lastMs = performance.now();
  return async () => {
    signal?.throwIfAborted();
    if (performance.now() - lastMs < patienceMs) return;
    await nextTask();
    lastMs = performance.now();
    signal?.throwIfAborted();
  };
}

/** Resolves after some time; rejects with the signal's reason as soon as it aborts. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
