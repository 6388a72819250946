/** Lets a worker hear messages (cancel, above all) between two pieces of a long computation. */

/** Resolves in a later task of the event loop, without the 4 ms that nested timers are held back. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
